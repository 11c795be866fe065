import { readFileSync } from 'node:fs'
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { diagnosticsText } from '../../../src/renderer/features/settings/diagnostics.ts'
import { licences } from '../../../src/renderer/features/settings/licences.ts'
import { backendWords } from '../../../src/renderer/features/vault/backend-words.ts'
import type { Settings, SettingsChanges } from '../../../src/shared/contract/settings.ts'
import type { VaultState } from '../../../src/shared/contract/vault.ts'
import { connection, integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

const stored: Settings = {
  port: 7420,
  discovery_mode: 'full',
  merge_instructions: true,
  record_bodies: false,
  call_retention_days: 30,
  max_message_mib: 10,
  agent_concurrency: 1_024,
  agent_calls_per_minute: null,
  start_at_login: null,
  keep_in_tray: null,
}

/** A core that takes every change but the port 80. */
function settingsCore(changes: Partial<Settings> = {}) {
  const update = vi.fn((wanted: SettingsChanges) =>
    wanted.port === 80
      ? Promise.reject(
          new ORPCError('invalid_input', {
            message: 'Some fields are not valid.',
            data: { details: [{ path: 'port', message: 'Use a port from 1024 to 65535.' }] },
          }),
        )
      : Promise.resolve({ ...stored, ...changes, ...wanted }),
  )
  const get = () => Promise.resolve({ ...stored, ...changes })
  const settings = { get: get as never, update: update as never }
  // No link is to be had: the page of a browser stays where it is.
  return { update, operations: { settings, console: { create_url: () => Promise.reject(new Error('none')) } } }
}

describe('general', () => {
  it('offers start at login and the tray only where there is a desktop application', async () => {
    const served = settingsCore()
    openConsole('/settings', served)
    await screen.findByRole('heading', { name: 'Appearance' })
    expect(screen.queryByRole('switch', { name: 'Start at login' })).toBeNull()
    closeConsole()

    const { update, operations } = settingsCore({ start_at_login: false, keep_in_tray: true })
    openConsole('/settings', { operations })
    await userEvent.click(await screen.findByRole('switch', { name: 'Start at login' }))
    expect(update.mock.lastCall?.[0]).toEqual({ start_at_login: true })
    await waitFor(() => expect(screen.getByRole('switch', { name: 'Start at login' })).toHaveProperty('checked', true))
    expect(screen.getByRole('switch', { name: 'Keep running in the tray' })).toHaveProperty('checked', true)
  })

  it('shows the export to be copied', async () => {
    openConsole('/settings/general', {
      operations: {
        ...settingsCore().operations,
        transfer: { export: () => Promise.resolve({ document: 'gatehouse: 1' }) },
      },
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Export configuration' }))
    expect((await screen.findByLabelText('Exported configuration')).textContent).toBe('gatehouse: 1')
  })
})

describe('gateway', () => {
  it('stores a port by its button and says beside it why one is refused', async () => {
    const { update, operations } = settingsCore()
    openConsole('/settings/gateway', { operations })
    const port = await screen.findByLabelText('Port')
    expect(port).toHaveProperty('value', '7420')
    await userEvent.clear(port)
    await userEvent.type(port, '80{Enter}')
    await screen.findByText('Use a port from 1024 to 65535.')
    await userEvent.clear(port)
    await userEvent.type(port, '7500')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(update.mock.lastCall?.[0]).toEqual({ port: 7500 })
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull())
  })

  it('changes mode, instructions and recording at once', async () => {
    const { update, operations } = settingsCore()
    openConsole('/settings/gateway', { operations })
    await userEvent.click(await screen.findByLabelText('Lazy'))
    expect(update.mock.lastCall?.[0]).toEqual({ discovery_mode: 'lazy' })
    await userEvent.click(screen.getByRole('switch', { name: 'Pass on instructions of servers' }))
    expect(update.mock.lastCall?.[0]).toEqual({ merge_instructions: false })
    await userEvent.click(screen.getByRole('switch', { name: 'Record arguments and results' }))
    expect(update.mock.lastCall?.[0]).toEqual({ record_bodies: true })
  })

  it('stores limits; an empty field is no limit of calls', async () => {
    const { update, operations } = settingsCore({ agent_calls_per_minute: 60 })
    openConsole('/settings/gateway', { operations })
    const calls = await screen.findByLabelText('Calls per minute')
    expect(calls).toHaveProperty('value', '60')
    await userEvent.clear(calls)
    await userEvent.type(calls, '{Enter}')
    expect(update.mock.lastCall?.[0]).toEqual({ agent_calls_per_minute: null })
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull())
    const size = screen.getByLabelText('Largest message (MiB)')
    await userEvent.clear(size)
    await userEvent.type(size, '32{Enter}')
    expect(update.mock.lastCall?.[0]).toEqual({ max_message_mib: 32 })
    const requests = screen.getByLabelText('Requests at a time')
    await userEvent.clear(requests)
    await userEvent.type(requests, '8{Enter}')
    expect(update.mock.lastCall?.[0]).toEqual({ agent_concurrency: 8 })
  })

  it('restarts the gateway after it was confirmed', async () => {
    const restart = vi.fn(() => new Promise(() => undefined))
    const { operations } = settingsCore()
    openConsole('/settings/gateway', { operations: { ...operations, system: { restart_gateway: restart as never } } })
    await userEvent.click(await screen.findByRole('button', { name: 'Restart gateway' }))
    expect(restart).not.toHaveBeenCalled()
    await userEvent.click(
      within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Restart gateway' }),
    )
    expect(restart).toHaveBeenCalledOnce()
  })

  it('says what failed, and tries again', async () => {
    let fails = true
    const get = () =>
      fails ? Promise.reject(new ORPCError('internal', { message: 'The disk is full.' })) : Promise.resolve(stored)
    openConsole('/settings/gateway', { operations: { settings: { get: get } } })
    await screen.findByText('The disk is full.')
    fails = false
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    await screen.findByLabelText('Port')
  })
})

describe('vault', () => {
  const open = (vault: Partial<VaultState>, operations = {}) => {
    const state: VaultState = { state: 'ready', backend: 'passphrase', reason: null, sealed_count: 14, ...vault }
    const opened = openConsole('/settings/vault', {
      operations: { vault: { get: () => Promise.resolve(state), ...operations } },
    })
    return waitFor(() => expect(opened.stores.system.getState().link).toBe('online')).then(() => {
      opened.stores.system.getState().setVault(state)
      return opened
    })
  }

  it('is locked by a click and says what it holds', async () => {
    const lock = vi.fn(() =>
      Promise.resolve({ state: 'locked', backend: 'passphrase', reason: 'It was locked.', sealed_count: 14 }),
    )
    await open({}, { lock })
    await screen.findByText('14 secrets')
    await userEvent.click(screen.getByRole('button', { name: 'Lock' }))
    await screen.findAllByRole('button', { name: 'Unlock' })
    screen.getByText('It was locked.')
  })

  it('takes a new passphrase twice, and rotates with it', async () => {
    const rotate = vi.fn(() =>
      Promise.resolve({ state: 'ready', backend: 'passphrase', reason: null, sealed_count: 14 }),
    )
    await open({}, { rotate })
    await userEvent.click(await screen.findByRole('button', { name: 'Rotate key' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.type(within(dialog).getByLabelText('New passphrase'), 'correct horse')
    await userEvent.type(within(dialog).getByLabelText('The same passphrase again'), 'correct house{Enter}')
    await within(dialog).findByText('The two passphrases differ.')
    await userEvent.type(within(dialog).getByLabelText('The same passphrase again'), '{Backspace>3/}rse{Enter}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(rotate).toHaveBeenCalledWith({ passphrase: 'correct horse' })
  })

  it('moves its key to the keychain', async () => {
    const rotate = vi.fn(() => Promise.resolve({ state: 'ready', backend: 'keychain', reason: null, sealed_count: 14 }))
    await open({}, { rotate })
    await userEvent.click(await screen.findByRole('button', { name: /^Keep in / }))
    await userEvent.click(await screen.findByRole('button', { name: 'Move the key' }))
    await screen.findByRole('button', { name: 'Keep by a passphrase…' })
    expect(rotate).toHaveBeenCalledWith({ backend: 'keychain' })
  })

  it('is reset only by the words in full', async () => {
    const reset = vi.fn(() => Promise.resolve({ state: 'empty', backend: 'passphrase', reason: null, sealed_count: 0 }))
    await open({}, { reset })
    await userEvent.click(await screen.findByRole('button', { name: 'Reset vault…' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.type(within(dialog).getByRole('textbox'), 'delete all{Enter}')
    expect(reset).not.toHaveBeenCalled()
    await userEvent.type(within(dialog).getByRole('textbox'), ' secrets{Enter}')
    await screen.findByText('0 secrets')
    expect(reset).toHaveBeenCalledWith({ confirm: 'delete all secrets' })
  })

  it('whose key comes from outside leaves it there', async () => {
    await open({ backend: 'key' })
    const rotate = await screen.findByRole('button', { name: /^Rotate key/ })
    expect(rotate.getAttribute('aria-disabled')).toBe('true')
    expect(screen.queryByRole('button', { name: /^Keep / })).toBeNull()
  })

  it('calls the keychain by the name of this system', () => {
    expect(backendWords('keychain', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toBe('macOS Keychain')
    expect(backendWords('keychain', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)')).toBe('Windows Credential Manager')
    expect(backendWords('keychain', 'Mozilla/5.0 (X11; Linux x86_64)')).toBe('Secret Service')
  })
})

describe('about', () => {
  it('names the licence that each package has', () => {
    const known = Object.entries(licences).flatMap(([licence, names]) => names.map((name) => [name, licence] as const))
    for (const [name, licence] of known) expect([name, packageOf(name).license]).toEqual([name, licence])
    const names = known.map(([name]) => name)
    expect(Object.keys(packageOf('../').dependencies ?? {}).filter((name) => !names.includes(name))).toEqual([])
  })

  it('puts nothing into the diagnostics that may be secret', () => {
    const text = diagnosticsText({
      host: 'window',
      userAgent: 'agent',
      link: 'online',
      status: null,
      vault: null,
      workspace: undefined,
      agentCount: 2,
      integrations: [
        integration('github', {
          mcp: {
            transport: 'stdio',
            command: 'secret-command',
            args: ['--token=secret'],
            env: { KEY: 'secret' },
            era: 'auto',
            isolation: 'shared',
          },
          credentials: { api_token: '••••cret' },
          description: 'secret',
          connection: {
            ...connection('error'),
            error: { code: 'upstream_unavailable', message: 'secret' },
            warnings: ['secret'],
          },
        }),
      ],
    })
    expect(text).toContain('github: custom, stdio, active, error, error upstream_unavailable, 0 tools, 1 warnings')
    expect(text).not.toContain('secret')
    expect(text).not.toContain('cret')
  })
})

function packageOf(name: string): { license?: string; dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as ReturnType<typeof packageOf>
}
