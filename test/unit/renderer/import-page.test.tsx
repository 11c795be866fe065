import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FoundServer } from '../../../src/shared/contract/clients.ts'
import type { ApplyPlan, PlanItem } from '../../../src/shared/contract/transfer.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

const server = (name: string, changes: Partial<FoundServer> = {}): FoundServer => ({
  client: 'cursor',
  server: name,
  name: name.toLowerCase(),
  transport: 'stdio',
  target: `npx ${name}`,
  secret_count: 0,
  known: false,
  problem: null,
  ...changes,
})
const found = [
  server('GitHub', { secret_count: 2 }),
  server('notes', { known: true }),
  server('broken', { problem: 'It has neither a command nor a URL.' }),
  server('docs', { client: 'zed' }),
]
const lists = (servers = found) => ({
  servers: () => Promise.resolve({ items: servers, next_cursor: null }),
  list: () => Promise.resolve({ items: [], next_cursor: null }),
})
const box = (name: string) => screen.findByRole('checkbox', { name: `Import ${name}` })
const checked = () =>
  screen.getAllByRole('checkbox', { name: /^Import / }).map((input) => (input as HTMLInputElement).checked)

describe('servers found in clients', () => {
  it('are chosen where they are new, and say what is known or wrong', async () => {
    openConsole('/integrations/import', { operations: { clients: lists() } })
    await box('GitHub')
    expect(checked()).toEqual([true, false, false, true])
    expect(await box('broken')).toHaveProperty('disabled', true)
    screen.getByText('It has neither a command nor a URL.')
    screen.getByText(/already an integration/)
    screen.getByText(/2 secrets to the vault/)
    screen.getByText('4 servers found, 2 chosen')

    await userEvent.click(screen.getByRole('button', { name: 'Choose none' }))
    expect(checked()).toEqual([false, false, false, false])
    await userEvent.click(screen.getByRole('button', { name: 'Choose all' }))
    expect(checked()).toEqual([true, false, false, true])
    await userEvent.click(await box('notes'))
    await userEvent.click(await box('GitHub'))
    expect(checked()).toEqual([false, true, false, true])
  })

  it('are imported with what became of each beside it', async () => {
    const import_servers = vi.fn((_wanted: unknown) =>
      Promise.resolve({
        items: [
          { client: 'cursor', server: 'GitHub', name: 'github', problem: null },
          { client: 'zed', server: 'docs', name: null, problem: 'The vault is locked.' },
        ],
        next_cursor: null,
      }),
    )
    openConsole('/integrations/import', {
      operations: { clients: { ...lists(), import_servers: import_servers as never } },
    })
    await userEvent.click(await screen.findByLabelText("Remove from the client's config (a backup is kept)"))
    await userEvent.click(screen.getByRole('button', { name: /^Import 2 servers/ }))
    expect((await screen.findByRole('link', { name: 'github' })).getAttribute('href')).toContain(
      '/integrations/github/',
    )
    screen.getByText('The vault is locked.')
    expect(import_servers.mock.lastCall?.[0]).toEqual({
      servers: [
        { client: 'cursor', server: 'GitHub' },
        { client: 'zed', server: 'docs' },
      ],
      remove_from_clients: true,
    })
    // What is in cannot be imported twice; what failed can be tried again.
    expect(await box('GitHub')).toHaveProperty('disabled', true)
    await screen.findByRole('button', { name: /^Import 1 server/ })
  })

  it('say so when there are none, and look again', async () => {
    let servers: FoundServer[] = []
    openConsole('/integrations/import', {
      operations: { clients: { ...lists(), servers: () => Promise.resolve({ items: servers, next_cursor: null }) } },
    })
    await screen.findByText(/^No MCP servers were found/)
    servers = found
    await userEvent.click(screen.getByRole('button', { name: 'Look again' }))
    await box('GitHub')
  })

  it('are not imported on a plan without custom integrations', async () => {
    openConsole('/integrations/import', {
      workspaces: [{ name: 'default', plan: 'free', created_at: '2026-11-24T10:00:00.000Z' }],
      operations: { clients: lists() },
    })
    const button = await screen.findByRole('button', { name: /^Import 2 servers/ })
    expect(button.getAttribute('aria-disabled')).toBe('true')
    expect(button.title).toBe('Custom integrations need the Enterprise plan')
    await userEvent.click(screen.getByRole('link', { name: 'See plan' }))
    await waitFor(() => expect(window.location.hash).toBe('#/settings/plan'))
  })
})

const item = (name: string, action: PlanItem['action'], changes: Partial<PlanItem> = {}): PlanItem => ({
  kind: 'integration',
  name,
  action,
  fields: [],
  missing_secrets: [],
  problem: null,
  ...changes,
})

describe('a document', () => {
  const open = (plans: { plan: ApplyPlan | Error; apply?: ApplyPlan }) => {
    const plan = vi.fn(() => (plans.plan instanceof Error ? Promise.reject(plans.plan) : Promise.resolve(plans.plan)))
    const apply = vi.fn(() => Promise.resolve(plans.apply ?? { items: [] }))
    openConsole('/integrations/import?from=document', { operations: { transfer: { plan, apply } } })
    return { plan, apply }
  }
  const field = () => screen.findByRole('textbox', { name: /^An export of Gatehouse/ })

  it('is applied only after its plan was shown, and names the secrets that are still to be given', async () => {
    const items = [
      item('github', 'create', { missing_secrets: ['api_token'] }),
      item('notes', 'update', { fields: ['mcp.server_url'] }),
    ]
    const { plan, apply } = open({ plan: { items }, apply: { items } })
    await userEvent.type(await field(), 'gatehouse: 1')
    expect(screen.queryByRole('button', { name: /^Apply/ })).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: /^Show plan/ }))
    const shown = await screen.findByRole('region', { name: 'What it would change' })
    within(shown).getByText('mcp.server_url')
    within(shown).getByText('api_token')
    expect(plan).toHaveBeenCalledWith({ document: 'gatehouse: 1' })
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    const done = await screen.findByRole('region', { name: 'Applied' })
    expect(apply).toHaveBeenCalledWith({ document: 'gatehouse: 1' })
    expect(within(done).getByRole('link', { name: 'Give it' }).getAttribute('href')).toContain(
      '/integrations/github/connection',
    )
  })

  it('whose text changes needs a new plan', async () => {
    open({ plan: { items: [item('github', 'create')] } })
    await userEvent.type(await field(), 'a')
    await userEvent.click(screen.getByRole('button', { name: /^Show plan/ }))
    await screen.findByRole('button', { name: /^Apply/ })
    await userEvent.type(await field(), 'b')
    expect(screen.queryByRole('button', { name: /^Apply/ })).toBeNull()
  })

  it('with something invalid in it is not applied', async () => {
    const { apply } = open({
      plan: { items: [item('github', 'create'), item('bad', 'invalid', { problem: 'Enter a command.' })] },
    })
    await userEvent.type(await field(), 'a')
    await userEvent.click(screen.getByRole('button', { name: /^Show plan/ }))
    await screen.findByText('Enter a command.')
    const button = screen.getByRole('button', { name: /^Apply/ })
    expect(button.title).toBe('Mend what is invalid first')
    await userEvent.click(button)
    expect(apply).not.toHaveBeenCalled()
  })

  it('that cannot be read says where, and is read from a file as well', async () => {
    open({ plan: new ORPCError('invalid_input', { message: 'Line 2, column 3: a value is missing.' }) })
    await field()
    await userEvent.upload(screen.getByLabelText('Document file'), new File(['gatehouse:\n  :'], 'export.yaml'))
    await waitFor(async () => expect(await field()).toHaveProperty('value', 'gatehouse:\n  :'))
    await userEvent.click(screen.getByRole('button', { name: /^Show plan/ }))
    await screen.findByText('Line 2, column 3: a value is missing.')
  })
})
