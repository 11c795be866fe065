import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ORPCError } from '@orpc/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Integration, TestResult } from '../../../../src/shared/contract/integrations.ts'
import type { AuthorizationStart } from '../../../../src/shared/contract/oauth.ts'
import { connection, integration } from '../integration-fixture.ts'
import { closeConsole, type FakeCore, openConsole } from '../open-console.tsx'
import { inMinutes, oauthIntegration, usualSettings } from './oauth-fixture.ts'

// Screens are loaded when they are first shown, and other tests run meanwhile.

const PAGE = 'https://login.example.com/authorize?client_id=abc&state=xyz'
const waiting = { redirect: 'loopback' as const, expires_at: inMinutes(10) }

const opened = vi.fn()
/** Whether the browser takes it that somebody has just pressed a button. jsdom has no opinion. */
let isActive = true

beforeEach(() => {
  isActive = true
  opened.mockReset()
  vi.spyOn(window, 'open').mockImplementation((...args) => {
    opened(...args)
    return null
  })
  Object.defineProperty(navigator, 'userActivation', {
    configurable: true,
    value: {
      get isActive() {
        return isActive
      },
    },
  })
})
afterEach(closeConsole)

/** A core in which a sign-in begins, and what it is then. */
function signingIn({
  begun = oauthIntegration('github', { waiting, issuer: 'https://login.example.com' }),
  start = {},
}: { begun?: Integration; start?: Partial<AuthorizationStart> } = {}) {
  const authorize = vi.fn(() =>
    Promise.resolve({
      authorization_url: PAGE,
      opened: false,
      redirect_uri: 'http://127.0.0.1:7420/oauth/callback',
      expires_at: waiting.expires_at,
      ...start,
    }),
  )
  const get = vi.fn(() => Promise.resolve(begun))
  const cancel_authorization = vi.fn(() => Promise.resolve())
  const operations = (more: object = {}) =>
    ({ integrations: { authorize, get, cancel_authorization, ...more } }) as unknown as FakeCore['operations'] & object
  return { authorize, get, cancel_authorization, operations }
}

const panel = () => screen.findByRole('region', { name: 'Sign-in' })

describe('adding a server that wants a sign-in', () => {
  const refused: TestResult = {
    ok: false,
    suggested_transport: null,
    suggested_auth: 'oauth2',
    message: 'This server wants a sign-in (OAuth). Choose OAuth 2.',
    error: { code: 'authorization_required', message: 'The server answered 401.', field: 'credentials.api_token' },
    steps: [{ step: 'negotiate', state: 'failed', message: 'The server answered 401.', duration_ms: 3 }],
    tool_count: 0,
    tool_names: [],
    protocol_version: null,
    server_info: null,
    duration_ms: 9,
  }

  it('takes the URL, a test that says so, one button, and the browser', async () => {
    const core = signingIn()
    const create = vi.fn((_new: unknown) => Promise.resolve(oauthIntegration('github')))
    const test_draft = () => Promise.resolve({ next: () => Promise.resolve({ done: true, value: refused }) })
    openConsole('/integrations/new', { operations: core.operations({ create, test_draft }) })
    await userEvent.type(await screen.findByLabelText(/^Paste a server URL/), 'https://github.example.com/mcp')
    expect(screen.queryByText(/sign in/i)).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: 'Test connection' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Use OAuth 2' }))

    // Nothing is to be filled in, and Enter adds it.
    expect(screen.queryByLabelText('API token')).toBeNull()
    expect(screen.queryByLabelText('Client ID')).toBeNull()
    expect(screen.queryByText('The server answered 401.')).toBeNull()
    const add = screen.getByRole('button', { name: /^Add and sign in/ })
    expect(document.activeElement).toBe(add)
    await userEvent.keyboard('{Enter}')
    await within(await panel()).findByText('Waiting for your browser')
    expect(create.mock.lastCall?.[0]).toMatchObject({ auth_type: 'oauth2', auth: {} })
    expect(core.authorize).toHaveBeenCalledExactlyOnceWith({ name: 'github', open: true })
    expect(opened).toHaveBeenCalledExactlyOnceWith(PAGE, '_blank', 'noopener,noreferrer')
    expect(window.location.hash).toBe('#/integrations/github/tools')
    screen.getByText('Its tools appear here once you are signed in.')
  })

  it('of which the stored test says so, changes it and begins', async () => {
    const core = signingIn()
    const update = vi.fn((_changes: unknown) => Promise.resolve(oauthIntegration('github')))
    const test_draft = () => Promise.resolve({ next: () => Promise.resolve({ done: true, value: refused }) })
    openConsole('/integrations/github/tools', {
      integrations: [integration('github', { connection: connection('needs_auth') })],
      operations: core.operations({ update, test_draft }),
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Test connection' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Use OAuth 2' }))
    await within(await panel()).findByText('Waiting for your browser')
    expect(update.mock.lastCall?.[0]).toEqual({ name: 'github', auth_type: 'oauth2', auth: {}, credentials: {} })
    expect(window.location.hash).toBe('#/integrations/github/overview')
  })

  it('opens what is special about it only when asked, and what is wrong with it by itself', async () => {
    openConsole('/integrations/new')
    await userEvent.type(await screen.findByLabelText(/^Paste a server URL/), 'https://github.example.com/mcp')
    await userEvent.click(screen.getByRole('radio', { name: 'OAuth 2' }))
    await userEvent.click(screen.getByRole('button', { name: /^Advanced: client/ }))
    screen.getByText('http://127.0.0.1:1/oauth/callback')
    await userEvent.click(screen.getByRole('radio', { name: 'The app (link)' }))
    screen.getByText('gatehouse://oauth/callback')
    await userEvent.click(screen.getByRole('radio', { name: 'The client itself' }))
    expect(screen.queryByText('gatehouse://oauth/callback')).toBeNull()
    screen.getByRole('button', { name: /^Add and show tools/ })
    await userEvent.type(screen.getByLabelText('Token URL'), 'nowhere')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await screen.findByText('Enter a full URL, for example https://login.example.com.')
  })
})

describe('the sign-in of an integration', () => {
  it('shows the page by a link where the browser opens none', async () => {
    isActive = false
    const core = signingIn()
    openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github')],
      operations: core.operations(),
    })
    await userEvent.click(within(await panel()).getByRole('button', { name: 'Authorise' }))
    const link = await screen.findByRole('link', { name: 'Open the sign-in page' })
    expect([link.getAttribute('href'), link.getAttribute('rel')]).toEqual([PAGE, 'noopener noreferrer'])
    expect(opened).not.toHaveBeenCalled()
    expect(document.activeElement).toBe(await panel())
  })

  it('opens nothing that the core opened already', async () => {
    const core = signingIn({ start: { opened: true } })
    openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github')],
      operations: core.operations(),
    })
    await userEvent.click(within(await panel()).getByRole('button', { name: 'Authorise' }))
    await within(await panel()).findByText(/^Sign in on the page that opened at login\.example\.com\./)
    expect(opened).not.toHaveBeenCalled()
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'gatehouse://x', 'nonsense'])('never opens %s', async (url) => {
    const core = signingIn({ start: { authorization_url: url } })
    openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github')],
      operations: core.operations(),
    })
    await userEvent.click(within(await panel()).getByRole('button', { name: 'Authorise' }))
    await screen.findByText('The server named a sign-in page that is no web address.')
    expect(opened).not.toHaveBeenCalled()
    expect(screen.queryByRole('link', { name: 'Open the sign-in page' })).toBeNull()
  })

  it('that waits can be opened again and cancelled', async () => {
    const core = signingIn()
    openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github', { waiting })],
      operations: core.operations(),
    })
    const shown = within(await panel())
    await userEvent.click(shown.getByRole('button', { name: 'Open again' }))
    await waitFor(() => expect(opened).toHaveBeenCalledOnce())
    core.get.mockImplementation(() => Promise.resolve(oauthIntegration('github')))
    await userEvent.click(shown.getByRole('button', { name: 'Cancel' }))
    await shown.findByText('Not signed in yet')
    expect(core.cancel_authorization).toHaveBeenCalledExactlyOnceWith({ name: 'github' })
    shown.getByRole('button', { name: 'Authorise' })
  })

  it('becomes the tools as soon as the core says so', async () => {
    const { stores } = openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github', { waiting })],
    })
    const shown = within(await panel())
    const granted = oauthIntegration('github', {
      state: 'signed_in',
      renews: true,
      scopes: ['repo'],
      issuer: 'https://login.example.com',
    })
    act(() => stores.integrations.getState().put(granted))
    shown.getByText('Signed in, renews by itself')
    shown.getByText('login.example.com')
    shown.getByText('repo')
    expect(shown.getByRole('button', { name: 'Sign in again' })).toBeDefined()
  })

  it('shows what a server hides in its words, and the first of many scopes', async () => {
    const message = 'Ask\u200B the administrator.'
    const scopes = ['re\u202Epo', ...Array.from({ length: 24 }, (_, index) => `s${index}`)]
    const issuers = ['https://one.example.com', 'https://two.example.com/a\u200Bb']
    const { stores } = openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github', { issuers, problem: { code: 'access_denied', message } })],
      operations: {
        integrations: { authorize: () => Promise.reject(new ORPCError('access_denied', { message: 'No\u200B.' })) },
      },
    })
    const section = await panel()
    const shown = within(section)
    const issuer = 'https://login.example.com'
    expect(section.textContent).toContain('AskU+200B the administrator.')
    await userEvent.click(shown.getByRole('combobox', { name: 'Authorization server' }))
    await screen.findByRole('option', { name: 'https://two.example.com/aU+200Bb' })
    await userEvent.keyboard('{Escape}')
    await userEvent.click(shown.getByRole('button', { name: 'Authorise' }))
    await waitFor(() => expect(section.textContent).toContain('NoU+200B.'))
    act(() => stores.integrations.getState().put(oauthIntegration('github', { state: 'signed_in', issuer, scopes })))
    expect(section.textContent).toContain('for reU+202Epo s0 s1')
    expect(section.textContent).toContain('s18 and 5 more')
    expect(section.textContent).not.toContain('s19')
  })

  it('can be given up', async () => {
    const disconnect = vi.fn(() => Promise.resolve(oauthIntegration('github')))
    const signedIn = oauthIntegration('github', { state: 'signed_in', expires_at: inMinutes(58.5) })
    openConsole('/integrations/github/overview', {
      integrations: [signedIn],
      operations: { integrations: { disconnect } },
    })
    const shown = within(await panel())
    shown.getByText('Signed in, expires in 58 min')
    await userEvent.click(shown.getByRole('button', { name: 'Sign out' }))
    await shown.findByText('Not signed in yet')
    expect(disconnect).toHaveBeenCalledExactlyOnceWith({ name: 'github' })
  })

  it('can be forgotten when it has ended', async () => {
    openConsole('/integrations/github/overview', { integrations: [oauthIntegration('github', { state: 'ended' })] })
    const shown = within(await panel())
    expect(shown.getByRole('button', { name: 'Sign out' })).toBeDefined()
  })

  it('says why it could not begin, and what helps', async () => {
    const refusal = new ORPCError('vault_locked', { message: 'The vault is locked. Unlock it first.' })
    openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github')],
      operations: { integrations: { authorize: () => Promise.reject(refusal) } },
    })
    const shown = within(await panel())
    await userEvent.click(shown.getByRole('button', { name: 'Authorise' }))
    await shown.findByText('The vault is locked. Unlock it first.')
    shown.getByRole('button', { name: 'Unlock' })
    expect(shown.getByRole('button', { name: 'Authorise' }).getAttribute('aria-disabled')).toBeNull()
  })

  it('is explained once, where it ended', async () => {
    const message = 'The server no longer accepts the sign-in of 3 May. Sign in again.'
    openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github', { state: 'ended', problem: { code: 'invalid_grant', message } })],
    })
    const shown = within(await panel())
    shown.getByText('The sign-in has ended')
    shown.getByText(message)
    shown.getByRole('button', { name: 'Sign in again' })
    expect(screen.queryByRole('region', { name: 'Last error' })).toBeNull()
  })

  it('that needs a client by hand says with which redirect URI, and leads to its field', async () => {
    const message = 'login.example.com gives no client by itself. Register one there.'
    openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github', { problem: { code: 'registration_needed', message } })],
    })
    const shown = within(await panel())
    shown.getByText('http://127.0.0.1:7420/oauth/callback')
    await userEvent.click(shown.getByRole('button', { name: 'Enter the client' }))
    await waitFor(() => expect(window.location.hash).toBe('#/integrations/github/connection'))
    await screen.findByLabelText('Client ID')
  })

  it('offers the servers where one may sign in', async () => {
    const issuers = ['https://one.example.com', 'https://two.example.com']
    const update = vi.fn((_changes: unknown) => Promise.resolve(oauthIntegration('github')))
    openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github', { issuers, issuer: issuers[0] ?? null })],
      operations: { integrations: { update } } as unknown as FakeCore['operations'] & object,
    })
    await userEvent.click(within(await panel()).getByRole('combobox', { name: 'Authorization server' }))
    await userEvent.click(await screen.findByRole('option', { name: 'https://two.example.com' }))
    expect(update.mock.lastCall?.[0]).toEqual({
      name: 'github',
      auth: { oauth: { ...usualSettings, issuer: 'https://two.example.com' } },
    })
  })

  it.each([
    ['a stored secret would go there', 'https://two.example.com', { credentials: { client_secret: '••••' } }],
    ['it is inside of this network', 'http://127.0.0.1:9200', {}],
  ])('offers no server where %s', async (_why, other, changes) => {
    const issuers = ['https://one.example.com', other]
    openConsole('/integrations/github/overview', { integrations: [oauthIntegration('github', { issuers }, changes)] })
    within(await panel()).getByText('Not signed in yet')
    expect(screen.queryByRole('combobox', { name: 'Authorization server' })).toBeNull()
  })

  it('of a client asks nobody', async () => {
    const clientOnly = { auth: { oauth: { ...usualSettings, grant_type: 'client_credentials' as const } } }
    const core = signingIn({
      begun: oauthIntegration('github', { state: 'signed_in', renews: true }, clientOnly),
      start: { authorization_url: null },
    })
    openConsole('/integrations/github/overview', {
      integrations: [oauthIntegration('github', {}, clientOnly)],
      operations: core.operations(),
    })
    const shown = within(await panel())
    await userEvent.click(shown.getByRole('button', { name: 'Get a token' }))
    await shown.findByText('Has a token, renews by itself')
    expect(opened).not.toHaveBeenCalled()
  })

  it('is no matter of other kinds of authentication', async () => {
    openConsole('/integrations/notes/overview', { integrations: [integration('notes')] })
    await screen.findByText('MCP endpoint')
    expect(screen.queryByRole('region', { name: 'Sign-in' })).toBeNull()
  })
})

describe('the catalog', () => {
  it('counts who needs a sign-in, and begins one', async () => {
    const core = signingIn()
    openConsole('/integrations', {
      integrations: [
        oauthIntegration('github', {}, { connection: { ...connection('needs_auth'), next_retry_at: inMinutes(10) } }),
        oauthIntegration('gone', { state: 'ended' }, { status: 'disabled' }),
        integration('notes'),
      ],
      operations: core.operations(),
    })
    const row = await screen.findByRole('row', { name: /github/ })
    screen.getByRole('link', { name: /^Integrations.*1 to sign in/ })
    // Trying again by itself would change nothing.
    within(row).getByText('Needs sign-in')
    await userEvent.click(within(row).getByRole('button', { name: 'Authorise' }))
    await within(await panel()).findByText('Waiting for your browser')
    expect(window.location.hash).toBe('#/integrations/github/overview')
    expect(core.authorize).toHaveBeenCalledOnce()
  })

  it('says which one needs more access', async () => {
    openConsole('/integrations', {
      integrations: [oauthIntegration('github', { state: 'signed_in', missing_scopes: ['repo', 'user'] })],
    })
    const row = await screen.findByRole('row', { name: /github/ })
    within(row).getByText('Connected')
    expect(within(row).getByRole('button', { name: 'Needs more access' }).title).toContain('repo user')
    expect(screen.queryByText(/to sign in/)).toBeNull()
  })
})
