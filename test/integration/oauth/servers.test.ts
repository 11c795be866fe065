import { createHash, randomBytes } from 'node:crypto'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import * as sse from '@modelcontextprotocol/sdk/client/sse.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach, describe, expect, test } from 'vitest'
import { followAuthorization } from '../../helpers/follow-authorization.ts'
import {
  startAuthorizationServer,
  startProtectedServer,
  type AuthorizationServerProcess,
} from '../../helpers/oauth-servers.ts'
import type { AuthorizationServerConfig } from '../../servers/authorization/switches.ts'
import type { ProtectedServerConfig } from '../../servers/protected/switches.ts'

const REDIRECT = 'http://127.0.0.1:1/oauth/callback'
const running: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()))
})

async function authorizationServer(config?: AuthorizationServerConfig): Promise<AuthorizationServerProcess> {
  const server = await startAuthorizationServer(config)
  running.push(server)
  return server
}

async function protectedServer(config: ProtectedServerConfig) {
  const server = await startProtectedServer(config)
  running.push(server)
  return server
}

async function register(issuer: string): Promise<string> {
  const response = await fetch(`${issuer}/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      redirect_uris: [REDIRECT],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    }),
  })
  expect(response.status).toBe(201)
  return ((await response.json()) as { client_id: string }).client_id
}

/** A sign-in by hand: what every client has to do, in as few lines. */
async function signIn(issuer: string, resource: string, more: Record<string, string> = {}) {
  const client_id = await register(issuer)
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const query = { client_id, response_type: 'code', redirect_uri: REDIRECT, state: 'here', resource, ...more }
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
  const url = `${issuer}/auth?${new URLSearchParams({ ...query, ...pkce }).toString()}`
  const back = new URL(await followAuthorization(url))
  const code = back.searchParams.get('code') ?? ''
  const exchange = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: REDIRECT }
  const tokens = await token(issuer, { ...exchange, client_id, resource })
  return { back, client_id, tokens }
}

async function token(issuer: string, form: Record<string, string>): Promise<Record<string, string>> {
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) })
  return (await response.json()) as Record<string, string>
}

const rpc = (method: string, params: object = {}) => ({ jsonrpc: '2.0', id: 1, method, params })
const post = (url: string, body: object, bearer?: string) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify(body),
  })

test('a sign-in without a browser, a refresh that rotates, and its replay that ends the grant', async () => {
  const { issuer, requests } = await authorizationServer({ path: '/tenant' })
  const resource = 'http://127.0.0.1:1/mcp'
  const { back, client_id, tokens } = await signIn(issuer, resource)

  expect(back.href).toContain(REDIRECT)
  expect(back.searchParams.get('state')).toBe('here')
  expect(back.searchParams.get('iss')).toBe(issuer)
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'tools:read' })
  const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '', client_id, resource }
  const renewed = await token(issuer, refresh)
  expect(renewed.access_token).not.toBe(tokens.access_token)
  expect(renewed.refresh_token).not.toBe(tokens.refresh_token)
  expect(await token(issuer, refresh)).toMatchObject({ error: 'invalid_grant' })
  expect(await token(issuer, { ...refresh, refresh_token: renewed.refresh_token ?? '' })).toMatchObject({
    error: 'invalid_grant',
  })
  expect((await requests('token')).map(({ body, status }) => [body.grant_type, status])).toEqual([
    ['authorization_code', 200],
    ['refresh_token', 200],
    ['refresh_token', 400],
    ['refresh_token', 400],
  ])
})

test('the switches change what endpoints answer, and records are forgotten', async () => {
  const { issuer, change } = await authorizationServer()
  const metadata = `${issuer}/.well-known/oauth-authorization-server`
  await change({ endpoints: { metadata: { drop: ['code_challenge_methods_supported'], add: { issuer: 'x' } } } })
  const document = (await (await fetch(metadata)).json()) as Record<string, unknown>
  expect(document.issuer).toBe('x')
  expect(document).not.toHaveProperty('code_challenge_methods_supported')

  await change({ endpoints: { metadata: null, callback: { drop: ['iss'], add: { state: 'another' } } } })
  const { back, client_id, tokens } = await signIn(issuer, 'http://127.0.0.1:1/mcp')
  expect(back.searchParams.has('iss')).toBe(false)
  expect(back.searchParams.get('state')).toBe('another')

  const form = { grant_type: 'refresh_token', client_id, refresh_token: tokens.refresh_token ?? '' }
  const busy = { answer: { status: 503, body: 'busy' }, grantType: 'refresh_token', times: 1 }
  await change({ endpoints: { token: busy } })
  expect((await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) })).status).toBe(503)
  await change({ endpoints: { token: { loseAnswer: true, times: 1 } } })
  await expect(token(issuer, form)).rejects.toThrow()
  expect(await token(issuer, form)).toMatchObject({ error: 'invalid_grant' })
  await change({ forget: ['Client'] })
  expect(await token(issuer, form)).toMatchObject({ error: 'invalid_client' })

  await change({ consent: 'denied', endpoints: { callback: null } })
  const denied = await signIn(issuer, 'http://127.0.0.1:1/mcp')
  expect(denied.back.searchParams.get('error')).toBe('access_denied')
})

test('a protected server says where to sign in, and takes the tokens that are for it', async () => {
  const { issuer } = await authorizationServer()
  const server = await protectedServer({ issuers: [issuer], challengeScope: 'tools:read' })
  const refused = await post(server.url, rpc('initialize'))
  expect(refused.status).toBe(401)
  const document = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? ''
  expect(await (await fetch(document)).json()).toMatchObject({ resource: server.url, authorization_servers: [issuer] })

  const { tokens } = await signIn(issuer, server.url)
  const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  const begun = await post(server.url, rpc('initialize', initialize), tokens.access_token)
  expect(begun.status).toBe(200)
  expect(begun.headers.get('mcp-session-id')).not.toBeNull()
  const call = rpc('tools/call', { name: 'whoami', arguments: {} })
  const answer = await (await post(server.modernUrl, call, tokens.access_token)).text()
  expect(answer, 'for another resource').toContain('invalid_token')
  const write = await post(server.url, rpc('tools/call', { name: 'write' }), tokens.access_token)
  expect(write.status).toBe(403)
  expect(write.headers.get('www-authenticate')).toContain('error="insufficient_scope"')

  await server.change({ refuse: 'seen' })
  expect((await post(server.url, rpc('ping'), tokens.access_token)).status).toBe(401)
  const again = await signIn(issuer, server.apiUrl, { scope: 'tools:read tools:write' })
  const api = await fetch(`${server.apiUrl}/items`, {
    method: 'POST',
    headers: { authorization: `Bearer ${again.tokens.access_token}` },
  })
  expect(await api.json()).toMatchObject({ path: '/api/items', scopes: ['tools:read', 'tools:write'] })
  const seen = (await server.requests()).map(({ rpc: called, path, status }) => [called ?? path, status])
  expect(seen).toEqual([
    ['initialize', 401],
    ['initialize', 200],
    ['tools/call whoami', 401],
    ['tools/call write', 403],
    ['ping', 401],
    ['/api/items', 200],
  ])
})

test('client credentials and a client by its metadata document', async () => {
  const id = 'https://client.example/gatehouse.json'
  const document = {
    client_id: id,
    client_name: 'Gatehouse',
    application_type: 'native',
    redirect_uris: [REDIRECT],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
  const machine = {
    client_id: 'machine',
    client_secret: 'machine-secret',
    token_endpoint_auth_method: 'client_secret_post' as const,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  }
  const { issuer } = await authorizationServer({ clients: [machine], metadataDocuments: { [id]: document } })
  const metadata = (await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()) as object
  expect(metadata).toMatchObject({ client_id_metadata_document_supported: true })

  const { client_id, client_secret } = machine
  const form = { grant_type: 'client_credentials', scope: 'tools:write', resource: 'http://127.0.0.1:1/mcp' }
  expect(await token(issuer, { ...form, client_id, client_secret })).toMatchObject({ scope: 'tools:write' })
  expect(await token(issuer, { ...form, client_id, client_secret: 'wrong' })).toMatchObject({ error: 'invalid_client' })

  const challenge = createHash('sha256').update('a'.repeat(43)).digest('base64url')
  const query = { client_id: id, response_type: 'code', redirect_uri: REDIRECT, code_challenge: challenge }
  const url = `${issuer}/auth?${new URLSearchParams({ ...query, code_challenge_method: 'S256' }).toString()}`
  const code = new URL(await followAuthorization(url)).searchParams.get('code') ?? ''
  const exchange = { grant_type: 'authorization_code', code, code_verifier: 'a'.repeat(43), redirect_uri: REDIRECT }
  expect(await token(issuer, { ...exchange, client_id: id })).toMatchObject({ token_type: 'Bearer' })
})

describe('the tools of the protected server are called with a token', () => {
  const transports = {
    url: (url: URL, requestInit: RequestInit) => new StreamableHTTPClientTransport(url, { requestInit }),
    modernUrl: (url: URL, requestInit: RequestInit) => new StreamableHTTPClientTransport(url, { requestInit }),
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    sseUrl: (url: URL, requestInit: RequestInit) => new sse.SSEClientTransport(url, { requestInit }),
  }

  test.each(Object.keys(transports) as (keyof typeof transports)[])('at its %s', async (place) => {
    const { issuer } = await authorizationServer()
    const server = await protectedServer({ issuers: [issuer] })
    const { tokens, client_id } = await signIn(issuer, server[place])
    const client = new Client({ name: 'test', version: '1' })
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    await client.connect(transports[place](new URL(server[place]), { headers }))
    const { content } = await client.callTool({ name: 'whoami', arguments: {} })
    expect(JSON.stringify(content)).toContain(client_id)
    await client.close()
  })
})
