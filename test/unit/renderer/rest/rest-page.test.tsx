import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Integration } from '../../../../src/shared/contract/integrations.ts'
import { RestTool } from '../../../../src/shared/contract/rest.ts'
import { integration } from '../integration-fixture.ts'
import { closeConsole, openConsole, type FakeCore } from '../open-console.tsx'

afterEach(closeConsole)

/** The screens are loaded when they are first shown, which takes its time where much else runs. */
const patient = { timeout: 20_000 }
const slow = { timeout: 60_000 }
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)
const valueOf = (label: string) => field(label).value
type Operations = NonNullable<FakeCore['operations']>

const preview_tool = () => new Promise(() => undefined)
const tool = RestTool.parse({
  name: 'get_invoice',
  method: 'GET',
  path: '/invoices/{id}',
  parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
})

function restIntegration(name: string, tools: RestTool[] = [tool]): Integration {
  return integration(name, {
    protocol: 'rest',
    mcp: null,
    rest: {
      base_url: 'https://billing.example.com/v1',
      headers: { 'X-Team': 'core' },
      timeout_s: 60,
      max_concurrency: 16,
      retries: 2,
      max_answer_kib: 256,
      credential_origins: [],
      tools,
      source: null,
    },
    credentials: { api_token: '••••3456' },
  })
}

describe('Add REST API', () => {
  async function openAdd(create = vi.fn((_input: unknown) => Promise.resolve(restIntegration('billing')))) {
    const operations = { integrations: { create }, openapi: { preview_tool } } as unknown as Operations
    openConsole('/integrations/new/rest', { integrations: [integration('billing')], operations })
    await screen.findByLabelText('Base URL', undefined, patient)
    return create
  }

  it('takes the name from the address, until it is given another', slow, async () => {
    await openAdd()
    await userEvent.type(field('Base URL'), 'https://billing.corp.example.com/v1')
    expect([valueOf('Name'), valueOf('Display name')]).toEqual(['billing-2', 'Billing'])
    await userEvent.clear(field('Name'))
    await userEvent.type(field('Name'), 'mine')
    await userEvent.type(field('Base URL'), '/x')
    expect(valueOf('Name')).toBe('mine')
  })

  it('stores the address, the secrets and the tools that were written', slow, async () => {
    const create = await openAdd()
    await userEvent.type(field('Base URL'), 'https://api.acme.example/v1')
    await userEvent.click(screen.getByRole('radio', { name: 'API key' }))
    await userEvent.click(screen.getByRole('radio', { name: 'Query' }))
    await userEvent.type(field('Query parameter'), 'key')
    await userEvent.type(screen.getByLabelText('API key', { selector: '[type=password]' }), 'k-1')
    await userEvent.click(screen.getByRole('button', { name: 'Add tool' }))
    await userEvent.type(field('Path'), '/invoices/{{id}')
    expect(valueOf('Name')).toBe('get_invoices_by_id')
    await userEvent.click(screen.getByRole('button', { name: 'Add parameter' }))
    // It has the focus.
    await userEvent.keyboard('limit')
    await userEvent.selectOptions(field('Type of limit'), 'integer')
    await userEvent.type(field('Default of limit'), '5')
    await userEvent.keyboard('{Control>}s{/Control}')
    const tools = within(await screen.findByRole('region', { name: 'Tools' }))
    expect(tools.getByText('get_invoices_by_id')).toBeDefined()
    expect(document.activeElement).toBe(tools.getByRole('button', { name: 'Add tool' }))
    expect(valueOf('Query parameter')).toBe('key')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await waitFor(() => expect(create).toHaveBeenCalled(), patient)
    expect(create.mock.calls[0]?.[0]).toMatchObject({
      name: 'acme',
      protocol: 'rest',
      auth_type: 'api_key',
      auth: { header_name: 'key', in: 'query' },
      credentials: { api_key: 'k-1' },
      rest: {
        base_url: 'https://api.acme.example/v1',
        tools: [
          {
            name: 'get_invoices_by_id',
            method: 'GET',
            path: '/invoices/{id}',
            parameters: [
              { name: 'id', in: 'path', required: true },
              { name: 'limit', in: 'query', schema: { type: 'integer', default: 5 } },
            ],
          },
        ],
      },
    })
  })

  it('tells at the field what is wrong', slow, async () => {
    const create = await openAdd()
    await userEvent.type(field('Base URL'), 'billing?x=1')
    await userEvent.click(screen.getByRole('button', { name: /^Add and show tools/ }))
    await screen.findByText('Enter a full URL, for example https://api.example.com/v1.')
    expect(create).not.toHaveBeenCalled()
  })

  it('asks before a tool that is being written is left', slow, async () => {
    await openAdd()
    await userEvent.click(screen.getByRole('button', { name: 'Add tool' }))
    await userEvent.type(field('Path'), '/x')
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Stay' }))
    expect(valueOf('Path')).toBe('/x')
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Leave' }))
    await screen.findByLabelText('Base URL')
  })
})

describe('a tool of a stored API', () => {
  function openTool(path: string, stored = restIntegration('billing')) {
    const update = vi.fn((_changes: unknown) => Promise.resolve(stored))
    const try_tool = vi.fn((_draft: unknown) =>
      Promise.resolve({
        request: null,
        response: { status: 201, headers: [['x-a', '1']], duration_ms: 12, bytes: 2 },
        result: { content: [{ type: 'text', text: 'made' }] },
      }),
    )
    const get = vi.fn(() => Promise.resolve(stored))
    const operations = { integrations: { get, update }, openapi: { preview_tool, try_tool } } as unknown as Operations
    const { rest, ...listed } = stored
    const { tools: _tools, ...settings } = rest ?? { tools: [] }
    openConsole(path, { integrations: [{ ...listed, rest: settings as Integration['rest'] }], operations })
    return { get, update, try_tool }
  }

  it('is changed among the tools as they are by then', slow, async () => {
    const stored = restIntegration('billing')
    const { get, update } = openTool('/integrations/billing/tool?tool=get_invoice', stored)
    await userEvent.type(await screen.findByLabelText('Description', { selector: 'textarea' }, patient), 'One invoice')
    const other = RestTool.parse({ name: 'other', method: 'GET', path: '/other' })
    get.mockResolvedValue(restIntegration('billing', [other, tool]))
    await userEvent.click(screen.getByRole('button', { name: /^Save tool/ }))
    await waitFor(() => expect(update).toHaveBeenCalled(), patient)
    const { rest, ...changes } = update.mock.calls[0]?.[0] as { rest: Record<string, unknown> }
    expect(changes).toEqual({ name: 'billing' })
    expect(rest).toMatchObject({ base_url: 'https://billing.example.com/v1', headers: { 'X-Team': 'core' } })
    expect(rest.tools).toEqual([other, { ...tool, description: 'One invoice' }])
    expect(rest).not.toHaveProperty('source')
    await waitFor(() => expect(window.location.hash).toBe('#/integrations/billing/tools'), patient)
  })

  it('is not written over what somebody else made of it', slow, async () => {
    const { get, update } = openTool('/integrations/billing/tool?tool=get_invoice')
    await userEvent.type(await screen.findByLabelText('Description', { selector: 'textarea' }, patient), 'Mine')
    get.mockResolvedValue(restIntegration('billing', [{ ...tool, description: 'Theirs' }]))
    await userEvent.click(screen.getByRole('button', { name: /^Save tool/ }))
    await screen.findByText(/^Somebody else changed this tool meanwhile/)
    expect(update).not.toHaveBeenCalled()
  })

  it('is copied under a name of its own', slow, async () => {
    openTool('/integrations/billing/tool?copy=get_invoice')
    await screen.findByLabelText('Path', { exact: true }, patient)
    expect(valueOf('Name')).toBe('get_invoice_2')
    expect(screen.getByRole('button', { name: /^Add tool/ }).getAttribute('aria-disabled')).toBeNull()
  })

  it('is tried with example arguments, and only after a warning where it may change something', slow, async () => {
    const { try_tool } = openTool('/integrations/billing/tool?tool=get_invoice')
    await userEvent.selectOptions(await screen.findByLabelText('Method', undefined, patient), 'POST')
    await userEvent.click(screen.getByRole('button', { name: /^Try it/ }))
    const asked = await screen.findByRole('alertdialog', { name: 'Send this POST?' })
    expect(try_tool).not.toHaveBeenCalled()
    await userEvent.click(within(asked).getByRole('button', { name: 'Send POST' }))
    await screen.findByText('HTTP 201')
    expect(screen.getByText('made')).toBeDefined()
    expect(try_tool.mock.calls[0]?.[0]).toMatchObject({
      connection: { name: 'billing', protocol: 'rest', rest: { base_url: 'https://billing.example.com/v1' } },
      tool: { name: 'get_invoice', method: 'POST' },
      arguments: { id: 'text' },
    })
  })

  it('says what is missing before it can be saved', slow, async () => {
    const { update } = openTool('/integrations/billing/tool')
    await screen.findByLabelText('Path', { exact: true }, patient)
    expect(screen.queryByText(/^Enter a/)).toBeNull()
    await userEvent.keyboard('{Control>}s{/Control}')
    expect(screen.getByText('Enter a name.')).toBeDefined()
    expect(update).not.toHaveBeenCalled()
  })
})

describe('the connection of a stored API', () => {
  const open = (update = vi.fn((_changes: unknown) => Promise.resolve(restIntegration('billing')))) => {
    const operations = { integrations: { update } } as unknown as Operations
    openConsole('/integrations/billing/connection', { integrations: [restIntegration('billing')], operations })
    return update
  }

  it('keeps its secrets and its tools when it is saved', slow, async () => {
    const update = open()
    await userEvent.type(await screen.findByLabelText('Base URL', undefined, patient), '/new')
    await userEvent.click(screen.getByRole('button', { name: /^Save connection/ }))
    await waitFor(() => expect(update).toHaveBeenCalled(), patient)
    const changes = update.mock.calls[0]?.[0] as { rest: object }
    expect(changes).not.toHaveProperty('credentials')
    expect(changes.rest).toMatchObject({
      base_url: 'https://billing.example.com/v1/new',
      headers: { 'X-Team': 'core' },
    })
    expect(changes.rest).not.toHaveProperty('tools')
  })

  it('says that stored credentials would go to another origin', slow, async () => {
    open()
    const url = await screen.findByLabelText('Base URL', undefined, patient)
    await userEvent.clear(url)
    await userEvent.type(url, 'https://elsewhere.example.com')
    await screen.findByText(/^The stored credentials were entered for https:\/\/billing\.example\.com\. Once you save,/)
    await userEvent.click(screen.getByRole('button', { name: 'Enter again' }))
    expect(valueOf('API token')).toBe('')
  })
})
