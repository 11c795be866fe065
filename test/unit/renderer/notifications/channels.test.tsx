import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  changesOf,
  draftOfChannel,
  emptyChannel,
  errorsOfChannel,
  newChannelOf,
} from '../../../../src/renderer/features/notifications/channel-draft.ts'
import { makeSigningSecret, withHeaders } from '../../../../src/renderer/features/notifications/channel-secrets.ts'
import { channelState } from '../../../../src/renderer/features/notifications/channel-words.ts'
import type { Channel, NewChannel } from '../../../../src/shared/contract/channels.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { channel, health, pageOf } from './notice-fixture.ts'

afterEach(closeConsole)

const now = Date.parse('2026-11-24T14:05:00.000Z')

function open(path: string, channels: Channel[], operations: object = {}) {
  return openConsole(path, {
    operations: {
      channels: {
        list: () => pageOf(channels),
        preview: () => Promise.resolve({ content_type: 'application/json', text: 'An example', body: '{}' }),
        ...operations,
      },
    },
  })
}

describe('channels', () => {
  it('in use are deleted only together with their place in the rules, which are named', async () => {
    const remove = vi.fn(() => Promise.resolve())
    const used = channel('c1', 'On call', { used_by: [{ id: 'r1', name: 'HIGH incidents only' }] })
    open('/notifications/channels', [used], { remove })
    const row = await screen.findByRole('row', { name: /On call/ })
    row.focus()
    await userEvent.keyboard('{Backspace}')
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete On call?' })
    within(dialog).getByText(/HIGH incidents only/)
    await userEvent.click(within(dialog).getByRole('button', { name: 'Take it out of them and delete' }))
    await screen.findByText(/^No channels yet\./)
    expect(remove).toHaveBeenCalledWith({ id: 'c1', leave_rules: 'true' })
  })

  it('that fail say why, what waits, and are tried again from their page', async () => {
    const broken = health('failing', {
      last_error: { code: 'http_503', message: 'The receiver is down.' },
      retry_at: '2026-11-24T14:09:00.000Z',
      waiting: 11,
    })
    let current = channel('c1', 'On call', { health: broken })
    const resume = vi.fn(() => Promise.resolve((current = channel('c1', 'On call'))))
    open('/notifications/channels/c1', [], { resume, list: () => pageOf([current]) })
    await screen.findByText('The receiver is down.')
    screen.getByText(/^11 waiting, next attempt /)
    await userEvent.click(screen.getByRole('button', { name: 'Try again now' }))
    await waitFor(() => expect(screen.queryByText('The receiver is down.')).toBeNull())
    expect(resume).toHaveBeenCalledWith({ id: 'c1' })
  })

  it('say that what they send by is not there, and lead to it', async () => {
    const off = health('needs_setup', { last_error: { code: 'invalid_input', message: 'Slack is disabled.' } })
    open('/notifications/channels/c1', [channel('c1', 'Ops', { kind: 'slack', health: off })], {
      destinations: () => Promise.resolve({ items: [], next_cursor: null, complete: true }),
    })
    await screen.findByText('Slack is disabled.')
    expect(screen.getByRole('link', { name: 'Open Slack' }).getAttribute('href')).toContain('/integrations/slack')
  })

  it.each([
    [channel('c', 'x', { enabled: false }), 'Off'],
    [channel('c', 'x', { health: health('needs_setup') }), 'Needs setup'],
    [channel('c', 'x', { health: health('unknown') }), 'Nothing sent yet'],
    [channel('c', 'x'), 'OK 5 min ago'],
    [channel('c', 'x', { muted_until: '2026-11-24T13:00:00.000Z' }), 'OK 5 min ago'],
  ])('say how they are: %#', (one, word) => {
    expect(channelState(one, now).word).toBe(word)
  })
})

describe('a new webhook', () => {
  it('is added with a secret that is shown once', async () => {
    const create = vi.fn((wanted: NewChannel) => Promise.resolve(channel('c9', wanted.name)))
    const { stores } = open('/notifications/channels/new?kind=webhook', [], { create })
    const url = await screen.findByLabelText('URL')
    expect(document.activeElement).toBe(url)
    await userEvent.clear(screen.getByLabelText('Name'))
    await userEvent.type(screen.getByLabelText('Name'), 'Pager')
    await userEvent.click(screen.getByRole('button', { name: /^Add channel/ }))
    expect(create).not.toHaveBeenCalled()
    // Once, at the field, with an address of a webhook.
    screen.getByText('Enter a full URL, for example https://hooks.example.com/gatehouse.')
    expect(document.activeElement).toBe(url)
    await userEvent.type(screen.getByLabelText('URL'), 'https://hooks.example.com/x')
    await screen.findByText('An example', undefined, { timeout: 5_000 })
    await userEvent.click(screen.getByRole('button', { name: /^Add channel/ }))
    const dialog = await screen.findByRole('dialog', { name: 'Pager is saved' })
    const secret = within(dialog).getByLabelText('Signing secret').textContent
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(create.mock.lastCall?.[0].credentials).toEqual({ signing_secret: secret })
    expect(JSON.stringify(stores.channels.getState().byId)).not.toContain('whsec_')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Done' }))
    await waitFor(() => expect(window.location.hash).toBe('#/notifications/channels'))
  })

  it('can be tried with its address alone, as it has a name to begin with', async () => {
    const result = { ok: true, message: 'Delivered to hooks.example.com in 3 ms.', error: null, duration_ms: 3 }
    const test_draft = vi.fn(() => Promise.resolve(result))
    open('/notifications/channels/new?kind=webhook', [], { test_draft })
    await userEvent.type(await screen.findByLabelText('URL'), 'https://hooks.example.com/x')
    await userEvent.click(screen.getByRole('button', { name: 'Send test' }))
    await screen.findByText('Delivered to hooks.example.com in 3 ms.')
  })

  it('is tried before it is saved', async () => {
    const test_draft = vi.fn(() =>
      Promise.resolve({ ok: false, message: 'hooks.example.com answered 500.', error: null, duration_ms: 3 }),
    )
    open('/notifications/channels/new?kind=webhook', [], { test_draft })
    await userEvent.type(await screen.findByLabelText('Name'), 'Pager')
    await userEvent.type(screen.getByLabelText('URL'), 'https://hooks.example.com/x')
    await userEvent.click(screen.getByRole('button', { name: 'Send test' }))
    await screen.findByText('hooks.example.com answered 500.')
    expect(test_draft).toHaveBeenCalledOnce()
  })
})

describe('a header of a webhook', () => {
  it('is typed where the focus goes with it', async () => {
    open('/notifications/channels/new?kind=webhook', [])
    await userEvent.click(await screen.findByRole('button', { name: 'Add header' }))
    await userEvent.keyboard('X-Team')
    expect(screen.getByLabelText<HTMLInputElement>('Name of X-Team').value).toBe('X-Team')
  })
})

describe('a channel of Slack', () => {
  it('is picked from the list, and named after it', async () => {
    const destinations = vi.fn(() =>
      Promise.resolve({
        items: [
          { id: 'C0123', name: 'ops', is_private: false, is_member: true, hint: null },
          { id: 'G0456', name: 'secret', is_private: true, is_member: false, hint: 'Invite @gatehouse first.' },
        ],
        next_cursor: null,
        complete: true,
      }),
    )
    open('/notifications/channels/new?kind=slack', [], { destinations })
    await userEvent.click(await screen.findByRole('radio', { name: /secret/ }))
    expect(screen.getAllByText('Invite @gatehouse first.').length).toBeGreaterThan(0)
    await userEvent.click(screen.getByRole('radio', { name: /ops/ }))
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Slack #ops')
    await userEvent.type(screen.getByLabelText('Search channels of Slack'), 'op')
    await waitFor(() =>
      expect(destinations).toHaveBeenLastCalledWith({ kind: 'slack', query: 'op' }, expect.anything()),
    )
  })
})

describe('the draft of a channel', () => {
  const stored = channel('c1', 'On call', {
    webhook: { url: 'https://hooks.example.com/x', format: 'json', headers: { 'X-Team': 'core' }, events: [] },
    credentials: { signing_secret: '••••', headers: { 'X-Key': '••••' } },
  })

  it('leaves secrets out that are kept', () => {
    const changes = changesOf(draftOfChannel(stored), stored)
    expect(changes).not.toHaveProperty('credentials')
    expect(changes.webhook?.headers).toEqual({ 'X-Team': 'core' })
  })

  it('enters all secrets again where one is new: the API takes them as a set', () => {
    const draft = draftOfChannel(stored)
    const rows = [...draft.webhook.headers, { name: 'X-Token', value: 'abc', secret: true }]
    const next = { ...draft, ...withHeaders(draft, rows) }
    expect(next.signing).toBe('made')
    expect(next.webhook.headers.map(({ stored: kept }) => kept)).toEqual([undefined, undefined, undefined])
    expect(errorsOfChannel(next)['credentials.headers.X-Key']).toBe('Enter the value.')
  })

  it('forgets the secrets when none is kept', () => {
    const draft = draftOfChannel(stored)
    expect(
      changesOf({ ...draft, signing: 'none', webhook: { ...draft.webhook, headers: [] } }, stored).credentials,
    ).toEqual({})
  })

  it('reads addresses however they are listed', () => {
    const draft = emptyChannel('email')
    const email = {
      ...draft.email,
      host: 'mail.example.com',
      from: 'a@example.com',
      to: 'b@example.com, c@example.com\nd@example.com',
    }
    expect(newChannelOf({ ...draft, email })).toMatchObject({
      email: { port: 587, to: ['b@example.com', 'c@example.com', 'd@example.com'] },
    })
    expect(errorsOfChannel({ ...draft, email: { ...email, port: '' } })['email.port']).toBe('Enter a port.')
  })

  it('makes secrets that differ', () => {
    expect(makeSigningSecret()).not.toBe(makeSigningSecret())
  })
})
