import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { OAuthSettings } from '../../../src/shared/contract/oauth.ts'
import { beginAuthorization } from '../../../src/main/oauth/authorization-request.ts'
import { finishAuthorization } from '../../../src/main/oauth/authorization-response.ts'
import { uriOf } from '../../../src/main/oauth/callback-uri.ts'
import { discover } from '../../../src/main/oauth/discovery.ts'
import type { FoundServer } from '../../../src/main/oauth/found-server.ts'
import { oauthFetchFor } from '../../../src/main/oauth/oauth-fetch.ts'
import type { OAuthCredentials, OAuthTarget } from '../../../src/main/oauth/oauth-target.ts'
import type { OAuthClient, OAuthGrant } from '../../../src/main/oauth/records.ts'
import { clientFor } from '../../../src/main/oauth/registration.ts'
import { revokeGrant } from '../../../src/main/oauth/revocation.ts'
import { clientCredentials, refreshGrant } from '../../../src/main/oauth/token-requests.ts'
import { followAuthorization } from '../../helpers/follow-authorization.ts'
import {
  startAuthorizationServer,
  startProtectedServer,
  type AuthorizationServerProcess,
  type ProtectedServerProcess,
} from '../../helpers/oauth-servers.ts'

const REDIRECT = 'http://127.0.0.1:4747/oauth/callback'
const DOCUMENT = 'https://gatehouse.example/client.json'
const keys = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const machine = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }
const keyClient = (alg: keyof typeof keys) => ({
  ...machine,
  client_id: alg,
  token_endpoint_auth_method: 'private_key_jwt' as const,
  token_endpoint_auth_signing_alg: alg,
  jwks: { keys: [{ ...keys[alg].publicKey.export({ format: 'jwk' }), alg, use: 'sig' }] },
})
const secretClient = (method: 'client_secret_basic' | 'client_secret_post') => ({
  ...machine,
  client_id: `odd-id_${method}.~`,
  client_secret: 'a-s_e.c~ret:% +!',
  token_endpoint_auth_method: method,
})
const webClient = {
  client_id: 'web',
  client_secret: 'web-secret',
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token'],
}

let server: AuthorizationServerProcess
let resource: ProtectedServerProcess

beforeAll(async () => {
  server = await startAuthorizationServer({
    path: '/tenant',
    clients: [
      keyClient('ES256'),
      keyClient('RS256'),
      secretClient('client_secret_basic'),
      secretClient('client_secret_post'),
      webClient,
    ],
    metadataDocuments: {
      [DOCUMENT]: {
        client_id: DOCUMENT,
        client_name: 'Gatehouse',
        application_type: 'native',
        redirect_uris: [REDIRECT],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    },
  })
  resource = await startProtectedServer({ issuers: [server.issuer] })
})

afterAll(async () => {
  await Promise.all([resource.stop(), server.stop()])
})

beforeEach(async () => {
  const endpoints = { token: null, callback: null, registration: null, revocation: null, authorization: null }
  await server.change({ consent: 'granted', rotateRefreshTokens: true, endpoints })
})

function targetOf(settings: Partial<OAuthSettings> = {}, credentials: OAuthCredentials = {}): OAuthTarget {
  return { protocol: 'mcp', url: new URL(resource.url), settings: OAuthSettings.parse(settings), credentials }
}

interface SignedIn {
  found: FoundServer
  client: OAuthClient
  grant: OAuthGrant
  /** Where the browser came back to. */
  back: URL
}

async function signIn(
  target: OAuthTarget,
  { redirectUri: plain = REDIRECT, scopes }: { redirectUri?: string; scopes?: string[] } = {},
): Promise<SignedIn> {
  const fetch = oauthFetchFor(target)
  const found = await discover(target, { fetch })
  const client = await clientFor(found, target, { stored: undefined, redirectUri: plain, fetch })
  const redirectUri = uriOf(client, plain)
  const pending = await beginAuthorization(found, client, target, { redirectUri, ...(scopes && { scopes }) })
  const back = new URL(await followAuthorization(pending.authorizationUrl))
  const grant = await finishAuthorization(pending, back.searchParams, { target, fetch })
  return { found, client, grant, back }
}

async function callTool(token: string, name: string): Promise<number> {
  const response = await fetch(resource.url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } }),
  })
  await response.body?.cancel()
  // Without a session it is no good request, but it is let in.
  return response.status
}

describe('a person signs in', () => {
  test('with a client that registers itself, and what they get is renewed, used and taken back', async () => {
    const target = targetOf()
    const fetch = oauthFetchFor(target)
    const { client, grant, back } = await signIn(target)
    expect(back.href).toMatch(new RegExp(`^${REDIRECT}/[0-9a-f]{32}\\?`))
    expect(client).toMatchObject({ issuer: server.issuer, registration: 'dynamic', method: 'none' })
    expect(grant).toMatchObject({ resource: resource.url, scopes: ['tools:read', 'tools:write'] })
    expect(await callTool(grant.accessToken, 'echo')).toBe(400)

    const renewed = await refreshGrant(grant, client, target, { fetch })
    expect(renewed.accessToken).not.toBe(grant.accessToken)
    expect(renewed.refreshToken).not.toBe(grant.refreshToken)
    expect(await callTool(renewed.accessToken, 'echo')).toBe(400)
    await revokeGrant(renewed, client, target, { fetch })
    expect(await callTool(renewed.accessToken, 'echo')).toBe(401)
    await expect(refreshGrant(renewed, client, target, { fetch })).rejects.toMatchObject({ reason: 'invalid_grant' })
  })

  test.each([
    ['loopback on another port', 'http://127.0.0.1:5858/oauth/callback'],
    ['deep link', 'gatehouse://oauth/callback'],
  ])('and comes back by %s', async (_, redirectUri) => {
    const { grant, back } = await signIn(targetOf(), { redirectUri })
    expect(back.href).toMatch(new RegExp(`^${redirectUri}/[0-9a-f]{32}\\?`))
    expect(await callTool(grant.accessToken, 'echo')).toBe(400)
  })

  test('with a client that was registered by hand', async () => {
    const { client, grant } = await signIn(targetOf({ client_id: 'web' }, { clientSecret: 'web-secret' }))
    expect(client).toMatchObject({ clientId: 'web', method: 'client_secret_basic' })
    expect(await callTool(grant.accessToken, 'echo')).toBe(400)
  })

  test('with a Client ID Metadata Document', async () => {
    const { client, grant } = await signIn(targetOf({ client_metadata_url: DOCUMENT }))
    expect(client).toMatchObject({ clientId: DOCUMENT, registration: 'metadata_document' })
    expect(await callTool(grant.accessToken, 'echo')).toBe(400)
  })

  test('with OpenID Connect, whose nonce comes back', async () => {
    const scopes = ['openid', 'tools:read']
    const { grant } = await signIn(targetOf({ scopes }))
    expect(grant.accessToken).not.toBe('')
    const nonces = (await server.requests('authorization')).map(({ query }) => query.nonce)
    expect(nonces.at(-1)).toBeTruthy()
  })

  test('with fewer scopes, and a tool needs more', async () => {
    const { grant } = await signIn(targetOf(), { scopes: ['tools:read'] })
    expect(grant.scopes).toEqual(['tools:read'])
    expect(await callTool(grant.accessToken, 'write')).toBe(403)
    const more = await signIn(targetOf(), { scopes: ['tools:read', 'tools:write'] })
    expect(await callTool(more.grant.accessToken, 'write')).toBe(400)
  })

  test('or does not', async () => {
    await server.change({ consent: 'denied' })
    await expect(signIn(targetOf())).rejects.toMatchObject({ reason: 'access_denied' })
  })

  test.each([
    ['without its issuer', { drop: ['iss'] }, 'issuer_mismatch'],
    ['with another issuer', { add: { iss: 'https://evil.example' } }, 'issuer_mismatch'],
    ['with another state', { add: { state: 'x' } }, 'unknown_state'],
    ['with a code that was made up', { add: { code: 'made-up' } }, 'invalid_grant'],
  ])('and the browser comes back %s', async (_, callback, reason) => {
    await server.change({ endpoints: { callback } })
    const before = (await server.requests('token')).length
    await expect(signIn(targetOf())).rejects.toMatchObject({ reason })
    const after = (await server.requests('token')).length
    expect(after - before, 'only a code is redeemed').toBe(reason === 'invalid_grant' ? 1 : 0)
  })

  test('a code works once', async () => {
    const target = targetOf()
    const fetch = oauthFetchFor(target)
    const found = await discover(target, { fetch })
    const client = await clientFor(found, target, { stored: undefined, redirectUri: REDIRECT, fetch })
    const pending = await beginAuthorization(found, client, target, { redirectUri: uriOf(client, REDIRECT) })
    const { searchParams } = new URL(await followAuthorization(pending.authorizationUrl))
    await finishAuthorization(pending, searchParams, { target, fetch })
    const again = finishAuthorization(pending, searchParams, { target, fetch })
    await expect(again).rejects.toMatchObject({ reason: 'invalid_grant' })
  })
})

describe('a program signs in for itself', () => {
  const tokenOf = async (settings: Partial<OAuthSettings>, credentials: OAuthCredentials) => {
    const target = targetOf({ grant_type: 'client_credentials', ...settings }, credentials)
    const fetch = oauthFetchFor(target)
    const found = await discover(target, { fetch })
    const client = await clientFor(found, target, { stored: undefined, redirectUri: REDIRECT, fetch })
    return { client, grant: await clientCredentials(found, client, target, { fetch }) }
  }

  test.each(['client_secret_basic', 'client_secret_post'] as const)('with %s', async (method) => {
    const { client_id, client_secret: clientSecret } = secretClient(method)
    const { grant } = await tokenOf({ client_id, token_endpoint_auth_method: method }, { clientSecret })
    expect(grant.scopes).toEqual(['tools:read', 'tools:write'])
    expect(await callTool(grant.accessToken, 'write')).toBe(400)
    const wrong = tokenOf({ client_id, token_endpoint_auth_method: method }, { clientSecret: 'wrong-secret' })
    await expect(wrong).rejects.toMatchObject({ reason: 'invalid_client', status: 401 })
  })

  test.each(['ES256', 'RS256'] as const)('with private_key_jwt, %s', async (alg) => {
    const privateKey = keys[alg].privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const { client, grant } = await tokenOf({ client_id: alg, scopes: ['tools:read'] }, { privateKey })
    expect(client.method).toBe('private_key_jwt')
    expect(grant.scopes).toEqual(['tools:read'])
    expect(await callTool(grant.accessToken, 'echo')).toBe(400)
  })

  test('with a client that registers itself', async () => {
    const { client, grant } = await tokenOf({}, {})
    expect(client).toMatchObject({ registration: 'dynamic', method: 'client_secret_basic' })
    expect(await callTool(grant.accessToken, 'echo')).toBe(400)
  })
})

describe('what goes wrong on the way', () => {
  test('the answer of a rotation is lost: it can not be known whether the old token still holds', async () => {
    const target = targetOf()
    const fetch = oauthFetchFor(target)
    const { client, grant } = await signIn(target)
    await server.change({ endpoints: { token: { loseAnswer: true, times: 1 } } })
    await expect(refreshGrant(grant, client, target, { fetch })).rejects.toMatchObject({ reason: 'unreachable' })
    await expect(refreshGrant(grant, client, target, { fetch })).rejects.toMatchObject({ reason: 'invalid_grant' })
  })

  test('the server forgets the client', async () => {
    const target = targetOf()
    const { client, grant } = await signIn(target)
    await server.change({ forget: ['Client'] })
    const refused = refreshGrant(grant, client, target, { fetch: oauthFetchFor(target) })
    await expect(refused).rejects.toMatchObject({ reason: 'invalid_client' })
  })

  test('the server is busy, or registers nobody', async () => {
    const target = targetOf()
    const { client, grant } = await signIn(target)
    const busy = { answer: { status: 503, body: 'later' }, times: 1 }
    const closed = { answer: { status: 403, body: { error: 'access_denied' } }, times: 1 }
    await server.change({ endpoints: { token: busy, registration: closed } })
    const refresh = () => refreshGrant(grant, client, target, { fetch: oauthFetchFor(target) })
    await expect(refresh()).rejects.toMatchObject({ reason: 'server_error', status: 503 })
    await expect(signIn(target)).rejects.toMatchObject({ reason: 'registration_refused', status: 403 })
    expect((await refresh()).accessToken).not.toBe(grant.accessToken)
  })
})
