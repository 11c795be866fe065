import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ImportDiff } from '../../../../src/shared/contract/openapi.ts'
import { fieldDiff } from '../../../../src/renderer/features/openapi-import/field-diff.ts'
import { entriesOf, proposedChoice, toApply } from '../../../../src/renderer/features/openapi-import/reimport-rows.ts'
import { integration } from '../integration-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { previewTool } from './preview-fixture.ts'

// The screen is loaded when it is first shown.
afterEach(closeConsole)

const get = { tool: 'get_invoice', operation: 'GET /invoices/{id}' }

function diffOf(changes: Partial<ImportDiff> = {}): ImportDiff {
  return {
    source: { kind: 'url', url: 'https://billing.example.com/openapi.json', sha256: 'new', format: 'OpenAPI 3.1.0' },
    added: [],
    changed: [],
    removed: [],
    deprecated: [],
    available: [],
    unchanged: 3,
    profiles: [],
    calls: [],
    warnings: [],
    ...changes,
  }
}

const full = diffOf({
  added: [
    previewTool('GET /refunds', { name: 'list_refunds' }),
    previewTool('POST /refunds', { name: 'create_refund' }),
  ],
  changed: [
    {
      ...get,
      fields: [
        { path: 'parameters.limit.schema.maximum', before: '100', after: '50', kept: false },
        { path: 'description', before: '"Old text."', after: '"New text."', kept: true },
      ],
      after: previewTool('GET /invoices/{id}', { name: 'get_invoice' }),
    },
  ],
  removed: [{ tool: 'void_invoice', operation: 'DELETE /invoices/{id}' }],
  deprecated: [{ tool: 'list_old', operation: 'GET /old' }],
  profiles: [{ name: 'Finance', tools: ['get_invoice'] }],
  calls: [{ tool: 'get_invoice', count: 12, last_at: '2026-11-24T10:00:00.000Z' }],
})

describe('what is taken over unless somebody says otherwise', () => {
  it('is what changed and what is gone, and new operations that read where all had been chosen', () => {
    expect(toApply(entriesOf(full), proposedChoice(full))).toEqual({
      add: ['list_refunds'],
      change: ['get_invoice'],
      remove: ['void_invoice'],
    })
  })

  it('is nothing new where somebody had picked a few', () => {
    const picked = { ...full, available: [previewTool('GET /other')] }
    expect(toApply(entriesOf(picked), proposedChoice(picked)).add).toEqual([])
  })
})

it('compares a text as it reads, and tells what comes and goes', () => {
  expect(fieldDiff({ before: '"One.\\nTwo."', after: '"One.\\n2."' })).toContain('-Two.\n+2.')
  expect(fieldDiff({ before: null, after: '{"type":"string"}' })).toContain('+  "type": "string"')
  expect(fieldDiff({ before: '{"type":"string"}', after: null }).split('\n')).toEqual([
    '@@ @@',
    '-{',
    '-  "type": "string"',
    '-}',
  ])
})

const rest = (kind: 'url' | 'file') =>
  integration('billing', {
    protocol: 'rest',
    mcp: null,
    rest: {
      base_url: 'https://billing.example.com/v1',
      headers: {},
      timeout_s: 60,
      max_concurrency: 16,
      retries: 2,
      max_answer_kib: 256,
      credential_origins: [],
      source: {
        kind,
        ...(kind === 'url' ? { url: 'https://billing.example.com/openapi.json' } : { name: 'billing.json' }),
        sha256: 'old',
        format: 'OpenAPI 3.1.0',
        imported_at: '2026-11-03T10:00:00.000Z',
      },
    },
  })

function openReimport(kind: 'url' | 'file', diff: ImportDiff) {
  const check = vi.fn((_input: unknown) => Promise.resolve(diff))
  const apply = vi.fn((_input: unknown) => Promise.resolve())
  openConsole('/integrations/billing/openapi', {
    integrations: [rest(kind)],
    operations: { openapi: { check, apply } },
  })
  return { check, apply }
}

describe('a newer document', () => {
  it('at its address is fetched at once, and what is chosen is applied', async () => {
    const { check, apply } = openReimport('url', full)
    const list = await screen.findByRole('treegrid', { name: 'Changes of the document' })
    expect(check.mock.calls[0]?.[0]).toEqual({ name: 'billing' })
    screen.getByText('2 new, 1 changed, 1 removed, 1 deprecated; 3 unchanged.')
    screen.getByText(/hits the profile Finance and tools that were called 12 times in the last 7 days/)
    await userEvent.click(within(list).getByText('get_invoice'))
    screen.getByRole('region', { name: 'parameters.limit.schema.maximum of get_invoice' })
    screen.getByText('kept: you edited it by hand')
    await userEvent.click(screen.getByRole('checkbox', { name: 'Remove void_invoice' }))
    await userEvent.click(screen.getByRole('button', { name: /^Apply: add 1, change 1/ }))
    await waitFor(() =>
      expect(apply.mock.calls).toEqual([
        [{ name: 'billing', sha256: 'new', add: ['list_refunds'], change: ['get_invoice'], remove: [] }],
      ]),
    )
  })

  it('that was a file is dropped or chosen, and says so when nothing is different', async () => {
    const same = diffOf({ source: { kind: 'file', name: 'billing.json', sha256: 'old', format: 'OpenAPI 3.1.0' } })
    const { check } = openReimport('file', same)
    await screen.findByText(/imported Nov 3, 2026/)
    expect(check).not.toHaveBeenCalled()
    const input = await screen.findByLabelText('OpenAPI file')
    fireEvent.change(input, { target: { files: [new File(['{}'], 'billing.json')] } })
    await screen.findByText('Nothing changed for its 3 tools.')
    expect(check.mock.calls[0]?.[0]).toEqual({ name: 'billing', spec: '{}' })
    expect(screen.getByRole('button', { name: /^Apply/ }).getAttribute('aria-disabled')).toBe('true')
  })

  it('is left only after a question once something was chosen', async () => {
    openReimport('url', full)
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Add create_refund' }))
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    await screen.findByRole('alertdialog', { name: 'Leave without applying?' })
  })
})
