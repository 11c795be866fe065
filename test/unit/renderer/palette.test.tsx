import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { matchScore, queryWords } from '../../../src/renderer/features/palette/match.ts'
import { recentEntries, rememberEntry } from '../../../src/renderer/features/palette/recent-entries.ts'
import { MAX_RESULTS, type PaletteEntry, searchEntries } from '../../../src/renderer/features/palette/search-entries.ts'
import { integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(() => {
  closeConsole()
  localStorage.clear()
})

const entry = (label: string, kind: PaletteEntry['kind'] = 'Command', code?: string): PaletteEntry => ({
  id: `${kind} ${label}`,
  kind,
  label,
  run: () => undefined,
  ...(code === undefined ? {} : { code }),
})
const labels = (entries: readonly PaletteEntry[]) => entries.map(({ label }) => label)

describe('the matcher', () => {
  const score = (query: string, text: string) => matchScore(queryWords(query), text.toLowerCase())

  it.each([
    ['a word before the start of one', 'git', 'git status', 'github'],
    ['the start of a word before its inside', 'hub', 'hub of tools', 'github'],
    ['a piece before scattered letters', 'issue', 'create_issue', 'i see some units everywhere'],
    ['the shorter of two that are alike', 'restart', 'restart github', 'restart github enterprise cloud'],
  ])('prefers %s', (_what, query, better, worse) => {
    expect(score(query, better)).toBeGreaterThan(score(query, worse) ?? -1)
  })

  it.each([
    ['ghci', 'github create issue'],
    ['crtis', 'create_issue'],
    ['issue github', 'github__create_issue'],
  ])('finds %s in %s', (query, text) => {
    expect(score(query, text)).toBeDefined()
  })

  it.each([
    ['xyz', 'github create issue'],
    ['github delete', 'github create issue'],
    ['euc', 'the queue of cold messages'],
  ])('does not find %s in %s', (query, text) => {
    expect(score(query, text)).toBeUndefined()
  })
})

describe('the search', () => {
  it('puts recent entries first, but not before what matches much better', () => {
    const entries = [entry('Restart notes'), entry('Restart billing'), entry('Rest areas')]
    expect(labels(searchEntries(entries, 'restart', ['Command Restart billing']))[0]).toBe('Restart billing')
    expect(labels(searchEntries(entries, 'rest', ['Command Restart notes']))[0]).toBe('Rest areas')
  })

  it('shows no tools before something is typed, except for recent ones', () => {
    const entries = [entry('Save'), entry('one', 'Tool'), entry('two', 'Tool')]
    expect(labels(searchEntries(entries, ' ', ['Tool two', 'gone']))).toEqual(['two', 'Save'])
  })

  it('answers ten thousand tools with fifty', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => entry(`tool ${index}`, 'Tool', `github__tool_${index}`))
    expect(searchEntries(many, 'github tool', [])).toHaveLength(MAX_RESULTS)
    expect(labels(searchEntries(many, 'tool_9999', []))[0]).toBe('tool 9999')
  })

  it('remembers twenty entries, the newest first, and survives what it cannot read', () => {
    for (let index = 0; index < 25; index += 1) rememberEntry(localStorage, `entry ${index % 22}`)
    expect(recentEntries(localStorage)).toHaveLength(20)
    expect(recentEntries(localStorage).slice(0, 2)).toEqual(['entry 2', 'entry 1'])
    localStorage.setItem('gatehouse.palette', '{broken')
    expect(recentEntries(localStorage)).toEqual([])
  })
})

describe('the palette', () => {
  const open = async () => {
    await userEvent.keyboard('{Control>}k{/Control}')
    return screen.findByRole('dialog', { name: 'Command palette' })
  }
  const type = async (text: string) => {
    await userEvent.type(screen.getByRole('combobox'), text)
    return screen.getAllByRole('option').map(({ textContent }) => textContent)
  }

  it('opens an integration by a few letters and Enter', async () => {
    openConsole('/integrations', {
      integrations: [integration('github', { display_name: 'GitHub' }), integration('notes')],
    })
    await screen.findByRole('row', { name: /GitHub/ })
    await open()
    expect((await type('gith'))[0]).toBe('GitHubgithubIntegration')
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(window.location.hash).toBe('#/integrations/github/overview'))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(recentEntries(localStorage)).toEqual(['integration github'])
  })

  it('opens a tool of the gateway in the playground', async () => {
    const tool = {
      name: 'create_issue',
      gateway_name: 'github__create_issue',
      integration: 'github',
      title: 'Create an issue',
      description: '',
      tokens: 1,
      annotations: {},
      state: 'allowed' as const,
      flags: [],
    }
    const list = vi.fn(() => Promise.resolve({ items: [tool], next_cursor: null }))
    openConsole('/integrations', { operations: { tools: { list } } })
    await screen.findByRole('heading', { name: 'Integrations' })
    expect(list).not.toHaveBeenCalled()
    await open()
    await userEvent.type(screen.getByRole('combobox'), 'crtis')
    await screen.findByRole('option', { name: /^Create an issue/ })
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(window.location.hash).toBe('#/playground?tool=github__create_issue'))
  })

  it('restarts, disables and tests integrations, and leaves out what the plan locks', async () => {
    const disable = vi.fn(() => Promise.resolve(integration('notes', { status: 'disabled' })))
    const { restart, stores } = openConsole('/integrations', {
      integrations: [integration('notes')],
      operations: { integrations: { disable: disable } },
    })
    await screen.findByRole('row', { name: /notes/ })
    await open()
    await type('restart notes')
    await userEvent.keyboard('{Enter}')
    expect(restart.mock.lastCall?.[0]).toEqual({ name: 'notes' })
    await open()
    await type('disable')
    await userEvent.keyboard('{Enter}')
    expect(disable).toHaveBeenCalledWith({ name: 'notes' })

    stores.workspaces.getState().put({ name: 'default', plan: 'free', created_at: '2026-11-24T10:00:00.000Z' })
    await open()
    expect(await type('notes')).toEqual(['notesIntegration'])
  })

  it('shows commands with their keys and runs them', async () => {
    openConsole('/integrations')
    await screen.findByRole('heading', { name: 'Integrations' })
    const dialog = await open()
    within(dialog).getByRole('option', { name: /^Go to Agents/ })
    expect(within(dialog).queryByRole('option', { name: /^Save/ })).toBeNull()
    await type('search this')
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Search integrations')))
  })

  it('moves by the arrows, says when nothing matches, and Escape gives the focus back', async () => {
    openConsole('/integrations', { integrations: [integration('notes')] })
    const row = await screen.findByRole('row', { name: /notes/ })
    row.focus()
    await open()
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('combobox')))
    const options = screen.getAllByRole('option')
    const active = () => screen.getByRole('combobox').getAttribute('aria-activedescendant')
    expect(active()).toBe(options[0]?.id)
    await userEvent.keyboard('{ArrowDown}')
    expect(active()).toBe(options[1]?.id)
    await userEvent.type(screen.getByRole('combobox'), 'qqqq')
    screen.getByText('Nothing matches.')
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(document.activeElement).toBe(row))
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})
