import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import { followAuthorization } from '../../helpers/follow-authorization.ts'
import { OAuthGateway, startServers, tokenRequests, visit, type Servers } from './authorize-fixture.ts'

// Servers and cores are started by the dozen, and the machine may be busy with others.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const TOOLS = ['notes__echo', 'notes__whoami', 'notes__write']
const echoed = { result: { content: [{ type: 'text', text: '{"message":"hello"}' }] } }

describe('somebody who signs in', () => {
  let servers: Servers
  let gateway: OAuthGateway
  const lines: string[] = []

  beforeEach(async () => {
    servers = await startServers()
    lines.length = 0
    const destination = { write: (line: string) => void lines.push(line) }
    gateway = await OAuthGateway.start({ log: createLogger({ level: 'debug', pretty: false, destination }) })
  })

  it('fills in nothing, is sent to the server that the MCP server names, and then agents call its tools', async () => {
    const added = await gateway.add(servers)
    expect(added.oauth).toMatchObject({ state: 'signed_out', problem: null })
    await gateway.until('needs_auth')
    // Nobody was asked for anything that could only be refused.
    expect(await servers.resource.requests()).toEqual([])

    const start = await gateway.client.integrations.authorize({ name: 'notes' })
    const ownPath = new RegExp(`^${gateway.app.origin}/oauth/callback/[0-9a-f]{32}$`)
    const url = new URL(start.authorization_url ?? '')
    expect(url.origin).toBe(servers.server.issuer)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: expect.stringMatching(ownPath) as string,
      resource: servers.resource.url,
    })
    expect(start).toMatchObject({ opened: false, redirect_uri: url.searchParams.get('redirect_uri') })
    // What a person would register has no path of its own.
    expect((await gateway.get()).oauth?.redirect_uri).toBe(`${gateway.app.origin}/oauth/callback`)
    expect((await gateway.get()).oauth?.waiting).toMatchObject({ redirect: 'loopback' })
    // Asked again, it is the same one.
    const again = await gateway.client.integrations.authorize({ name: 'notes' })
    expect(again.authorization_url).toBe(start.authorization_url)

    const page = await visit(start.authorization_url)
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Signed in to notes.') as string })
    const { oauth, connection } = await gateway.until('connected')
    expect(connection).toMatchObject({ tool_count: 3, error: null })
    expect(oauth).toMatchObject({
      state: 'signed_in',
      issuer: servers.server.issuer,
      registration: 'dynamic',
      scopes: ['tools:read', 'tools:write'],
      renews: true,
      waiting: null,
      problem: null,
    })
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject(echoed)
    expect(await gateway.toolNames()).toEqual(TOOLS)
  })

  it('leaves no secret in an answer, an event, an export, the audit or the log', async () => {
    const events = await gateway.follow()
    await gateway.add(servers)
    await gateway.signIn()
    await servers.resource.change({ refuse: 'seen' })
    await gateway.call('echo', { message: 'hello' })
    await gateway.client.integrations.disconnect({ name: 'notes' })
    const [token] = (await servers.resource.requests()).flatMap((request) => request.token ?? [])
    const bodies = (await servers.server.requests('token')).map(({ body }) => body)
    const secrets = ['code', 'code_verifier', 'refresh_token'].flatMap((name) =>
      bodies.flatMap((body) => (typeof body[name] === 'string' ? [body[name]] : [])),
    )
    const told = JSON.stringify([
      await gateway.get(),
      events,
      await gateway.client.transfer.export(),
      await gateway.client.audit.list({}),
      lines,
    ])
    expect(secrets.length).toBeGreaterThan(2)
    for (const secret of [token ?? '', ...secrets]) {
      expect(secret.length).toBeGreaterThan(10)
      expect(told).not.toContain(secret)
    }
    const { items } = await gateway.client.audit.list({})
    expect(items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['integrations.authorize', 'integrations.disconnect']),
    )
  })

  it('is still signed in after a restart, and nobody is asked again', async () => {
    await gateway.add(servers)
    await gateway.signIn()
    await gateway.restart()
    await gateway.until('connected')
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject(echoed)
    expect(await tokenRequests(servers, 'authorization_code')).toBe(1)
    expect(await servers.server.requests('registration')).toHaveLength(1)
  })

  it('can do so while the gateway is restarted', async () => {
    await gateway.add(servers)
    const { authorization_url: url } = await gateway.client.integrations.authorize({ name: 'notes' })
    const back = await followAuthorization(url ?? '')
    await gateway.restart()
    expect((await gateway.get()).oauth?.waiting).not.toBeNull()
    expect(await (await fetch(back)).text()).toContain('Signed in to notes.')
    await gateway.until('connected')
  })

  it('can give up, and what was granted before stays', async () => {
    await gateway.add(servers)
    await gateway.signIn()
    const { authorization_url: url } = await gateway.client.integrations.authorize({ name: 'notes' })
    await gateway.client.integrations.cancel_authorization({ name: 'notes' })
    expect((await gateway.get()).oauth).toMatchObject({ state: 'signed_in', waiting: null })
    expect((await visit(url)).text).toContain('is not known')
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject(echoed)
  })

  it('is not signed in by an answer that is forged, or comes twice', async () => {
    await gateway.add(servers)
    const { authorization_url: url } = await gateway.client.integrations.authorize({ name: 'notes' })
    const forged = await fetch(`${gateway.app.origin}/oauth/callback?code=stolen-code-1234&state=guessed`)
    const text = await forged.text()
    expect(text).toContain('is not known')
    expect(text).not.toContain('stolen-code-1234')
    expect((await gateway.get()).oauth).toMatchObject({ state: 'signed_out', waiting: {} })
    const back = await followAuthorization(url ?? '')
    expect(await (await fetch(back)).text()).toContain('Signed in to notes.')
    expect(await (await fetch(back)).text()).toContain('is not known')
    expect(await tokenRequests(servers, 'authorization_code')).toBe(1)
  })

  it('and says no is told so, and can start again', async () => {
    await servers.server.change({ consent: 'denied' })
    await gateway.add(servers)
    const { authorization_url: url } = await gateway.client.integrations.authorize({ name: 'notes' })
    expect((await visit(url)).text).not.toContain('Signed in')
    expect((await gateway.get()).oauth).toMatchObject({
      state: 'signed_out',
      waiting: null,
      problem: { code: 'access_denied' },
    })
    await servers.server.change({ consent: 'granted' })
    await gateway.signIn()
  })

  it('signs out: the tokens are revoked and forgotten, the tools stay, and a call says what to do', async () => {
    await gateway.add(servers)
    await gateway.signIn()
    const answer = await gateway.client.integrations.disconnect({ name: 'notes' })
    expect(answer.oauth).toMatchObject({ state: 'signed_out', scopes: [] })
    expect((await servers.server.requests('revocation')).length).toBeGreaterThan(0)
    await gateway.until('needs_auth')
    expect(await gateway.toolNames()).toEqual(TOOLS)
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject({
      error: {
        code: -32603,
        message: expect.stringContaining('Sign in to notes in Gatehouse') as string,
        data: { code: 'authorization_required', integration: 'notes' },
      },
    })
    await gateway.restart()
    expect((await gateway.get()).oauth).toMatchObject({ state: 'signed_out' })
    await gateway.signIn()
  })

  it('is told by a diagnosis what is missing, and then that it works', async () => {
    await gateway.add(servers)
    const diagnose = async () => {
      const diagnosis = await gateway.app.client('router').integrations.diagnose({ name: 'notes' })
      let step = await diagnosis.next()
      while (step.done !== true) step = await diagnosis.next()
      return step.value
    }
    expect(await diagnose()).toMatchObject({ ok: false })
    expect((await gateway.get()).oauth).toMatchObject({ state: 'signed_out', client_id: null })
    await gateway.signIn()
    const report = await diagnose()
    expect(report).toMatchObject({ ok: true })
    const [token] = (await servers.resource.requests()).flatMap((request) => request.token ?? [])
    expect(token).toBeTruthy()
    expect(report.text).not.toContain(token)
    await gateway.client.integrations.create({
      name: 'plain',
      mcp: { transport: 'http', server_url: servers.resource.url },
    })
    await expect(
      (async () => (await gateway.app.client('router').integrations.diagnose({ name: 'plain' })).next())(),
    ).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('revokes by deleting the integration', async () => {
    await gateway.add(servers)
    await gateway.signIn()
    await gateway.client.integrations.remove({ name: 'notes' })
    expect((await servers.server.requests('revocation')).length).toBeGreaterThan(0)
  })

  it('revokes by changing what the sign-in was for', async () => {
    await gateway.add(servers)
    await gateway.signIn()
    const auth = { oauth: { audience: 'https://other.example' } }
    const changed = await gateway.client.integrations.update({ name: 'notes', auth })
    expect(changed.oauth).toMatchObject({ state: 'signed_out' })
    await vi.waitFor(async () => {
      const hints = (await servers.server.requests('revocation')).map(({ body }) => body.token_type_hint)
      expect(hints).toEqual(['refresh_token', 'access_token'])
    })
  })

  it('can not while the vault is locked; what is connected goes on', async () => {
    await gateway.add(servers)
    await gateway.signIn()
    await gateway.client.vault.lock()
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject(echoed)
    expect((await gateway.get()).connection).toMatchObject({ state: 'locked', error: { code: 'vault_locked' } })
    await expect(gateway.client.integrations.authorize({ name: 'notes' })).rejects.toMatchObject({
      code: 'vault_locked',
      status: 423,
    })
    await gateway.client.vault.unlock({})
    await gateway.until('connected')
    await gateway.restart({ vault: { backend: 'key', key: randomBytes(32) } })
    expect(await gateway.toolNames()).toEqual(TOOLS)
    expect(await gateway.get()).toMatchObject({ connection: { state: 'locked' } })
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject({
      error: { data: { code: 'vault_locked' } },
    })
  })
})

describe('a grant', () => {
  it('is renewed once when 50 calls find that its token does not hold any more', async () => {
    const servers = await startServers()
    const gateway = await OAuthGateway.start()
    await gateway.add(servers)
    await gateway.signIn()
    await servers.resource.change({ refuse: 'seen' })
    const calls = Array.from({ length: 50 }, () => gateway.call('echo', { message: 'hello' }))
    for (const answer of await Promise.all(calls)) expect(answer).toMatchObject(echoed)
    expect(await tokenRequests(servers, 'refresh_token')).toBe(1)
    await gateway.restart()
    await gateway.until('connected')
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject(echoed)
  })

  it('that the server ended is told of, and signing in again mends it', async () => {
    const servers = await startServers()
    const gateway = await OAuthGateway.start()
    await gateway.add(servers)
    await gateway.signIn()
    const events = await gateway.follow()
    await servers.server.change({ forget: ['AccessToken', 'RefreshToken', 'Grant'] })
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject({
      error: { data: { code: 'authorization_required', integration: 'notes' } },
    })
    const { oauth, connection } = await gateway.until('needs_auth')
    expect(oauth).toMatchObject({ state: 'ended', problem: { code: 'invalid_grant' } })
    expect(connection.error).toMatchObject({ code: 'authorization_required', message: oauth?.problem?.message })
    await vi.waitFor(() =>
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'authorization_needed', integration: 'notes', reason: 'ended' }),
      ),
    )
    expect(await gateway.toolNames()).toEqual(TOOLS)
    await gateway.restart()
    expect((await gateway.until('needs_auth')).oauth).toMatchObject({ state: 'ended' })
    await gateway.signIn()
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject(echoed)
  })

  it('that is not enough for a tool stays, and signing in again adds to it', async () => {
    const servers = await startServers({ grantedScopes: ['tools:read'] })
    const gateway = await OAuthGateway.start()
    await gateway.add(servers)
    await gateway.signIn()
    const events = await gateway.follow()
    expect(await gateway.call('write')).toMatchObject({ error: { data: { code: 'authorization_required' } } })
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject(echoed)
    expect(await gateway.get()).toMatchObject({
      oauth: { state: 'signed_in', missing_scopes: ['tools:write'] },
      connection: { state: 'connected' },
    })
    expect(events).toContainEqual(expect.objectContaining({ type: 'authorization_needed', reason: 'scope' }))
    await servers.server.change({ grantedScopes: null })
    await gateway.signIn()
    expect((await gateway.get()).oauth).toMatchObject({ missing_scopes: [] })
    expect(await gateway.call('write')).toMatchObject({ result: { content: [{ text: '"written"' }] } })
  })
})

describe('a client without a person', () => {
  const machine = { client_id: 'machine', client_secret: 'machine-secret-0123456789' }
  const config = {
    clients: [
      {
        ...machine,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_basic' as const,
      },
    ],
  }
  const fields = {
    auth: { oauth: { grant_type: 'client_credentials', client_id: machine.client_id } },
    credentials: { client_secret: machine.client_secret },
  } as const

  it('is tested before it is stored, and then connects by itself', async () => {
    const servers = await startServers(config)
    const gateway = await OAuthGateway.start()
    const draft = {
      name: 'notes',
      auth_type: 'oauth2',
      mcp: { transport: 'http', server_url: servers.resource.url },
    } as const
    const test = await gateway.app.client('router').integrations.test_draft({ ...draft, ...fields })
    let step = await test.next()
    while (step.done !== true) step = await test.next()
    expect(step.value).toMatchObject({ ok: true, tool_count: 3 })
    await gateway.add(servers, fields)
    const { oauth, credentials } = await gateway.until('connected')
    expect(oauth).toMatchObject({ state: 'signed_in', registration: 'pre_registered', client_id: 'machine' })
    expect(credentials).toEqual({ client_secret: '••••' })
    expect(await gateway.call('echo', { message: 'hello' })).toMatchObject(echoed)
    expect(await gateway.client.integrations.authorize({ name: 'notes' })).toMatchObject({ authorization_url: null })
  })

  it('whose secret is wrong is not tried in a circle, and works with the right one', async () => {
    const servers = await startServers(config)
    const gateway = await OAuthGateway.start()
    await gateway.add(servers, { ...fields, credentials: { client_secret: 'not-the-secret-9876543210' } })
    const { oauth } = await gateway.until('needs_auth')
    expect(oauth?.problem?.code).toBe('invalid_client')
    const asked = await tokenRequests(servers, 'client_credentials')
    expect(asked).toBeLessThanOrEqual(2)
    await gateway.client.integrations.update({ name: 'notes', credentials: fields.credentials })
    await gateway.until('connected')
  })

  it('of a REST API calls it', async () => {
    const servers = await startServers(config)
    const gateway = await OAuthGateway.start()
    await gateway.client.integrations.create({
      name: 'notes',
      protocol: 'rest',
      rest: {
        base_url: servers.resource.apiUrl,
        tools: [{ name: 'list', method: 'GET', path: '/items' }],
      },
      auth_type: 'oauth2',
      credentials: fields.credentials,
      auth: {
        oauth: { ...fields.auth.oauth, issuer: servers.server.issuer, resource: servers.resource.apiUrl },
      },
    })
    expect(JSON.stringify(await gateway.call('list'))).toContain('/api/items')
    await servers.resource.change({ refuse: 'seen' })
    expect(JSON.stringify(await gateway.call('list'))).toContain('/api/items')
    expect(await tokenRequests(servers, 'client_credentials')).toBe(2)
  })
})

describe('the browser comes back', () => {
  const oauth = { redirect: 'deep_link' } as const

  it('by a link, to a core that gets links', async () => {
    const servers = await startServers()
    const opened: string[] = []
    const openBrowser = (url: string) => Promise.resolve(void opened.push(url))
    const gateway = await OAuthGateway.start({ deepLinks: true, openBrowser })
    await gateway.add(servers, { auth: { oauth } })
    const start = await gateway.client.integrations.authorize({ name: 'notes', open: true })
    expect(start).toMatchObject({
      opened: true,
      redirect_uri: expect.stringMatching(/^gatehouse:\/\/oauth\/callback\/[0-9a-f]{32}$/) as string,
    })
    expect(opened).toEqual([start.authorization_url])
    const link = await followAuthorization(start.authorization_url ?? '')
    expect(link).toMatch(/^gatehouse:\/\/oauth\/callback\/[0-9a-f]{32}\?/)
    expect(await gateway.app.takeDeepLink('gatehouse://integration/notes')).toBeUndefined()
    expect(await gateway.app.takeDeepLink('gatehouse://oauth/callback?state=guessed&code=x')).toMatchObject({
      ok: false,
    })
    // What is agreed is the link: the same answer at the gateway's address is refused, and the sign-in waits on.
    const elsewhere = link.replace('gatehouse://oauth/callback', `${gateway.app.origin}/oauth/callback`)
    expect(await (await fetch(elsewhere)).text()).toContain('another address')
    expect(await gateway.app.takeDeepLink(link)).toEqual({
      ok: true,
      integration: { workspace: 'default', slug: 'notes', title: 'notes' },
      message: 'Signed in to notes.',
    })
    await gateway.until('connected')
  })

  it('by a link only where there is a window for it', async () => {
    const servers = await startServers()
    const gateway = await OAuthGateway.start()
    await gateway.add(servers, { auth: { oauth } })
    await expect(gateway.client.integrations.authorize({ name: 'notes' })).rejects.toMatchObject({
      message: expect.stringContaining('choose the loopback redirect') as string,
    })
    expect((await gateway.get()).oauth?.waiting).toBeNull()
  })

  it('to a port of its own, where one is set', async () => {
    const servers = await startServers()
    const gateway = await OAuthGateway.start()
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const address = free.address()
    const redirect_port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise((resolve) => void free.close(resolve))
    await gateway.add(servers, { auth: { oauth: { redirect_port } } })
    const { redirect_uri: uri } = await gateway.client.integrations.authorize({ name: 'notes' })
    expect(uri).toMatch(new RegExp(`^http://127.0.0.1:${redirect_port}/oauth/callback/[0-9a-f]{32}$`))
    await gateway.signIn()
  })
})
