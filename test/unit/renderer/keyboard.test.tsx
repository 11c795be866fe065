import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { Commands, commandTable, sections } from '../../../src/renderer/commands.ts'
import { focusNextPane } from '../../../src/renderer/ui/panes.ts'
import { integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

describe('the table of commands', () => {
  it('gives every section the number of its place, and no key twice', () => {
    const numbers = sections.map(({ id }) => commandTable[`go.${id}`].keys)
    expect(numbers).toEqual(sections.map((_, index) => `$mod+${index + 1}`))
    const keys = Object.values(commandTable).map((command) => command.keys)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('knows which commands the screen in front answers', () => {
    const commands = new Commands()
    expect(commands.run('save')).toBe(false)
    const end = commands.register('save', () => undefined)
    expect(commands.has('save')).toBe(true)
    end()
    expect(commands.has('save')).toBe(false)
  })
})

describe('keys', () => {
  it('go to every section of the sidebar, in its order', async () => {
    openConsole('/settings/about')
    await screen.findByRole('heading', { name: 'Settings' })
    const links = within(screen.getByRole('navigation', { name: 'Sections' })).getAllByRole('link')
    expect(links.map(({ textContent }) => textContent)).toEqual([...sections.map(({ label }) => label), 'Settings'])
    for (const [index, { to }] of sections.entries()) {
      await userEvent.keyboard(`{Control>}${index + 1}{/Control}`)
      // Some have parts, of which the first is shown.
      await waitFor(() => expect(window.location.hash.startsWith(`#${to}`)).toBe(true))
    }
    await userEvent.keyboard('{Control>},{/Control}')
    await waitFor(() => expect(window.location.hash).toBe('#/settings/general'))
  })

  it('that a field has a meaning for are left to it', async () => {
    openConsole('/integrations', { integrations: [integration('notes')] })
    const search = await screen.findByLabelText('Search integrations')
    await userEvent.type(search, 'a?')
    expect(screen.queryByRole('dialog')).toBeNull()
    search.blur()
    await userEvent.keyboard('?')
    const keys = await screen.findByRole('dialog', { name: 'Keys' })
    for (const { label } of Object.values(commandTable)) within(keys).getByText(label)
  })

  it('F6 goes from pane to pane and around', async () => {
    openConsole('/integrations', { integrations: [integration('notes')] })
    const row = await screen.findByRole('row', { name: /notes/ })
    await userEvent.keyboard('{F6}')
    const sidebar = screen.getByRole('complementary', { name: 'Gatehouse' })
    expect(sidebar.contains(document.activeElement)).toBe(true)
    await userEvent.keyboard('{F6}')
    expect(document.activeElement).toBe(row)
    await userEvent.keyboard('{F6}')
    expect(sidebar.contains(document.activeElement)).toBe(true)
  })
})

describe('panes', () => {
  it('inside a pane take its place, and toasts keep the first F6', () => {
    document.body.innerHTML = `
      <aside data-pane><a href="#a" aria-current="page">a</a></aside>
      <main data-pane><div data-pane><button>list</button></div><div data-pane tabindex="-1" id="empty"></div></main>`
    const focused = () => document.activeElement?.textContent ?? ''
    focusNextPane()
    expect(focused()).toBe('a')
    focusNextPane()
    expect(focused()).toBe('list')
    focusNextPane()
    expect(document.activeElement?.id).toBe('empty')
    document.body.insertAdjacentHTML('beforeend', '<div data-toasts><button>Undo</button></div>')
    focusNextPane()
    expect(document.activeElement?.id).toBe('empty')
    document.body.innerHTML = ''
  })
})
