import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Workspace } from '../../../src/shared/contract/workspaces.ts'
import { browserLink } from '../../../src/renderer/host/browser-link.ts'
import { integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

const workspace = (name: string, plan: Workspace['plan']): Workspace => ({
  name,
  plan,
  created_at: '2026-11-24T10:00:00.000Z',
})
const both = [workspace('default', 'enterprise'), workspace('staging', 'free')]
const openMenu = async () => {
  await userEvent.click(await screen.findByRole('button', { name: /^Workspace / }))
  return screen.findByRole('menu')
}

describe('the switcher', () => {
  it('shows every workspace with its plan, and puts another in front at the top of the section', async () => {
    const { stores } = openConsole('/integrations/notes/overview', {
      integrations: [integration('notes')],
      workspaces: both,
    })
    await screen.findByRole('heading', { name: 'notes' })
    const menu = await openMenu()
    const items = within(menu).getAllByRole('menuitemradio')
    expect(items.map(({ textContent }) => textContent)).toEqual(['defaultEnterprise', 'stagingFree'])
    expect(items[0]?.getAttribute('aria-checked')).toBe('true')

    await userEvent.click(within(menu).getByRole('menuitemradio', { name: /staging/ }))
    await waitFor(() => expect(stores.workspaces.getState().current).toBe('staging'))
    expect(window.location.hash).toBe('#/integrations')
    await screen.findByRole('button', { name: 'Workspace staging · Free' })
    await waitFor(() => expect(stores.system.getState().link).toBe('online'))
  })

  it('asks before a form is left, and stays where it was when told so', async () => {
    const { stores } = openConsole('/integrations/new', { workspaces: both })
    await userEvent.type(await screen.findByLabelText(/^Paste a server URL/), 'https://example.com/mcp')
    await userEvent.click(within(await openMenu()).getByRole('menuitemradio', { name: /staging/ }))
    await userEvent.click(await screen.findByRole('button', { name: 'Stay' }))
    expect(stores.workspaces.getState().current).toBe('default')

    // The wish is forgotten: going elsewhere later is not a switch.
    await userEvent.click(screen.getByRole('link', { name: /^Agents/ }))
    await userEvent.click(await screen.findByRole('button', { name: 'Leave' }))
    await waitFor(() => expect(window.location.hash).toBe('#/agents'))
    expect(stores.workspaces.getState().current).toBe('default')
  })

  it('makes a workspace and opens it; a bad name is refused beside its field', async () => {
    const create = vi.fn((input: { name: string; plan?: Workspace['plan'] }) =>
      input.name === 'taken'
        ? Promise.reject(new ORPCError('name_taken', { message: 'This name is taken.' }))
        : Promise.resolve(workspace(input.name, input.plan ?? 'free')),
    )
    const { stores } = openConsole('/integrations', { operations: { workspaces: { create: create as never } } })
    await userEvent.click(within(await openMenu()).getByRole('menuitem', { name: 'New workspace…' }))
    const dialog = await screen.findByRole('dialog', { name: 'New workspace' })
    const name = within(dialog).getByLabelText('Name')
    await userEvent.type(name, 'Not A Slug{Enter}')
    within(dialog).getByText('Use lowercase letters, digits and hyphens.')
    await userEvent.clear(name)
    await userEvent.type(name, 'taken{Enter}')
    await within(dialog).findByText('This name is taken.')
    await userEvent.clear(name)
    await userEvent.type(name, 'team')
    await userEvent.click(within(dialog).getByLabelText('Pro'))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create workspace' }))
    await waitFor(() => expect(stores.workspaces.getState().current).toBe('team'))
    expect(create.mock.lastCall?.[0]).toEqual({ name: 'team', plan: 'pro' })
  })
})

describe('the plan', () => {
  it('is changed in the settings, and an empty workspace is deleted there', async () => {
    const update = vi.fn(({ name, plan }: Workspace) => Promise.resolve(workspace(name, plan)))
    const remove = vi.fn(() => Promise.resolve())
    const { stores } = openConsole('/settings/plan', {
      workspaces: both,
      operations: { workspaces: { update: update as never, remove: remove } },
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Change to Pro' }))
    await waitFor(() => expect(stores.workspaces.getState().byName.default?.plan).toBe('pro'))
    expect(update.mock.lastCall?.[0]).toEqual({ name: 'default', plan: 'pro' })

    expect(screen.queryByRole('button', { name: 'Delete default' })).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: 'Delete staging' }))
    await userEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Delete' }))
    await waitFor(() => expect(Object.keys(stores.workspaces.getState().byName)).toEqual(['default']))
    expect(remove).toHaveBeenCalledWith({ name: 'staging' })
  })
})

it('every call over HTTP says which workspace it is about', async () => {
  sessionStorage.setItem('gatehouse.session', 'token')
  const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{"json":null}', { status: 200 }))
  await browserLink(sessionStorage, () => 'staging').call(['agents', 'list'], undefined, { context: {} })
  const request = new Request(...(fetched.mock.lastCall as [Request]))
  expect(request.headers.get('gatehouse-workspace')).toBe('staging')
  sessionStorage.clear()
})
