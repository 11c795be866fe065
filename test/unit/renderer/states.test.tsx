import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it } from 'vitest'
import { PLAN_SENTENCE } from '../../../src/renderer/stores/console.tsx'
import { integration } from './integration-fixture.ts'
import { unlockLabel } from '../../../src/renderer/features/vault/unlock-words.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

const free = [{ name: 'default', plan: 'free' as const, created_at: '2026-11-24T10:00:00.000Z' }]

describe('a plan without custom integrations', () => {
  it('leaves the list readable, and Add in reach of the keyboard with the reason and the way to the plan', async () => {
    openConsole('/integrations', { integrations: [integration('notes')], workspaces: free })
    const row = await screen.findByRole('row', { name: /notes/ })
    const add = await screen.findByRole('button', { name: new RegExp(`^Add integration\\s*\\(${PLAN_SENTENCE}\\)`) })
    expect(add.getAttribute('aria-disabled')).toBe('true')
    add.focus()
    await userEvent.keyboard('{Enter}')
    expect(screen.queryByRole('menu')).toBeNull()
    expect(document.activeElement).toBe(add)
    expect(within(row).getByRole('switch')).toHaveProperty('disabled', true)
    await userEvent.click(within(screen.getByRole('note')).getByRole('link', { name: 'See plan' }))
    await waitFor(() => expect(window.location.hash).toBe('#/settings/plan'))
  })

  it('that the core knows first shows the way to the plan instead of an error alone', async () => {
    const refusal = new ORPCError('plan_required', { message: `${PLAN_SENTENCE}.` })
    openConsole('/integrations/new', { operations: { integrations: { create: () => Promise.reject(refusal) } } })
    await userEvent.type(await screen.findByLabelText(/^Paste a server URL/), 'https://example.com/mcp')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await screen.findByText(`${PLAN_SENTENCE}.`)
    screen.getByRole('button', { name: 'See plan' })
  })
})

describe('the catalog', () => {
  it('offers both ways to add', async () => {
    openConsole('/integrations')
    await userEvent.click(await screen.findByRole('button', { name: 'Add integration' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Import config' }))
    await waitFor(() => expect(window.location.hash).toBe('#/integrations/import'))
  })

  it('keeps what it shows while the core is away, says so, and writes nothing', async () => {
    const { stores } = openConsole('/integrations', { integrations: [integration('notes')] })
    const row = await screen.findByRole('row', { name: /notes/ })
    act(() =>
      stores.system
        .getState()
        .setLink('reconnecting', { code: 'unreachable', message: 'The gateway is not answering.', details: [] }),
    )
    screen.getByText(/The gateway is not answering\. What is shown may be out of date/)
    expect(within(row).getByRole('switch')).toHaveProperty('disabled', true)
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    expect(stores.system.getState().retries).toBe(1)
  })

  it('says what failed when nothing could be loaded yet', async () => {
    openConsole('/integrations', {
      operations: {
        integrations: { list: () => Promise.reject(new ORPCError('internal', { message: 'The disk is full.' })) },
      },
    })
    const alert = await screen.findByRole('alert')
    within(alert).getByText('The integrations could not be loaded')
    within(alert).getByText('The disk is full.')
    within(alert).getByRole('button', { name: 'Retry' })
    within(alert).getByRole('button', { name: 'Copy details' })
  })
})

it('a locked vault has a banner, and secret fields say why', async () => {
  const { stores } = openConsole('/integrations/new')
  await screen.findByLabelText(/^Paste a server URL/)
  act(() =>
    stores.system
      .getState()
      .setVault({ state: 'locked', backend: 'passphrase', reason: 'It was locked.', sealed_count: 2 }),
  )
  screen.getByText('The vault is locked')
  screen.getByText('The vault is locked; unlock it to store a secret.')
  await userEvent.click(screen.getByRole('button', { name: 'Unlock' }))
  await screen.findByRole('dialog', { name: 'Unlock the vault' })
})

it.each([
  [0, 'Choose a passphrase'],
  [2, 'Unlock'],
])('with %i stored secrets and no vault the way out is called %s', (sealed_count, label) => {
  const vault = { state: 'unavailable', backend: 'keychain', reason: 'There is no keychain.', sealed_count } as const
  expect(unlockLabel(vault)).toBe(label)
})
