import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import type { McpConnectionDraft, Integration, TestResult } from '../../../src/shared/contract/integrations.ts'
import { integration } from './integration-fixture.ts'
import { closeConsole, openConsole, type FakeCore } from './open-console.tsx'

afterEach(closeConsole)

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)
const valueOf = (label: string) => field(label).value

async function openAdd() {
  openConsole('/integrations/new', { integrations: [integration('notion')] })
  return await screen.findByLabelText<HTMLTextAreaElement>('Paste a server URL, a command, or a JSON config')
}

describe('typing into the first field of Add MCP server', () => {
  it('keeps every proposal in step with it', async () => {
    const first = await openAdd()
    await userEvent.type(first, 'npx -y @acme/weather-mcp')
    expect([valueOf('Name'), valueOf('Display name')]).toEqual(['weather', 'Weather'])
    expect([valueOf('Command'), valueOf('Arguments')]).toEqual(['npx', '-y\n@acme/weather-mcp'])
    await userEvent.clear(first)
    expect([valueOf('Name'), valueOf('Display name')]).toEqual(['', ''])
    await userEvent.type(first, 'https://api.example.com/mcp')
    expect([valueOf('Name'), valueOf('Display name')]).toEqual(['example', 'Example'])
    expect(valueOf('Server URL')).toBe('https://api.example.com/mcp')
  })

  it('never overwrites a field that was edited by hand, and still fills in the others', async () => {
    const first = await openAdd()
    await userEvent.type(first, 'node')
    await userEvent.clear(field('Name'))
    await userEvent.type(field('Name'), 'mine')
    await userEvent.type(field('Arguments'), '--quiet')
    await userEvent.type(first, ' weather.js')
    expect(valueOf('Name')).toBe('mine')
    expect(valueOf('Arguments')).toBe('--quiet')
    expect(valueOf('Display name')).toBe('Weather')
    expect(valueOf('Command')).toBe('node')
  })

  it('leaves transport and authentication as they were chosen', async () => {
    const first = await openAdd()
    await userEvent.click(screen.getByRole('radio', { name: 'API key' }))
    const key = screen.getByLabelText<HTMLInputElement>('API key', { selector: '[type=password]' })
    await userEvent.type(key, 'k1')
    await userEvent.type(first, 'https://api.example.com/mcp')
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'API key' }).checked).toBe(true)
    expect([key.value, valueOf('Server URL')]).toEqual(['k1', 'https://api.example.com/mcp'])
    await userEvent.click(screen.getByRole('radio', { name: 'stdio' }))
    await userEvent.type(first, '/v2')
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'stdio' }).checked).toBe(true)
  })

  it('shows no command while the beginning of a URL is typed', async () => {
    const first = await openAdd()
    for (const letter of 'https://') {
      await userEvent.type(first, letter)
      expect(screen.queryByLabelText('Command')).toBeNull()
    }
  })

  it('proposes a name again once it is emptied, and one that is free', async () => {
    const first = await openAdd()
    await userEvent.type(first, 'https://notion.com/')
    await userEvent.type(field('Name'), 'x')
    await userEvent.clear(field('Name'))
    await userEvent.type(first, 'mcp')
    expect(valueOf('Name')).toBe('notion-2')
  })
})

const chosenTransport = () =>
  ['SSE', 'HTTP', 'stdio'].find((name) => screen.getByRole<HTMLInputElement>('radio', { name }).checked)

it('starts with SSE, and proposes what the address or the command tells', async () => {
  const first = await openAdd()
  expect(chosenTransport()).toBe('SSE')
  await userEvent.type(first, 'https://api.example.com/')
  expect(chosenTransport()).toBe('SSE')
  await userEvent.type(first, 'mcp')
  expect(chosenTransport()).toBe('HTTP')
  await userEvent.clear(first)
  await userEvent.type(first, 'npx -y @acme/weather-mcp')
  expect(chosenTransport()).toBe('stdio')
  await userEvent.clear(first)
  expect(chosenTransport()).toBe('SSE')
})

describe('a test over the wrong transport', () => {
  const failed: TestResult = {
    ok: false,
    suggested_transport: 'http',
    suggested_auth: null,
    message: 'This looks like Streamable HTTP, not SSE.',
    error: { code: 'upstream_invalid', message: 'The server answered 405.', field: 'mcp.server_url' },
    steps: [{ step: 'negotiate', state: 'failed', message: 'The server answered 405.', duration_ms: 3 }],
    tool_count: 0,
    tool_names: [],
    protocol_version: null,
    server_info: null,
    duration_ms: 9,
  }
  const worked: TestResult = {
    ...failed,
    ok: true,
    suggested_transport: null,
    message: 'Connected. 2 tools found in 9 ms.',
    error: null,
    steps: [],
    tool_count: 2,
    tool_names: ['a', 'b'],
  }
  /** A test that ends at once, and what it was asked. */
  const testing = () => {
    const asked: unknown[] = []
    const test_draft = (draft: McpConnectionDraft) => {
      asked.push(draft.mcp.transport)
      const value = draft.mcp.transport === 'sse' ? failed : worked
      return Promise.resolve({ next: () => Promise.resolve({ done: true, value }) })
    }
    return { asked, operations: { integrations: { test_draft } } as unknown as FakeCore['operations'] & object }
  }

  it('says which one works, and one click uses it and tests again', async () => {
    const { asked, operations } = testing()
    openConsole('/integrations/new', { operations })
    await userEvent.type(await screen.findByLabelText('Server URL'), 'https://example.com/')
    await userEvent.click(screen.getByRole('button', { name: 'Test connection' }))
    const panel = screen.getByRole('region', { name: 'Connection test' })
    await within(panel).findByText('This looks like Streamable HTTP, not SSE.')
    // The server's own words stand at the step and under the field at fault.
    expect(screen.getAllByText('The server answered 405.')).toHaveLength(2)
    await userEvent.click(within(panel).getByRole('button', { name: 'Use HTTP instead' }))
    await within(panel).findByText('Connected. 2 tools found in 9 ms.')
    expect(asked).toEqual(['sse', 'http'])
    expect(chosenTransport()).toBe('HTTP')
    expect(screen.queryByText('The server answered 405.')).toBeNull()
    expect(document.activeElement).toBe(panel)
  })

  it('of a stored connection: it is replaced, and tested again', async () => {
    const { asked, operations } = testing()
    const stored = integration('old', {
      mcp: {
        transport: 'sse',
        server_url: 'https://example.com/',
        headers: { 'X-A': '1' },
        era: 'legacy',
        isolation: 'shared',
      },
    })
    const updated: unknown[] = []
    const update = (changes: { mcp: Integration['mcp'] }) => {
      updated.push(changes)
      return Promise.resolve({ ...stored, mcp: changes.mcp })
    }
    openConsole('/integrations/old/overview', {
      integrations: [stored],
      operations: { integrations: { ...operations.integrations, update } } as unknown as FakeCore['operations'] &
        object,
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Test connection' }))
    const dialog = await screen.findByRole('dialog', { name: /^Test / })
    await userEvent.click(await within(dialog).findByRole('button', { name: 'Use HTTP instead' }))
    await within(dialog).findByText('Connected. 2 tools found in 9 ms.')
    expect(updated).toEqual([
      {
        name: 'old',
        mcp: {
          transport: 'http',
          server_url: 'https://example.com/',
          headers: { 'X-A': '1' },
          era: 'auto',
          isolation: 'shared',
        },
      },
    ])
    expect(asked).toEqual(['sse', 'http'])
  })
})

it('takes the name from the address that was entered by hand', async () => {
  await openAdd()
  await userEvent.type(field('Server URL'), 'https://api.example.com/mcp')
  await userEvent.tab()
  expect([valueOf('Name'), valueOf('Display name')]).toEqual(['example', 'Example'])
})
