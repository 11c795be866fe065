import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Agent } from '../../../../src/shared/contract/agents.ts'
import type { Profile } from '../../../../src/shared/contract/profiles.ts'
import type { ToolSummary } from '../../../../src/shared/contract/tools.ts'
import { integration } from '../integration-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { tool } from './tool-fixture.ts'

afterEach(closeConsole)

const created_at = '2026-11-24T10:00:00.000Z'
const readers: Profile = {
  id: 'p',
  name: 'Readers',
  integrations: null,
  enabled_tools: ['*__get_*'],
  disabled_tools: [],
  created_at,
}
const cursor: Agent = {
  id: 'a',
  name: 'cursor',
  profile_id: 'p',
  discovery_mode: 'lazy',
  created_at,
  last_seen_at: null,
}
const integrations = [
  integration('github', { display_name: 'GitHub', disabled_tools: ['delete_*'] }),
  integration('notes', { status: 'disabled' }),
]
const all = [
  tool('github__get_issue', { tokens: 250, annotations: { readOnlyHint: true } }),
  tool('github__create_issue'),
  tool('github__delete_repo', { state: 'in_disabled_tools', annotations: { destructiveHint: true } }),
  tool('notes__add', { state: 'integration_disabled' }),
]
const asCursor = all.map((each): ToolSummary =>
  each.name === 'create_issue' ? { ...each, state: 'not_in_profile' } : each,
)

function openPage(path = '/tools', operations: Parameters<typeof openConsole>[1] = {}) {
  const list = vi.fn(({ agent }: { agent?: string | undefined }) =>
    Promise.resolve({ items: agent === 'a' ? asCursor : all, next_cursor: null }),
  )
  const enable = vi.fn(({ name }: { name: string }) => Promise.resolve(integration(name)))
  const core = { integrations, agents: [cursor], profiles: [readers] }
  openConsole(path, { ...core, operations: { tools: { list }, integrations: { enable } }, ...operations })
  return { list, enable }
}
const row = async (name: string): Promise<HTMLElement> => {
  const found = (await screen.findByText(name)).closest<HTMLElement>('[role=row]')
  return found ?? expect.unreachable(`${name} stands in no row`)
}

describe('the Tools page', () => {
  it('shows every tool with why agents see it or not, and what they cost', async () => {
    const { list } = openPage()
    within(await row('github__get_issue')).getByTitle('by default')
    expect(list.mock.lastCall?.[0]).toEqual({ hidden: true })
    screen.getByText('Agents see 2 of 4')
    screen.getByText(/about 350 tokens in an agent’s context/)
    within(await row('github__delete_repo')).getByTitle('blocked by delete_*')
    within(await row('notes__add')).getByTitle('notes is disabled')
    expect(screen.getAllByRole('rowheader').map(({ textContent }) => textContent)).toEqual([
      'GitHubgithub2 of 3 tools, about 350 tokens',
      'notes0 of 1 tool, about 0 tokens',
    ])
  })

  it('leads to the tools that wait for an approval, those included that agents already get', async () => {
    openPage('/tools', { integrations: [...integrations, integration('files', { unapproved_tools: 2 })] })
    const link = await screen.findByRole('link', { name: 'files 2' })
    expect(link.getAttribute('href')).toBe('/#/integrations/files/tools?shown=unapproved')
    expect(screen.queryByRole('link', { name: /^GitHub/ })).toBeNull()
  })

  it('leads to what hides a tool', async () => {
    const { enable } = openPage()
    await userEvent.click(within(await row('notes__add')).getByRole('button', { name: 'Enable' }))
    expect(enable.mock.lastCall?.[0]).toEqual({ name: 'notes' })
    await userEvent.click(within(await row('github__delete_repo')).getByRole('button', { name: 'Edit filter' }))
    await waitFor(() => expect(window.location.hash).toBe('#/integrations/github/tools?q=delete_repo'))
  })

  it('sees them as an agent does', async () => {
    const { list } = openPage()
    await row('github__get_issue')
    await userEvent.click(screen.getByRole('combobox', { name: 'Agent' }))
    await userEvent.click(await screen.findByRole('option', { name: 'cursor' }))
    await screen.findByText('cursor sees 1 of 4')
    expect(list.mock.lastCall?.[0]).toEqual({ hidden: true, agent: 'a' })
    expect(window.location.hash).toBe('#/tools?agent=a')
    const leftOut = await row('github__create_issue')
    within(leftOut).getByTitle('not in allow list of Readers')
    await userEvent.click(within(leftOut).getByRole('button', { name: 'Edit profile' }))
    await waitFor(() => expect(window.location.hash).toBe('#/agents?tab=profiles'))
  })

  it('narrows by words and by kind, and says how many that hides', async () => {
    openPage('/tools?q=issue')
    await screen.findByText(/2 hidden by filters/)
    expect(screen.queryByText('github__delete_repo')).toBeNull()
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search 4 tools' }), ' nothing')
    await screen.findByText('Nothing matches.')
    await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }))
    await row('github__delete_repo')
    await userEvent.click(screen.getByRole('combobox', { name: 'Shown' }))
    await userEvent.click(await screen.findByRole('option', { name: /Destructive/ }))
    await screen.findByText(/3 hidden by filters/)
    await row('github__delete_repo')
  })

  it('opens a tool, and from there the playground', async () => {
    openPage()
    await userEvent.click(within(await row('github__get_issue')).getByText('github__get_issue'))
    await userEvent.click(await screen.findByRole('button', { name: 'Open in Playground' }))
    await waitFor(() => expect(window.location.hash).toBe('#/playground?tool=github__get_issue'))
  })
})

describe('the preview', () => {
  it('is what tools/list holds', async () => {
    openPage('/tools', {
      operations: {
        tools: { list: () => Promise.resolve({ items: all, next_cursor: null }) },
        settings: { get: () => Promise.resolve({ discovery_mode: 'full' } as never) },
      },
    })
    await row('github__get_issue')
    await userEvent.click(screen.getByRole('button', { name: 'Preview' }))
    const dialog = await screen.findByRole('dialog', { name: 'tools/list of an agent without a profile' })
    await within(dialog).findByText("3 tools, about 350 tokens in an agent's context.")
    within(within(dialog).getByRole('row', { name: /github__get_issue/ })).getByText('250 tokens')
    within(dialog).getByText('discover_tools')
  })

  it('is short for an agent in lazy mode', async () => {
    openPage('/tools?agent=a')
    await screen.findByText('cursor sees 1 of 4')
    await userEvent.click(screen.getByRole('button', { name: 'Preview' }))
    const dialog = await screen.findByRole('dialog', { name: 'tools/list of cursor' })
    expect(
      within(dialog)
        .getAllByRole('row')
        .map(({ textContent }) => textContent),
    ).toEqual(["discover_toolsthe gateway's own", "call_toolthe gateway's own"])
  })
})

describe('a list that does not come', () => {
  it('says why and can be asked for again', async () => {
    const list = vi.fn(() => Promise.resolve({ items: all, next_cursor: null }))
    list.mockRejectedValueOnce(new ORPCError('internal', { message: 'The disk is full.' }))
    openPage('/tools', { operations: { tools: { list } } })
    await screen.findByText('The disk is full.')
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    await row('github__get_issue')
  })

  it('offers the way to the first tools', async () => {
    openPage('/tools', { operations: { tools: { list: () => Promise.resolve({ items: [], next_cursor: null }) } } })
    await screen.findByText('No tools yet. They come with the first integration that connects.')
    await userEvent.click(screen.getByRole('button', { name: 'Add MCP server' }))
    await waitFor(() => expect(window.location.hash).toBe('#/integrations/new'))
  })
})
