import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { switchWorkspace } from '../../../src/renderer/stores/stores.ts'
import { integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(() => {
  vi.useRealTimers()
  closeConsole()
})

const three = [integration('billing'), integration('github', { display_name: 'GitHub' }), integration('notes')]
const row = (name: string) => screen.findByRole('row', { name: new RegExp(`\\b${name}\\b`, 'i') })
const rows = () =>
  screen.getAllByRole('row').flatMap(({ textContent }) => /(billing|github|notes)/.exec(textContent)?.[1] ?? [])

/** A catalog whose deletions the core takes, or refuses with these words. */
function openCatalog(path = '/integrations', refusal?: ORPCError<string, unknown>) {
  const remove = vi.fn((_input: unknown) => (refusal ? Promise.reject(refusal) : Promise.resolve()))
  const restore = vi.fn(({ name }: { name: string }) => Promise.resolve(three.find((one) => one.name === name)))
  const operations = { integrations: { remove: remove as never, restore: restore as never } }
  return { ...openConsole(path, { integrations: three, operations }), remove, restore }
}

describe('deleting an integration', () => {
  it('by its key takes the row away at once, without asking, and the focus goes to the next row', async () => {
    const { remove } = openCatalog()
    ;(await row('github')).focus()
    await userEvent.keyboard('{Backspace}')
    expect(rows()).toEqual(['billing', 'notes'])
    expect(remove.mock.lastCall?.[0]).toEqual({ name: 'github', undo_s: 10 })
    expect(document.activeElement).toBe(await row('notes'))
    await screen.findByText('Deleted GitHub.')
    // The last row has no next one.
    await userEvent.keyboard('{Backspace}')
    expect(document.activeElement).toBe(await row('billing'))
  })

  it('by its menu leaves the focus in the list', async () => {
    openCatalog()
    const menu = within(await row('github')).getByRole('button', { name: 'Menu of GitHub' })
    await userEvent.click(menu)
    await userEvent.click(await screen.findByRole('menuitem', { name: /^Delete/ }))
    await waitFor(async () => expect(document.activeElement).toBe(await row('notes')))
  })

  it('leaves the page of the integration', async () => {
    openCatalog('/integrations/github/overview')
    await userEvent.click(await screen.findByRole('button', { name: 'Menu of GitHub' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: /^Delete/ }))
    await waitFor(() => expect(window.location.hash).toBe('#/integrations'))
    await screen.findByText('Deleted GitHub.')
  })

  it('that the core refuses brings the row back and says why', async () => {
    const refusal = new ORPCError('plan_required', { message: 'Custom integrations need the Enterprise plan.' })
    const { restore } = openCatalog('/integrations', refusal)
    ;(await row('github')).focus()
    await userEvent.keyboard('{Delete}')
    await screen.findAllByText('GitHub was not deleted')
    expect(rows()).toEqual(['billing', 'github', 'notes'])
    await waitFor(() => expect(screen.queryByText('Deleted GitHub.')).toBeNull())
    expect(restore).not.toHaveBeenCalled()
    await userEvent.click(screen.getByText('See plan'))
    await waitFor(() => expect(window.location.hash).toBe('#/settings/plan'))
  })

  it('is not offered for a system integration', async () => {
    const remove = vi.fn()
    openConsole('/integrations', {
      integrations: [integration('slack', { source: 'system' })],
      operations: { integrations: { remove: remove as never } },
    })
    ;(await row('slack')).focus()
    await userEvent.keyboard('{Backspace}')
    expect(remove).not.toHaveBeenCalled()
  })
})

describe('undo', () => {
  it('brings it back from the toast', async () => {
    const { restore } = openCatalog()
    ;(await row('github')).focus()
    await userEvent.keyboard('{Backspace}')
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }))
    await row('github')
    expect(restore.mock.lastCall?.[0]).toEqual({ name: 'github' })
    await waitFor(() => expect(screen.queryByText('Deleted GitHub.')).toBeNull())
  })

  it('by its key brings back the last one first, on any screen, and not while a field has the focus', async () => {
    const { restore } = openCatalog()
    ;(await row('billing')).focus()
    await userEvent.keyboard('{Backspace}{Backspace}')
    expect(rows()).toEqual(['notes'])
    await userEvent.type(screen.getByLabelText('Search integrations'), '{Control>}z{/Control}')
    expect(restore).not.toHaveBeenCalled()
    await userEvent.keyboard('{Escape}{Control>},{/Control}')
    await screen.findByRole('heading', { name: 'Settings' })
    await userEvent.keyboard('{Control>}z{/Control}{Control>}z{/Control}')
    await waitFor(() => expect(restore.mock.calls.map(([{ name }]) => name)).toEqual(['github', 'billing']))
  })

  it('ends with its time, and with the workspace', async () => {
    const { stores } = openCatalog()
    await row('github')
    vi.useFakeTimers({ shouldAdvanceTime: true })
    ;(await row('github')).focus()
    const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) })
    await user.keyboard('{Backspace}')
    expect(stores.deletions.getState().pending).toHaveLength(1)
    act(() => void vi.advanceTimersByTime(10_000))
    expect(stores.deletions.getState().pending).toEqual([])

    await user.keyboard('{Backspace}')
    expect(stores.deletions.getState().pending).toHaveLength(1)
    act(() => switchWorkspace(stores, 'staging'))
    expect(stores.deletions.getState().pending).toEqual([])
  })
})
