import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { diffLines } from '../../../src/renderer/ui/diff-lines.ts'
import { toolsSeen } from '../../../src/renderer/features/agents/tools-seen.ts'
import type { Agent, AgentChanges, NewAgent } from '../../../src/shared/contract/agents.ts'
import type { McpClient } from '../../../src/shared/contract/clients.ts'
import type { NewProfile, Profile } from '../../../src/shared/contract/profiles.ts'
import type { ToolSummary } from '../../../src/shared/contract/tools.ts'
import { integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

const time = '2026-11-24T10:00:00.000Z'
const agent = (id: string, name: string, changes: Partial<Agent> = {}): Agent => ({
  id,
  name,
  profile_id: null,
  discovery_mode: null,
  created_at: time,
  last_seen_at: null,
  ...changes,
})
const profile = (id: string, name: string, changes: Partial<Profile> = {}): Profile => ({
  id,
  name,
  integrations: null,
  enabled_tools: [],
  disabled_tools: [],
  created_at: time,
  ...changes,
})
const tool = (gateway_name: string): ToolSummary => {
  const [integration = '', name = ''] = gateway_name.split('__')
  return {
    name,
    gateway_name,
    integration,
    title: null,
    description: '',
    tokens: 100,
    annotations: {},
    state: 'allowed',
    flags: [],
  }
}
const served = ['github__get_issue', 'github__delete_repo', 'notes__get_note'].map(tool)
const readers = profile('p', 'Readers', { enabled_tools: ['*__get_*'] })
const tools = { list: () => Promise.resolve({ items: served, next_cursor: null }) }

describe('what a profile shows', () => {
  it.each([
    [undefined, 3],
    [readers, 2],
    [profile('x', 'x', { integrations: ['github'] }), 2],
    [profile('x', 'x', { integrations: ['github'], disabled_tools: ['*delete*'] }), 1],
    [profile('x', 'x', { integrations: [] }), 0],
  ])('%#', (rules, count) => {
    expect(toolsSeen(served, rules)).toEqual({ count, tokens: count * 100 })
  })
})

describe('agents', () => {
  it('say their profile and how many tools they see', async () => {
    openConsole('/agents', {
      agents: [agent('1', 'cursor', { profile_id: 'p', discovery_mode: 'lazy' }), agent('2', 'codex')],
      profiles: [readers],
      operations: { tools },
    })
    await within(await screen.findByRole('row', { name: /cursor/ })).findByText('2 tools')
    screen.getByText('Readers · Lazy')
    within(screen.getByRole('row', { name: /codex/ })).getByText('3 tools')
    within(screen.getByRole('row', { name: /codex/ })).getByText('All tools')
  })

  it('are added with a profile and a mode, and their token is shown once', async () => {
    const create = vi.fn(({ name, ...rest }: NewAgent) =>
      Promise.resolve({ ...agent('3', name), ...rest, token: 'ghk_0123456789abcdef' }),
    )
    const { stores } = openConsole('/agents', {
      profiles: [readers],
      operations: { tools, agents: { create: create as never } },
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Add agent' }))
    const dialog = await screen.findByRole('dialog', { name: 'Add agent' })
    await within(dialog).findByText('It sees 3 tools now.')
    await userEvent.type(within(dialog).getByLabelText('Name'), 'nightly')
    await userEvent.click(within(dialog).getByRole('combobox', { name: 'Profile' }))
    await userEvent.click(await screen.findByRole('option', { name: 'Readers' }))
    within(dialog).getByText('It sees 2 tools now.')
    await userEvent.click(within(dialog).getByLabelText('Lazy'))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add agent' }))
    await screen.findByText('ghk_0123456789abcdef')
    expect(create.mock.lastCall?.[0]).toEqual({ name: 'nightly', profile_id: 'p', discovery_mode: 'lazy' })
    expect(JSON.stringify(stores.agents.getState().byId)).not.toContain('ghk_')
    await userEvent.click(screen.getByRole('button', { name: 'Done' }))
    await waitFor(() => expect(screen.queryByText('ghk_0123456789abcdef')).toBeNull())
  })

  it('get another profile by Enter on their row, and are revoked by the key of delete after a question', async () => {
    const update = vi.fn((changes: AgentChanges & { id: string }) =>
      Promise.resolve(agent('1', 'cursor', changes as Partial<Agent>)),
    )
    const remove = vi.fn(() => Promise.resolve())
    openConsole('/agents', {
      agents: [agent('1', 'cursor', { profile_id: 'p' })],
      profiles: [readers],
      operations: { tools, agents: { update: update, remove } },
    })
    const row = await screen.findByRole('row', { name: /cursor/ })
    row.focus()
    await userEvent.keyboard('{Enter}')
    const dialog = await screen.findByRole('dialog', { name: 'Edit cursor' })
    await userEvent.click(within(dialog).getByRole('combobox', { name: 'Profile' }))
    await userEvent.click(await screen.findByRole('option', { name: 'All tools' }))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(update.mock.lastCall?.[0]).toEqual({ id: '1', name: 'cursor', profile_id: null, discovery_mode: null })

    row.focus()
    await userEvent.keyboard('{Backspace}')
    expect(remove).not.toHaveBeenCalled()
    await userEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Revoke' }))
    await screen.findByText(/^No agents yet\./)
    expect(remove).toHaveBeenCalledWith({ id: '1' })
  })
})

describe('profiles', () => {
  it('are made of integrations and patterns, with the count that results while one types', async () => {
    const create = vi.fn((wanted: NewProfile) =>
      Promise.resolve(profile('n', wanted.name, { ...wanted, disabled_tools: wanted.disabled_tools ?? [] })),
    )
    openConsole('/agents?tab=profiles', {
      integrations: [integration('github'), integration('notes')],
      operations: { tools, profiles: { create: create as never } },
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Add profile' }))
    const dialog = await screen.findByRole('dialog', { name: 'Add profile' })
    await within(dialog).findByText('Shows 3 of 3 tools, about 300 tokens.')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add profile' }))
    within(dialog).getByText('Enter a name.')
    await userEvent.type(within(dialog).getByLabelText('Name'), 'GitHub readers')
    await userEvent.click(within(dialog).getByLabelText('Chosen'))
    within(dialog).getByText('Shows 0 of 3 tools, about 0 tokens.')
    await userEvent.click(within(dialog).getByLabelText(/^github/))
    within(dialog).getByText('Shows 2 of 3 tools, about 200 tokens.')
    await userEvent.type(within(dialog).getByLabelText('Block list'), '*delete*{Enter}')
    within(dialog).getByText('Shows 1 of 3 tools, about 100 tokens.')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add profile' }))
    await screen.findByRole('row', { name: /GitHub readers/ })
    expect(create.mock.lastCall?.[0]).toEqual({
      name: 'GitHub readers',
      integrations: ['github'],
      enabled_tools: [],
      disabled_tools: ['*delete*'],
    })
  })

  it('that agents use are not deleted, and the dialog names them', async () => {
    const remove = vi.fn(() => Promise.resolve())
    const { stores } = openConsole('/agents?tab=profiles', {
      agents: [agent('1', 'cursor', { profile_id: 'p' })],
      profiles: [readers],
      operations: { tools, profiles: { remove } },
    })
    const row = await screen.findByRole('row', { name: /Readers/ })
    await within(row).findByText('2 of 3 tools')
    row.focus()
    await userEvent.keyboard('{Backspace}')
    await screen.findByText(/^Give cursor another profile first/)
    await userEvent.click(screen.getByRole('button', { name: 'Close' }))
    stores.agents.getState().remove('1')
    await screen.findByText('Not used')
    row.focus()
    await userEvent.keyboard('{Backspace}')
    await userEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Delete' }))
    await screen.findByText(/^No profiles yet\./)
    expect(remove).toHaveBeenCalledWith({ id: 'p' })
  })
})

const found = (id: McpClient['id'], name: string, changes: Partial<McpClient> = {}): McpClient => ({
  id,
  name,
  config_path: `/home/me/.${id}.json`,
  state: 'ready',
  problem: null,
  gateway: 'none',
  agent: null,
  server_count: 0,
  backup_path: null,
  ...changes,
})
const diff =
  '--- a\n+++ b\n@@ -1,3 +1,4 @@\n {\n-  "a": 1\n+  "a": 1,\n+  "gatehouse": {}\n }\n\\ No newline at end of file\n'

describe('a diff', () => {
  it('is read line by line without the names of its files', () => {
    expect(diffLines(diff).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'place @@ -1,3 +1,4 @@',
      'same {',
      'removed   "a": 1',
      'added   "a": 1,',
      'added   "gatehouse": {}',
      'same }',
    ])
    expect(diffLines('')).toEqual([])
  })
})

describe('connect', () => {
  const clients = [
    found('claude-code', 'Claude Code', { server_count: 3 }),
    found('cursor', 'Cursor', { gateway: 'connected', agent: 'cursor', backup_path: '/b' }),
    found('vscode', 'VS Code', { state: 'unreadable', problem: 'It is not valid JSON: line 3.' }),
    found('zed', 'Zed', { state: 'absent' }),
  ]
  const list = () => Promise.resolve({ items: clients, next_cursor: null })
  const row = (name: string) =>
    screen.findByText(name, { selector: 'span' }).then((label) => label.closest('li') as HTMLElement)

  it('says how each client stands, and offers what can be done', async () => {
    openConsole('/agents?tab=connect', { operations: { clients: { list } } })
    within(await row('Claude Code')).getByText('Not connected')
    within(await row('Claude Code')).getByText(/3 other MCP servers/)
    within(await row('Cursor')).getByText('Connected as cursor')
    within(await row('VS Code')).getByText('It is not valid JSON: line 3.')
    within(await row('Zed')).getByText('Not installed')
    expect(screen.getAllByRole('button', { name: /^Write config of/ })).toHaveLength(1)
    expect(screen.getAllByRole('button', { name: /^(Disconnect|Restore backup of) Cursor$/ })).toHaveLength(2)
  })

  it('shows the change in signs and words before it writes exactly that', async () => {
    const connect = vi.fn(() =>
      Promise.resolve(found('claude-code', 'Claude Code', { gateway: 'connected', agent: 'claude-code' })),
    )
    const preview = () => Promise.resolve({ config_path: '/x', diff, revision: 'r1' })
    openConsole('/agents?tab=connect', { operations: { clients: { list, preview, connect } } })
    await userEvent.click(await screen.findByRole('button', { name: 'Write config of Claude Code' }))
    const region = await screen.findByRole('region', { name: 'Changes to the configuration of Claude Code' })
    expect(region.textContent).toContain('+Added:   "gatehouse": {}')
    expect(region.textContent).toContain('-Removed:   "a": 1')
    await userEvent.click(screen.getByRole('button', { name: 'Write config' }))
    await screen.findByText('Connected as claude-code')
    expect(connect).toHaveBeenCalledWith({ id: 'claude-code', revision: 'r1' })
  })

  it('shows the change again when the file became another meanwhile', async () => {
    let revision = 0
    const preview = vi.fn(() => Promise.resolve({ config_path: '/x', diff, revision: `r${(revision += 1)}` }))
    const refused = new ORPCError('in_use', { message: 'The file changed since it was read.' })
    const connect = vi.fn(() => Promise.reject(refused))
    openConsole('/agents?tab=connect', { operations: { clients: { list, preview, connect } } })
    await userEvent.click(await screen.findByRole('button', { name: 'Write config of Claude Code' }))
    await screen.findByRole('region', { name: /^Changes/ })
    await userEvent.click(screen.getByRole('button', { name: 'Write config' }))
    await screen.findByText('The file changed since it was read.')
    await userEvent.click(screen.getByRole('button', { name: 'Show the change again' }))
    await screen.findByRole('button', { name: 'Write config' })
    expect(preview).toHaveBeenCalledTimes(2)
  })

  it('takes the gateway out, and puts a backup back', async () => {
    const disconnect = vi.fn(() => Promise.resolve(found('cursor', 'Cursor', { backup_path: '/b' })))
    const restore = vi.fn(() => Promise.reject(new ORPCError('not_found', { message: 'The backup is gone.' })))
    openConsole('/agents?tab=connect', { operations: { clients: { list, disconnect, restore } } })
    await userEvent.click(await screen.findByRole('button', { name: 'Disconnect Cursor' }))
    await within(await row('Cursor')).findByText('Not connected')
    expect(disconnect).toHaveBeenCalledWith({ id: 'cursor' })
    await userEvent.click(screen.getByRole('button', { name: 'Restore backup of Cursor' }))
    await screen.findByText('The backup is gone.')
  })
})
