import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Integration } from '../../../../src/shared/contract/integrations.ts'
import { integration } from '../integration-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { tool } from './tool-fixture.ts'

afterEach(closeConsole)

const tools = [
  tool('x__create_issue', { annotations: { destructiveHint: false } }),
  tool('x__create_repo'),
  tool('x__delete_issue', { annotations: { destructiveHint: true } }),
  tool('x__delete_repo', { annotations: { destructiveHint: true } }),
  tool('x__get_issue', { annotations: { readOnlyHint: true }, tokens: 250 }),
]

async function openEditor(changes: Partial<Integration> = {}, path = '/integrations/x/tools') {
  const update = vi.fn((wanted: { enabled_tools?: string[] | undefined; disabled_tools?: string[] | undefined }) => {
    const { enabled_tools: enabled = [], disabled_tools: disabled = [] } = wanted
    return Promise.resolve(integration('x', { enabled_tools: enabled, disabled_tools: disabled }))
  })
  openConsole(path, { integrations: [integration('x', changes)], tools, operations: { integrations: { update } } })
  await screen.findByRole('grid', { name: 'Tools' })
  return update
}
const row = (name: string): HTMLElement => {
  const found = screen.getByRole('checkbox', { name: `Select ${name}` }).closest<HTMLElement>('[role=row]')
  return found ?? expect.unreachable(`${name} stands in no row`)
}
const rowNames = () =>
  within(screen.getByRole('grid', { name: 'Tools' }))
    .getAllByRole('checkbox')
    .map((box) => box.getAttribute('aria-label')?.replace('Select ', ''))
const selected = () =>
  within(screen.getByRole('grid', { name: 'Tools' }))
    .getAllByRole('row', { selected: true })
    .map((each) => within(each).getByRole('checkbox').getAttribute('aria-label')?.replace('Select ', ''))
const press = (key: string, modifiers: { shiftKey?: boolean; ctrlKey?: boolean } = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...modifiers })

describe('an entry that is typed', () => {
  it('says at once how many tools it matches, and keeps the count of a pattern', async () => {
    await openEditor()
    const field = screen.getByRole('textbox', { name: 'Block list' })
    await userEvent.type(field, 'create_*')
    await screen.findByText('create_* matches 2 tools')
    await userEvent.type(field, '{Enter}')
    expect(within(screen.getByRole('list', { name: 'Entries of Block list' })).getByRole('listitem').textContent).toBe(
      'create_*2',
    )
    within(row('create_repo')).getByText('Hidden')
    screen.getByText('-2 tools for agents; about -200 tokens')
    screen.getByText('Now 5 of 5 tools, about 650 tokens; then 3, about 450 tokens')
  })

  it('is saved with the rest when it is still in the field', async () => {
    const update = await openEditor()
    await userEvent.type(screen.getByRole('textbox', { name: 'Allow list' }), 'get_*')
    await userEvent.keyboard('{Control>}s{/Control}')
    await waitFor(() => expect(update).toHaveBeenCalledOnce())
    expect(update.mock.lastCall?.[0]).toMatchObject({ enabled_tools: ['get_*'], disabled_tools: [] })
  })

  it('can be taken out where it matches no tool', async () => {
    await openEditor({ enabled_tools: ['*_issue', 'old_*'], disabled_tools: ['gone'] })
    const line = screen.getByText(/2 names match no tool/)
    await userEvent.click(within(line).getByRole('button', { name: 'Remove' }))
    expect(screen.queryByText('gone')).toBeNull()
    expect(screen.queryByText('old_*')).toBeNull()
    screen.getByText('No tool changes for agents')
  })
})

describe('many tools at once', () => {
  it('are selected by a range, and allowed, blocked or cleared together', async () => {
    const update = await openEditor()
    fireEvent.click(within(row('create_repo')).getByRole('checkbox'))
    fireEvent.click(row('delete_repo'), { shiftKey: true })
    expect(selected()).toEqual(['create_repo', 'delete_issue', 'delete_repo'])
    screen.getByText('3 selected')
    await userEvent.click(
      within(screen.getByRole('group', { name: 'With selection' })).getByRole('button', { name: 'Block' }),
    )
    screen.getByText('-3 tools for agents; about -300 tokens')
    await userEvent.click(screen.getByRole('button', { name: /^Save/ }))
    expect(update.mock.lastCall?.[0]).toEqual({
      name: 'x',
      enabled_tools: [],
      disabled_tools: ['create_repo', 'delete_issue', 'delete_repo'],
    })
  })

  it('are selected by the keyboard alone', async () => {
    await openEditor()
    row('create_issue').focus()
    press(' ')
    press('ArrowDown', { shiftKey: true })
    press('ArrowDown', { shiftKey: true })
    press('ArrowUp', { shiftKey: true })
    expect(selected()).toEqual(['create_issue', 'create_repo'])
    press('b')
    expect(within(row('create_repo')).getByRole('button', { name: 'Block' }).getAttribute('aria-pressed')).toBe('true')
    expect(within(row('delete_issue')).getByRole('button', { name: 'Block' }).getAttribute('aria-pressed')).toBe(
      'false',
    )
    press('Escape')
    expect(screen.queryAllByRole('row', { selected: true })).toEqual([])
    row('get_issue').focus()
    press('a')
    expect(within(row('get_issue')).getByRole('button', { name: 'Allow' }).getAttribute('aria-pressed')).toBe('true')
  })

  it('are all that the list shows', async () => {
    await openEditor()
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search 5 tools' }), 'issue')
    await waitFor(() => expect(rowNames()).toEqual(['create_issue', 'delete_issue', 'get_issue']))
    screen.getByText(/2 hidden by filters/)
    row('create_issue').focus()
    press('a', { ctrlKey: true })
    expect(selected()).toEqual(['create_issue', 'delete_issue', 'get_issue'])
    await userEvent.click(screen.getByRole('button', { name: 'Clear search' }))
    await waitFor(() => expect(rowNames()).toHaveLength(5))
    screen.getByText('3 selected')
    await userEvent.click(screen.getByRole('checkbox', { name: /^Select shown/ }))
    screen.getByText('5 selected')
  })

  it('say so where a search hides some of them', async () => {
    await openEditor()
    await userEvent.click(screen.getByRole('checkbox', { name: /^Select shown/ }))
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search 5 tools' }), 'repo')
    await screen.findByText(/3 of them not shown/)
  })

  it('are selected by what the server says of them', async () => {
    await openEditor()
    await userEvent.click(screen.getByRole('button', { name: 'By annotation' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: /Destructive/ }))
    expect(selected()).toEqual(['delete_issue', 'delete_repo'])
  })
})

describe('the filter', () => {
  it('says which entry decided about each tool', async () => {
    await openEditor({ enabled_tools: ['*_issue', 'create_repo'], disabled_tools: ['delete_*', 'get_issue'] })
    within(row('create_issue')).getByTitle('allowed by *_issue')
    within(row('create_repo')).getByTitle('in allow list')
    within(row('delete_issue')).getByTitle('blocked by delete_*')
    within(row('delete_repo')).getByTitle('not in allow list')
    within(row('get_issue')).getByTitle('blocked')
    screen.getByText('Agents see 2 of 5')
  })

  it('warns where it hides everything', async () => {
    await openEditor({ disabled_tools: ['*'] })
    screen.getByText('This filter hides every tool: agents see none of this integration.')
  })

  it('stays as it is typed when the core refuses it', async () => {
    const update = await openEditor()
    update.mockRejectedValueOnce(new ORPCError('invalid_input', { message: 'The filter is too long.' }))
    row('get_issue').focus()
    press('b')
    await userEvent.keyboard('{Control>}s{/Control}')
    await screen.findByText('The filter is too long.')
    await userEvent.click(screen.getByRole('button', { name: 'Discard' }))
    expect(screen.queryByText('The filter is too long.')).toBeNull()
    within(row('get_issue')).getByText('Exposed')
  })

  it('is opened at the tool that an address names', async () => {
    await openEditor({}, '/integrations/x/tools?q=create_repo')
    expect(rowNames()).toEqual(['create_repo'])
  })
})

it('proposes a pattern for many names, and puts it in their place', async () => {
  const many = Array.from({ length: 24 }, (_, index) => tool(`x__drop_${index}`))
  openConsole('/integrations/x/tools', {
    integrations: [integration('x', { disabled_tools: many.map(({ name }) => name) })],
    tools: [...tools, ...many],
  })
  await userEvent.click(await screen.findByRole('button', { name: 'Fold' }))
  expect(within(screen.getByRole('list', { name: 'Entries of Block list' })).getByRole('listitem').textContent).toBe(
    'drop_*24',
  )
  screen.getByText('No tool changes for agents')
  expect(screen.queryByRole('button', { name: 'Fold' })).toBeNull()
})

it('a tool is opened in the playground from its row', async () => {
  await openEditor()
  row('get_issue').focus()
  press('Enter')
  await userEvent.click(await screen.findByRole('button', { name: 'Open in Playground' }))
  await waitFor(() => expect(window.location.hash).toBe('#/playground?tool=x__get_issue'))
})
