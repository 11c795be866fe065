import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { NewRestIntegration } from '../../../../src/shared/contract/integrations.ts'
import type { Preview } from '../../../../src/renderer/features/openapi-import/use-preview.ts'
import { integration } from '../integration-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { previewOf, previewTool } from './preview-fixture.ts'

// The screen is loaded when it is first shown.
afterEach(closeConsole)

const SPEC = '{ "openapi": "3.1.0" }'
const invoices = [
  previewTool('GET /invoices', { tags: ['Invoices'], name: 'list_invoices' }),
  previewTool('GET /invoices/{id}', {
    tags: ['Invoices'],
    name: 'get_invoice',
    warnings: ['An example was left out.'],
  }),
  previewTool('DELETE /invoices/{id}', { tags: ['Invoices'], name: 'delete_invoice' }),
  previewTool('POST /payments', { tags: ['Payments'], name: 'create_payment', base_url: 'https://pay.example.com' }),
]

/** The wizard over a core that previews like this, and what it was asked. */
function openWizard(preview: Preview | (() => Promise<Preview>) = previewOf(invoices)) {
  const asked = vi.fn((_input: unknown, _options?: { signal?: AbortSignal }) =>
    typeof preview === 'function' ? preview() : Promise.resolve(preview),
  )
  const created = vi.fn((input: NewRestIntegration) => Promise.resolve(integration(input.name)))
  openConsole('/integrations/new/openapi', {
    integrations: [integration('billing')],
    operations: {
      openapi: { preview: asked },
      integrations: { create: created },
    } as never,
  })
  return { asked, created }
}

async function chooseFile(text = SPEC, name = 'billing.json'): Promise<void> {
  const input = await screen.findByLabelText<HTMLInputElement>('OpenAPI file')
  fireEvent.change(input, { target: { files: [new File([text], name)] } })
}

const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name })
const next = () => userEvent.click(screen.getByRole('button', { name: /^Next/ }))
const status = () => screen.getByText(/of 4 selected/).closest('p')?.textContent

async function openOperations() {
  const wizard = openWizard()
  await chooseFile()
  await screen.findByRole('treegrid', { name: 'Operations' })
  return wizard
}

describe('a document that is chosen', () => {
  it('is read at once, and what only reads is selected', async () => {
    const { asked } = await openOperations()
    expect(asked.mock.calls[0]?.[0]).toEqual({ spec: SPEC })
    expect(box('Select GET /invoices').checked).toBe(true)
    expect(box('Select DELETE /invoices/{id}').checked).toBe(false)
    expect(status()).toContain('2 of 4 selected, about 80 tokens')
    expect(status()).toContain('1 with warnings')
    expect(box('Select all of Invoices').indeterminate).toBe(true)
  })

  it('that is too large is not even read', async () => {
    const { asked } = openWizard()
    const file = new File([''], 'huge.json')
    Object.defineProperty(file, 'size', { value: 100 * 1024 * 1024 })
    fireEvent.change(await screen.findByLabelText('OpenAPI file'), { target: { files: [file] } })
    await screen.findByText(/^huge.json is 104.9 MB large. A document may have 32 MiB/)
    expect(asked).not.toHaveBeenCalled()
  })

  it('that is something else keeps its sentence in view, and another one can be chosen', async () => {
    openWizard(() => Promise.reject(new ORPCError('invalid_input', { message: 'This is a Postman collection.' })))
    await chooseFile()
    await screen.findByText('This is a Postman collection.')
    screen.getByRole('button', { name: 'Choose file' })
  })

  it('that is broken opens in the editor', async () => {
    const message = 'The JSON stops being readable at line 2, column 3.'
    openWizard(() => Promise.reject(new ORPCError('invalid_input', { message })))
    await chooseFile('{\n  oops')
    const editor = await screen.findByRole('region', { name: 'Text of the document' })
    within(editor).getByText(message)
    await userEvent.click(within(editor).getByRole('button', { name: 'Close editor' }))
    await screen.findByRole('button', { name: 'Choose file' })
  })

  it('can be given up while it is read', async () => {
    const { asked } = openWizard(() => new Promise(() => undefined))
    await chooseFile()
    await screen.findByText(/Reading billing.json/)
    const reading = screen.getByText(/Reading billing.json/).closest('p')
    await userEvent.click(within(reading as HTMLElement).getByRole('button', { name: 'Cancel' }))
    expect(asked.mock.calls[0]?.[1]?.signal?.aborted).toBe(true)
    await waitFor(() => expect(screen.queryByText(/Reading billing.json/)).toBeNull())
  })

  it('among several has to be named where more than one describes an API', async () => {
    const { asked } = openWizard()
    const files = [
      new File(['openapi: 3.1.0\ninfo: {}'], 'a.yaml'),
      new File(['swagger: "2.0"'], 'b.yaml'),
      new File(['type: object'], 'schema.yaml'),
    ]
    fireEvent.change(await screen.findByLabelText('OpenAPI file'), { target: { files } })
    const choice = await screen.findByRole('region', { name: 'Which document' })
    await userEvent.click(within(choice).getByRole('button', { name: /^b\.yaml/ }))
    await screen.findByRole('treegrid', { name: 'Operations' })
    expect(asked.mock.calls[0]?.[0]).toEqual({
      spec: 'swagger: "2.0"',
      files: { 'a.yaml': 'openapi: 3.1.0\ninfo: {}', 'b.yaml': 'swagger: "2.0"', 'schema.yaml': 'type: object' },
    })
  })
})

describe('choosing operations', () => {
  it('goes by row, by tag, by what is shown, and by what only reads', async () => {
    await openOperations()
    await userEvent.click(box('Select DELETE /invoices/{id}'))
    expect(status()).toContain('3 of 4 selected')
    await userEvent.click(box('Select all of Invoices'))
    expect(status()).toContain('0 of 4 selected')
    await userEvent.click(box('Select shown'))
    expect(status()).toContain('4 of 4 selected')
    await userEvent.click(screen.getByRole('button', { name: 'Reading only' }))
    expect(status()).toContain('2 of 4 selected')
    await userEvent.click(screen.getByRole('button', { name: 'Select none' }))
    expect(screen.getByRole('button', { name: /^Next/ }).getAttribute('aria-disabled')).toBe('true')
  })

  it('works by keys alone: arrows move and fold, Space selects, Enter opens', async () => {
    await openOperations()
    const tree = screen.getByRole('treegrid', { name: 'Operations' })
    const [first] = within(tree).getAllByRole('row')
    first?.focus()
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown} ')
    expect(box('Select DELETE /invoices/{id}').checked).toBe(true)
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}')
    await waitFor(() => expect(screen.queryByRole('checkbox', { name: 'Select GET /invoices' })).toBeNull())
    await userEvent.keyboard('{ArrowRight}{ArrowDown}{Enter}')
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('list_invoices')
  })

  it('shows a clash of names where it is, and goes on once it is mended', async () => {
    await openOperations()
    await userEvent.click(screen.getByText('list_invoices'))
    const name = screen.getByLabelText<HTMLInputElement>('Name')
    await userEvent.clear(name)
    await userEvent.type(name, 'get_invoice')
    screen.getAllByText('get_invoice is also the name of GET /invoices/{id}. Choose another name.')
    expect(status()).toContain('2 names to mend')
    expect(screen.getByRole('button', { name: /^Next/ }).getAttribute('aria-disabled')).toBe('true')
    await userEvent.type(name, 's')
    expect(status()).not.toContain('to mend')
    await next()
    await screen.findByLabelText('Base URL')
  })
})

describe('the last steps', () => {
  it('are filled in by the document, and store exactly what was chosen', async () => {
    const { created } = await openOperations()
    await userEvent.click(box('Select POST /payments'))
    await next()
    expect((await screen.findByLabelText<HTMLInputElement>('Base URL')).value).toBe('https://billing.example.com/v1')
    await userEvent.type(screen.getByLabelText('API token', { selector: '[type=password]' }), 'secret-token')
    await userEvent.click(
      screen.getByRole('checkbox', { name: /Send the credentials to https:\/\/pay.example.com too/ }),
    )
    await next()
    const name = await screen.findByLabelText<HTMLInputElement>('Name')
    expect(name.value).toBe('billing-2')
    screen.getByText(/3: 2 that read, 1 that write; about 120 tokens/)
    screen.getByText('An example was left out.')
    await userEvent.click(screen.getByRole('button', { name: /^Create integration/ }))
    await waitFor(() => expect(created).toHaveBeenCalled())
    const [sent] = created.mock.calls[0] ?? []
    expect(sent).toMatchObject({
      name: 'billing-2',
      display_name: 'Billing API',
      description: 'Invoices and payments.',
      protocol: 'rest',
      auth_type: 'bearer',
      credentials: { api_token: 'secret-token' },
      rest: {
        base_url: 'https://billing.example.com/v1',
        credential_origins: ['https://pay.example.com'],
        source: { kind: 'file', name: 'billing.json', document: SPEC },
      },
    })
    expect(sent?.rest.tools.map((tool) => [tool.name, Object.keys(tool).includes('tokens')])).toEqual([
      ['list_invoices', false],
      ['get_invoice', false],
      ['create_payment', false],
    ])
  })

  it('are left and come back to without a loss, and leaving asks', async () => {
    await openOperations()
    await userEvent.click(box('Select DELETE /invoices/{id}'))
    await next()
    await userEvent.clear(await screen.findByLabelText('Base URL'))
    await next()
    await screen.findByText(/Enter a full URL/)
    await userEvent.type(screen.getByLabelText('Base URL'), 'https://other.example')
    await userEvent.click(screen.getByRole('button', { name: 'Back' }))
    await screen.findByRole('treegrid', { name: 'Operations' })
    expect(status()).toContain('3 of 4 selected')
    await next()
    expect((await screen.findByLabelText<HTMLInputElement>('Base URL')).value).toBe('https://other.example')
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    await screen.findByRole('alertdialog', { name: 'Leave the import?' })
  })
})
