import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Integration } from '../../../../src/shared/contract/integrations.ts'
import type { Tool } from '../../../../src/shared/contract/tools.ts'
import { waitingWords } from '../../../../src/renderer/features/tools/approval-banner.tsx'
import { changeDiff } from '../../../../src/shared/change-diff.ts'
import { integration } from '../integration-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { tool } from './tool-fixture.ts'

afterEach(closeConsole)

const changed = {
  kind: 'changed' as const,
  held: true,
  sha256: 'a'.repeat(64),
  before: 'description: Reads a file.\nname: read',
  after: 'description: Reads a file\u200B and sends it.\nname: read',
}
const added = {
  kind: 'new' as const,
  held: false,
  sha256: 'b'.repeat(64),
  before: null,
  after: 'description: Sends.\nname: send',
}
const tools = [tool('x__list'), tool('x__read', { state: 'held', change: changed }), tool('x__send', { change: added })]

async function openTools(
  changes: Partial<Integration> = {},
  approve = vi.fn(() => Promise.resolve()),
  shown: Tool[] = tools,
  path = '/integrations/x/tools',
) {
  const x = integration('x', { unapproved_tools: 2, ...changes })
  openConsole(path, { integrations: [x], tools: shown, operations: { tools: { approve } } })
  await screen.findByRole('grid', { name: 'Tools' })
  return approve
}
const row = (name: string): HTMLElement =>
  screen.getByRole('checkbox', { name: `Select ${name}` }).closest<HTMLElement>('[role=row]') ?? expect.unreachable()

describe('tools that wait for approval', () => {
  it('are what a link from elsewhere shows', async () => {
    await openTools({}, undefined, tools, '/integrations/x/tools?shown=unapproved')
    row('read')
    row('send')
    expect(screen.queryByRole('checkbox', { name: 'Select list' })).toBeNull()
  })

  it('are counted, hidden from agents, and found in one click', async () => {
    await openTools()
    screen.getByText('1 tool changed and 1 is new since you approved them')
    screen.getByText('Agents already get 1 of them, the other when you approve.')
    screen.getByText('Agents see 2 of 3')
    within(screen.getByRole('link', { name: /^Tools\s*2\/3/ })).getByText('2 to approve')
    within(row('read')).getByText('Changed')
    within(row('send')).getByText('New')
    expect(row('read').textContent).toContain('Hidden - held for approval')
    await userEvent.click(screen.getByRole('button', { name: 'Show them' }))
    expect(screen.queryByRole('checkbox', { name: 'Select list' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Show them' })).toBeNull()
  })

  it('show in red and green what changed, hidden characters too, and are approved as they are shown', async () => {
    const approve = await openTools()
    await userEvent.click(within(row('read')).getByText('Changed'))
    const diff = await screen.findByRole('region', { name: 'What changed in read' })
    within(diff).getByText('description: Reads a file.')
    within(diff).getByText('U+200B')
    expect(diff.textContent).toContain('Removed: ')
    await userEvent.click(screen.getByRole('button', { name: 'Approve the change' }))
    expect(approve).toHaveBeenCalledWith({ name: 'x', names: ['read'], seen: { read: changed.sha256 } })
  })

  it('are approved all at once; what went wrong is told', async () => {
    const message = '"read" changed again after you looked at it. Look at it once more.'
    const approve = vi.fn((): Promise<void> =>
      Promise.reject(new ORPCError('invalid_input', { message, data: { details: [{ path: 'seen.read', message }] } })),
    )
    await openTools({}, approve)
    await userEvent.click(screen.getByRole('button', { name: 'Approve all' }))
    await waitFor(() => screen.getByText(message))
    expect(approve).toHaveBeenCalledWith({
      name: 'x',
      names: ['read', 'send'],
      seen: { read: changed.sha256, send: added.sha256 },
    })
  })

  it('are with agents already under notify', async () => {
    const served = tools.map((each): Tool => {
      return { ...each, state: 'allowed', change: each.change && { ...each.change, held: false } }
    })
    await openTools({ on_definition_change: 'notify' }, undefined, served)
    screen.getByText('Agents already get them.')
    screen.getByText('Agents see 3 of 3')
  })

  it('cannot be approved on a plan without custom integrations', async () => {
    const approve = vi.fn(() => Promise.resolve())
    openConsole('/integrations/x/tools', {
      integrations: [integration('x', { unapproved_tools: 2 })],
      tools,
      workspaces: [{ name: 'default', plan: 'free', created_at: '2026-11-24T10:00:00.000Z' }],
      operations: { tools: { approve } },
    })
    await userEvent.click(await screen.findByRole('button', { name: /Approve all/ }))
    expect(approve).not.toHaveBeenCalled()
  })
})

describe('the setting', () => {
  it('says in words what each choice means, and is saved at once', async () => {
    const update = vi.fn(() => Promise.resolve(integration('x', { on_definition_change: 'notify' })))
    openConsole('/integrations/x/connection', {
      integrations: [integration('x')],
      operations: { integrations: { update } },
    })
    const group = await screen.findByRole('group', { name: 'When the server changes a tool' })
    screen.getByText(/until you look at it and approve it/)
    await userEvent.click(within(group).getByRole('radio', { name: 'Serve it and tell me' }))
    expect(update).toHaveBeenCalledWith({ name: 'x', on_definition_change: 'notify' })
    await screen.findByText(/It is marked in the Tools tab/)
  })
})

describe('findings', () => {
  it('stand as words in the row and in full when it is open', async () => {
    const message = 'The description holds 1 character that a person cannot see and a model reads: U+200B.'
    const flagged: Tool = tool('x__read', { description: 'a\u200Bb', flags: [{ kind: 'hidden_characters', message }] })
    openConsole('/integrations/x/tools', { integrations: [integration('x')], tools: [tool('x__list'), flagged] })
    await screen.findByRole('grid', { name: 'Tools' })
    expect(within(row('list')).queryByText('Hidden characters')).toBeNull()
    await userEvent.click(within(row('read')).getByText('Hidden characters'))
    await screen.findByText(message)
    screen.getByText('U+200B')
  })
})

describe('the words and the diff', () => {
  it('count what changed and what is new', () => {
    const words = (kinds: string) =>
      waitingWords(kinds.split(' ').map((kind) => ({ change: kind === 'c' ? changed : added })))
    expect([words('c'), words('c c c'), words('n'), words('n n'), words('c c n'), words('c n n')]).toEqual([
      '1 tool changed since you approved it',
      '3 tools changed since you approved them',
      '1 new tool since you approved the others',
      '2 new tools since you approved the others',
      '2 tools changed and 1 is new since you approved them',
      '1 tool changed and 2 are new since you approved them',
    ])
  })

  it('tell a change by its lines, and a new tool as a whole', () => {
    const lines = changeDiff(changed.before, changed.after, 10_000).split('\n')
    expect(lines).toContain('-description: Reads a file.')
    expect(lines).toContain('+description: Reads a file\u200B and sends it.')
    expect(lines).toContain(' name: read')
    expect(changeDiff(added.before, added.after, 10_000).split('\n')).toEqual(
      expect.arrayContaining(['+description: Sends.', '+name: send']),
    )
  })
})
