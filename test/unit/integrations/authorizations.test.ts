import { sql } from 'kysely'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { OAuthClient, OAuthGrant, PendingAuthorization, ServerFacts } from '../../../src/main/oauth/records.ts'
import {
  Integration,
  IntegrationChanges,
  NewRestIntegration,
  type NewMcpIntegration,
} from '../../../src/shared/contract/integrations.ts'
import { FakeKeeper, freshProfile, httpInput, start, type Profile, type Started } from './service-fixture.ts'

const ISSUER = 'https://as.example.com'
const server: ServerFacts = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
}
const client: OAuthClient = {
  issuer: ISSUER,
  clientId: 'dynamic-client',
  clientSecret: 'client-secret-of-a-registration',
  method: 'client_secret_basic',
  registration: 'dynamic',
  redirectUris: ['http://127.0.0.1:7420/oauth/callback'],
}
const grant: OAuthGrant = {
  server,
  clientId: client.clientId,
  accessToken: 'access-token-one-a1a1',
  refreshToken: 'refresh-token-one-b2b2',
  obtainedAt: '2026-01-01T00:00:00.000Z',
  signedInAt: '2026-01-01T00:00:00.000Z',
  scopes: ['tools:read'],
}
const pending: PendingAuthorization = {
  state: 'state-of-the-sign-in-c3c3',
  codeVerifier: 'code-verifier-of-it-d4d4',
  server,
  client,
  redirectUri: 'http://127.0.0.1:7420/oauth/callback',
  scopes: [],
  expiresAt: '2026-01-01T00:10:00.000Z',
  authorizationUrl: `${ISSUER}/authorize?state=state-of-the-sign-in-c3c3`,
}

let profile: Profile
let app: Started

beforeEach(async () => {
  profile = freshProfile()
  app = await start(profile)
})

async function again(): Promise<void> {
  await app.stop()
  app = await start(profile)
}

const oauth = (fields: Record<string, unknown> = {}): NewMcpIntegration =>
  httpInput({ name: 'tracker', auth_type: 'oauth2', ...fields })

/** The newest that was made. */
function keeper(): FakeKeeper {
  const found = app.keepers.at(-1)
  if (found === undefined) throw new Error('nobody keeps a grant')
  return found
}

const get = () => app.integrations.get('default', 'tracker')
const stored = async () =>
  (await app.database.kysely.selectFrom('secrets').select('field').orderBy('field').execute()).map(({ field }) => field)

async function signedIn(fields: Record<string, unknown> = {}): Promise<FakeKeeper> {
  await app.integrations.create('default', oauth(fields))
  await keeper().keep({ client, grant })
  return keeper()
}

describe('what a sign-in leaves', () => {
  it('is sealed, is there after a restart, and is shown to nobody', async () => {
    const { parts } = await signedIn()
    await parts.records.write({ pending })
    expect(await stored()).toEqual(['oauth.client', 'oauth.grant', 'oauth.pending'])
    await again()
    expect(keeper().parts.records.read()).toEqual({ client, grant, pending })
    const shown = JSON.stringify([app.integrations.list('default'), get()])
    for (const secret of [grant.accessToken, grant.refreshToken, pending.state, client.clientSecret]) {
      expect(shown).not.toContain(secret)
      app.log.info(`the server said ${secret ?? ''}`)
    }
    expect(get().credentials).toEqual({})
    expect(Integration.parse(get())).toEqual(get())
    expect(app.lines.join('')).not.toMatch(/token-one|code-verifier|state-of|secret-of/)
  })

  it('is replaced record by record, and what is null is gone', async () => {
    const { parts } = await signedIn()
    const next = { ...grant, accessToken: 'access-token-two-e5e5' }
    await parts.records.write({ grant: next, client: null })
    expect(parts.records.read()).toEqual({ grant: next })
    expect(await stored()).toEqual(['oauth.grant'])
    await again()
    expect(keeper().parts.records.read()).toEqual({ grant: next })
  })

  it('stays as it was when not all of it can be written', async () => {
    const { parts } = await signedIn()
    const fields = sql`field IN ('oauth.pending', 'oauth.client')`
    await sql`CREATE UNIQUE INDEX one_of_two ON secrets (integration_id) WHERE ${fields}`.execute(app.database.kysely)
    const next = { ...grant, accessToken: 'access-token-two-e5e5' }
    await expect(parts.records.write({ grant: next, client, pending })).rejects.toThrow(/UNIQUE/)
    expect(parts.records.read()).toEqual({ client, grant })
    await again()
    expect(keeper().parts.records.read()).toEqual({ client, grant })
  })

  it('is apart from the credentials of the admin: neither replaces the other', async () => {
    const credentials = { client_id: 'mine', client_secret: 'my-client-secret-1234' }
    await signedIn({ credentials })
    expect(get().credentials).toEqual({ client_id: '••••', client_secret: '••••' })
    const changed = await app.integrations.update('default', 'tracker', {
      credentials: { ...credentials, client_secret: 'a-new-client-secret-5678' },
    })
    expect(changed.credentials).toEqual({ client_id: '••••', client_secret: '••••' })
    expect(await stored()).toEqual(['client_id', 'client_secret', 'oauth.client', 'oauth.grant'])
    expect(keeper().parts.target().credentials).toEqual({
      clientId: 'mine',
      clientSecret: 'a-new-client-secret-5678',
      privateKey: undefined,
    })
  })

  it('is sealed anew with another key of the vault, and taken over', async () => {
    const kept = await signedIn()
    await app.vault.rotate()
    expect(kept.parts.records.read()).toEqual({ client, grant })
    await again()
    expect(keeper().parts.records.read()).toEqual({ client, grant })
  })

  it('goes with a vault that is erased', async () => {
    const kept = await signedIn()
    await app.vault.reset()
    expect(kept.current()).toBeUndefined()
    expect(get().oauth).toMatchObject({ state: 'signed_out' })
    expect(app.pool.of('tracker').failure).toMatchObject({ code: 'authorization_required' })
  })

  it('can not be read or written while the vault is locked, and is taken over when it opens', async () => {
    await signedIn()
    await app.stop()
    profile.keychain.broken = true
    app = await start(profile)
    expect(get()).toMatchObject({ connection: { state: 'locked', error: { code: 'vault_locked' } } })
    expect(app.pool.of('tracker').failure).toMatchObject({ code: 'vault_locked' })
    await expect(keeper().parts.records.write({ pending })).rejects.toMatchObject({ code: 'vault_locked' })
    profile.keychain.broken = false
    await app.vault.unlock()
    expect(keeper().current()).toBe(`Bearer ${grant.accessToken}`)
    expect(get().connection.state).toBe('connected')
  })

  it('is revoked and erased with its integration', async () => {
    const kept = await signedIn()
    await app.integrations.remove('default', 'tracker')
    expect([kept.revoked, kept.closed]).toEqual([1, true])
    expect(await stored()).toEqual([])
  })

  it('comes back with an integration whose deletion is undone, and is revoked when it is not', async () => {
    const kept = await signedIn()
    await app.integrations.remove('default', 'tracker', { undoMs: 60_000 })
    expect([kept.revoked, kept.closed]).toEqual([0, true])
    await app.integrations.restore('default', 'tracker')
    expect(get().oauth).toMatchObject({ state: 'signed_in', issuer: ISSUER })
    await app.integrations.remove('default', 'tracker', { undoMs: 60_000 })
    const { keepers } = app
    await app.stop()
    expect(keepers.map(({ revoked }) => revoked).filter((count) => count > 0)).toEqual([1])
  })
})

describe('a change', () => {
  const elsewhere = { transport: 'http', server_url: 'https://other.example.com/mcp', era: 'auto' } as const
  it.each<[string, object, string[]]>([
    ['of the server', { mcp: { ...elsewhere, headers: {}, isolation: 'shared' } }, ['oauth.client']],
    [
      'of the path of the server',
      { mcp: { ...oauth().mcp, server_url: 'https://mcp.example.com/other' } },
      ['oauth.client'],
    ],
    ['of the issuer', { auth: { oauth: { issuer: 'https://other.example.com' } } }, ['oauth.client']],
    ['of the client', { auth: { oauth: { client_id: 'another' } } }, ['oauth.client']],
    ['of the resource', { auth: { oauth: { resource: 'https://other.example.com/' } } }, ['oauth.client']],
    ['of the auth type', { auth_type: 'none' }, []],
    ['of the scopes', { auth: { oauth: { scopes: ['more'] } } }, ['oauth.client', 'oauth.grant']],
    ['of its name', { display_name: 'Tracker' }, ['oauth.client', 'oauth.grant']],
    ['of a header', { auth: { oauth: {} }, enabled_tools: ['x'] }, ['oauth.client', 'oauth.grant']],
  ])('%s keeps only what it is still good for', async (_what, changes, fields) => {
    const kept = await signedIn()
    await app.integrations.update('default', 'tracker', IntegrationChanges.parse(changes))
    expect(await stored()).toEqual(fields)
    const signedOut = !fields.includes('oauth.grant')
    expect(kept.closed).toBe(signedOut)
    if (get().auth_type === 'oauth2') expect(get().oauth?.state).toBe(signedOut ? 'signed_out' : 'signed_in')
    else expect(get().oauth).toBeNull()
  })

  it.each([
    ['another origin that gets credentials', { credential_origins: ['https://evil.example.com'] }],
    ['a proxy in between', { proxy_url: 'http://evil.example.com:3128' }],
  ])('of a REST API: %s ends the grant', async (_what, place) => {
    const rest = { base_url: 'https://api.example.com', tools: [] }
    const input = NewRestIntegration.parse({ name: 'tracker', protocol: 'rest', auth_type: 'oauth2', rest })
    await app.integrations.create('default', input)
    await keeper().keep({ client, grant })
    await app.integrations.update('default', 'tracker', IntegrationChanges.parse({ rest: { ...rest, ...place } }))
    expect(await stored()).toEqual(['oauth.client'])
  })

  it.each<[string, object, boolean]>([
    ['of the issuer', { auth: { oauth: { issuer: 'https://other.example.com' } } }, true],
    ['of the auth type', { auth_type: 'none' }, true],
    ['of the scopes', { auth: { oauth: { scopes: ['more'] } } }, false],
    ['of its name', { display_name: 'Issues' }, false],
  ])('%s gives a grant back that ends with it: %j, %s', async (_what, changes, ends) => {
    await signedIn({ credentials: { client_id: 'mine', client_secret: 'my-client-secret-1234' } })
    await app.integrations.update('default', 'tracker', IntegrationChanges.parse(changes))
    const leaving = app.keepers.filter(({ revoked }) => revoked > 0)
    expect(leaving).toHaveLength(ends ? 1 : 0)
    if (!ends) return
    // With all that it was got with, and nothing of it is kept.
    const { target, records, settings } = leaving[0]?.parts ?? keeper().parts
    expect(settings().issuer).toBeUndefined()
    expect(target()).toMatchObject({
      settings: { grant_type: 'authorization_code' },
      credentials: { clientId: 'mine', clientSecret: 'my-client-secret-1234' },
    })
    expect(records.read()).toEqual({ client })
    expect(await stored()).not.toContain('oauth.grant')
  })

  it('does not wait until a grant was given back, and neither does the end for long', async () => {
    await signedIn()
    const silent = vi.spyOn(FakeKeeper.prototype, 'disconnect').mockReturnValue(new Promise(() => undefined))
    onTestFinished(() => silent.mockRestore())
    await app.integrations.update('default', 'tracker', IntegrationChanges.parse({ mcp: { ...elsewhere } }))
    const leaving = silent.mock.contexts as FakeKeeper[]
    expect(leaving.map(({ closed }) => closed)).toEqual([false])
    await app.stop()
    expect(leaving.map(({ closed }) => closed)).toEqual([true])
  })

  it('that can not be stored leaves the grant', async () => {
    const kept = await signedIn()
    await sql`CREATE TRIGGER full BEFORE UPDATE ON integrations BEGIN SELECT RAISE(ABORT, 'full'); END`.execute(
      app.database.kysely,
    )
    const changes = IntegrationChanges.parse({ mcp: { ...elsewhere } })
    await expect(app.integrations.update('default', 'tracker', changes)).rejects.toThrow(/full/)
    expect(app.keepers.filter(({ revoked }) => revoked > 0)).toEqual([])
    expect(kept.closed).toBe(true)
    expect(get().oauth?.state).toBe('signed_in')
  })

  it('of its name is known to who keeps the grant', async () => {
    const kept = await signedIn()
    expect(kept.parts.title()).toBe('tracker')
    await app.integrations.update('default', 'tracker', { display_name: 'Issues' })
    expect(kept.closed).toBe(false)
    expect(kept.parts.title()).toBe('Issues')
  })

  it('keeps no grant anew before it is over', async () => {
    const kept = await signedIn()
    const made = app.keepers.length
    let during = 0
    // What is on its way is waited for, and others ask meanwhile.
    kept.close = () => {
      get()
      during = app.keepers.length
      return Promise.resolve()
    }
    await app.integrations.update('default', 'tracker', IntegrationChanges.parse({ mcp: { ...elsewhere } }))
    expect(during).toBe(made)
    expect(get().oauth?.state).toBe('signed_out')
    expect(app.keepers.length).toBeGreaterThan(made)
  })

  it('of the client identifier among the credentials ends the grant', async () => {
    await signedIn({ credentials: { client_id: 'mine', client_secret: 'my-client-secret-1234' } })
    const credentials = { client_id: 'another', client_secret: 'my-client-secret-1234' }
    await app.integrations.update('default', 'tracker', { credentials })
    expect(get().oauth?.state).toBe('signed_out')
  })

  it('that only needs another secret is told to who keeps the grant', async () => {
    const kept = await signedIn({ credentials: { client_id: 'mine', client_secret: 'my-client-secret-1234' } })
    const { loads } = kept
    await app.integrations.update('default', 'tracker', {
      credentials: { client_id: 'mine', client_secret: 'a-new-client-secret-5678' },
    })
    expect(kept.closed).toBe(false)
    expect(kept.loads).toBeGreaterThan(loads)
  })
})

describe('the connection', () => {
  it('is not tried before somebody signs in, and is made when somebody did', async () => {
    await app.integrations.create('default', oauth({ display_name: 'Tracker' }))
    expect(app.pool.of('tracker').failure).toMatchObject({
      code: 'authorization_required',
      message: 'Sign in to Tracker in Gatehouse.',
      integration: 'tracker',
    })
    await keeper().keep({ client, grant })
    keeper().parts.granted()
    const { secrets } = app.pool.of('tracker')
    expect(secrets?.token?.current()).toBe(`Bearer ${grant.accessToken}`)
    expect(secrets?.headers).toEqual({})
  })

  it('with client credentials asks for its token by itself', async () => {
    const auth = { oauth: { grant_type: 'client_credentials', client_id: 'mine' } }
    await app.integrations.create('default', oauth({ auth, credentials: { client_secret: 'my-client-secret-1234' } }))
    expect(await app.pool.of('tracker').secrets?.token?.renew()).toBe('Bearer asked-for-it')
  })

  it('of a REST API has the same object of secrets for each call, with the token that holds now', async () => {
    const rest = { base_url: 'https://api.example.com/v1', tools: [] }
    const input = NewRestIntegration.parse({ name: 'tracker', protocol: 'rest', rest, auth_type: 'oauth2' })
    await app.integrations.create('default', input)
    await keeper().keep({ client, grant })
    keeper().parts.granted()
    const { spec } = app.pool.of('tracker')
    const secrets = spec.secrets()
    expect(secrets.token?.current()).toBe(`Bearer ${grant.accessToken}`)
    await keeper().keep({ grant: { ...grant, accessToken: 'access-token-two-e5e5' } })
    expect(spec.secrets()).toBe(secrets)
    expect(secrets.token?.current()).toBe('Bearer access-token-two-e5e5')
  })

  it('ends with the grant, and says so to everybody', async () => {
    const kept = await signedIn()
    kept.parts.granted()
    const events = app.emitter.subscribe('default', new AbortController().signal)
    kept.problem = { code: 'invalid_grant', message: 'The sign-in has ended. Sign in again.' }
    kept.parts.needed('ended', kept.problem.message)
    kept.parts.changed()
    expect((await events.next()).value).toEqual({
      type: 'authorization_needed',
      integration: 'tracker',
      reason: 'ended',
      message: 'The sign-in has ended. Sign in again.',
    })
    expect((await events.next()).value).toMatchObject({
      type: 'integration_changed',
      integration: {
        oauth: { state: 'ended', problem: kept.problem },
        connection: { state: 'needs_auth', error: { code: 'authorization_required', message: kept.problem.message } },
      },
    })
    app.integrations.restart('default', 'tracker')
    expect(app.pool.of('tracker').failure).toMatchObject({
      code: 'authorization_required',
      message: 'The sign-in has ended. Sign in again.',
    })
  })

  it('ends when one signs out', async () => {
    const kept = await signedIn()
    kept.parts.granted()
    const answer = await app.integrations.signIns.disconnect('default', 'tracker')
    expect(answer.oauth).toMatchObject({ state: 'signed_out' })
    expect(app.pool.of('tracker').failure).toMatchObject({ code: 'authorization_required' })
    expect(kept.revoked).toBe(1)
  })
})

describe('to sign in', () => {
  it('is for integrations with OAuth, in a workspace that may change them', async () => {
    await app.integrations.create('default', httpInput({ name: 'plain' }))
    await expect(app.integrations.signIns.authorize('default', 'plain')).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'plain does not use OAuth. Choose OAuth 2 as its authentication first.',
    })
    await expect(app.integrations.signIns.authorize('default', 'nothing')).rejects.toMatchObject({ code: 'not_found' })
    await app.integrations.create('default', oauth())
    expect(await app.integrations.signIns.authorize('default', 'tracker')).toMatchObject({
      authorization_url: 'https://as.example.com/',
    })
    await app.workspaces.update({ name: 'default', plan: 'pro' })
    await expect(app.integrations.signIns.authorize('default', 'tracker')).rejects.toMatchObject({
      code: 'plan_required',
    })
  })
})

describe('a test', () => {
  const draft = (fields: object = {}) => ({ ...oauth(), ...fields }) as NewMcpIntegration
  const probe = async (input: NewMcpIntegration) => {
    const test = app.integrations.trials.testDraft('default', input)
    while ((await test.next()).done !== true);
    return app.probed.at(-1)?.secrets.token
  }

  it('of what is not stored says that one signs in first', async () => {
    const token = await probe(draft())
    expect(token?.current()).toBeUndefined()
    await expect(token?.renew()).rejects.toMatchObject({
      code: 'authorization_required',
      message: expect.stringContaining('Save them and sign in') as string,
    })
  })

  it('uses the stored grant for the same server, and never for another', async () => {
    await signedIn()
    expect((await probe(draft()))?.current()).toBe(`Bearer ${grant.accessToken}`)
    const elsewhere = { ...draft().mcp, server_url: 'https://evil.example.com/mcp' }
    expect((await probe(draft({ mcp: elsewhere })))?.current()).toBeUndefined()
    expect((await probe(draft({ auth: { oauth: { token_url: 'https://evil.example.com/t' } } })))?.current()).toBe(
      undefined,
    )
  })

  it('of client credentials asks for a token with what was typed, and keeps nothing', async () => {
    const input = oauth({
      auth: { oauth: { grant_type: 'client_credentials', client_id: 'typed' } },
      credentials: { client_secret: 'typed-client-secret-9' },
    })
    const token = await probe(input)
    expect(await token?.renew()).toBe('Bearer asked-for-it')
    expect(token?.current()).toBe('Bearer asked-for-it')
    expect(keeper().parts.target().credentials).toMatchObject({ clientSecret: 'typed-client-secret-9' })
    expect(keeper().closed).toBe(true)
    expect(await stored()).toEqual([])
  })

  it('keeps a stored client secret bound to the issuer that it was used with', async () => {
    const auth = { oauth: { grant_type: 'client_credentials', client_id: 'mine' } }
    await app.integrations.create('default', oauth({ auth, credentials: { client_secret: 'my-client-secret-1234' } }))
    const used: OAuthClient = { ...client, clientId: 'mine', registration: 'pre_registered', redirectUris: [] }
    await keeper().keep({ client: used })
    const token = await probe(oauth({ auth: { oauth: { ...auth.oauth, audience: 'another' } } }))
    await token?.renew()
    expect(keeper().parts.records.read()).toEqual({ client: used })
  })

  it('does not take a stored client secret to another authorization server', async () => {
    const auth = { oauth: { grant_type: 'client_credentials', client_id: 'mine' } }
    await app.integrations.create('default', oauth({ auth, credentials: { client_secret: 'my-client-secret-1234' } }))
    const evil = oauth({ auth: { oauth: { ...auth.oauth, token_url: 'https://evil.example.com/token' } } })
    expect(() => app.integrations.trials.testDraft('default', evil)).toThrow(/belong to another server/)
  })
})
