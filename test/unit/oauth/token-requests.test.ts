import { describe, expect, test } from 'vitest'
import { OAuthError } from '../../../src/main/oauth/oauth-error.ts'
import type { OAuthGrant } from '../../../src/main/oauth/records.ts'
import { revokeGrant } from '../../../src/main/oauth/revocation.ts'
import { clientCredentials, refreshGrant } from '../../../src/main/oauth/token-requests.ts'
import {
  answering,
  client,
  facts,
  failure,
  found,
  ISSUER,
  nothing,
  RESOURCE,
  target,
  tokens,
} from './protocol-fixture.ts'

const NOW = Date.UTC(2026, 0, 1)
const now = () => NOW
const SIGNED_IN = '2025-12-01T00:00:00.000Z'

function grant(changes: Partial<OAuthGrant> = {}): OAuthGrant {
  return {
    server: facts(),
    clientId: 'a client',
    accessToken: 'access-0',
    refreshToken: 'refresh-0',
    expiresAt: SIGNED_IN,
    obtainedAt: SIGNED_IN,
    signedInAt: SIGNED_IN,
    scopes: ['one', 'two'],
    resource: RESOURCE,
    ...changes,
  }
}

describe('a refresh', () => {
  test('takes the new tokens over, and asks for the same resource', async () => {
    const { fetch, asked } = answering(tokens({ refresh_token: 'refresh-1', scope: 'one' }))
    expect(await refreshGrant(grant(), client(), target(), { fetch, now })).toEqual({
      server: facts(),
      clientId: 'a client',
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      expiresAt: '2026-01-01T00:10:00.000Z',
      obtainedAt: '2026-01-01T00:00:00.000Z',
      signedInAt: SIGNED_IN,
      scopes: ['one'],
      resource: RESOURCE,
    })
    expect(asked[0]?.body).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-0',
      client_id: 'a client',
      resource: RESOURCE,
    })
  })

  test('takes what are scopes of what it says, and no more than settings may have', async () => {
    const many = Array.from({ length: 300 }, (_, each) => `scope-${each}`)
    const scope = ['a"b', 'tökén', 'x'.repeat(257), 'one\ntwo', ...many].join(' ')
    const { fetch } = answering(tokens({ scope }))
    expect((await refreshGrant(grant(), client(), target(), { fetch, now })).scopes).toEqual(many.slice(0, 200))
  })

  test.each([[undefined], [null], ['']])(
    'keeps the refresh token and the scopes where %j comes',
    async (nothingNew) => {
      const { fetch } = answering(tokens({ refresh_token: nothingNew, scope: nothingNew, expires_in: undefined }))
      const renewed = await refreshGrant(grant(), client(), target(), { fetch, now })
      expect(renewed).toMatchObject({ refreshToken: 'refresh-0', scopes: ['one', 'two'] })
      expect(renewed, 'the end of the old token is not that of the new one').not.toHaveProperty('expiresAt')
    },
  )

  test('is not tried without a refresh token, nor by a client of another issuer', async () => {
    const { refreshToken: _, ...without } = grant()
    const options = { fetch: nothing }
    expect((await failure(refreshGrant(without, client(), target(), options))).reason).toBe('invalid_grant')
    const other = client({ issuer: 'https://evil.example' })
    expect((await failure(refreshGrant(grant(), other, target(), options))).reason).toBe('issuer_mismatch')
  })
})

describe('answers that are not quite right', () => {
  const refreshed = async (answer: Response) =>
    await refreshGrant(grant(), client(), target(), { fetch: answering(answer).fetch, now })

  test.each([
    ['no token type', Response.json({ access_token: 'access-1' })],
    ['a token type in capitals', tokens({ token_type: 'BEARER' })],
    [
      'another type of content',
      new Response('{"access_token":"access-1"}', { headers: { 'content-type': 'text/html' } }),
    ],
    ['a life in a text', tokens({ expires_in: '600' })],
    ['an ID token that nobody asked for', tokens({ id_token: 'rubbish' })],
  ])('pass with %s', async (_, answer) => {
    expect((await refreshed(answer)).accessToken).toBe('access-1')
  })

  test('pass in the form of Slack: a type of its own, and commas between scopes', async () => {
    const slack = { ok: true, token_type: 'user', scope: 'chat:write,users:read.email', refresh_token: 'xoxe-1-2' }
    expect(await refreshed(tokens(slack))).toMatchObject({
      accessToken: 'access-1',
      refreshToken: 'xoxe-1-2',
      scopes: ['chat:write', 'users:read.email'],
    })
  })

  test.each([
    ['invalid_refresh_token', 'invalid_grant'],
    ['token_revoked', 'invalid_grant'],
    ['invalid_client_id', 'invalid_client'],
    ['bad_client_secret', 'invalid_client'],
    ['ratelimited', 'server_error'],
    ['toString', 'server_error'],
  ])("Slack's %s is %s", async (error, reason) => {
    expect((await failure(refreshed(Response.json({ ok: false, error })))).reason).toBe(reason)
  })

  test('a life beyond all dates ends somewhere', async () => {
    expect((await refreshed(tokens({ expires_in: 1e300 }))).expiresAt).toBe('2035-12-30T00:00:00.000Z')
  })

  test('a life of nothing says nothing', async () => {
    expect(await refreshed(tokens({ expires_in: 0 }))).not.toHaveProperty('expiresAt')
  })

  test.each([
    ['no token', tokens({ access_token: undefined })],
    ['an empty token', tokens({ access_token: '' })],
    ['a token that is no text', tokens({ access_token: { a: 1 } })],
    ['a token with a line break', tokens({ access_token: 'secret-token\r\nX-Evil: 1' })],
    ['a token with letters beyond ASCII', tokens({ access_token: 'secret-tökén' })],
    ['a token of more letters than a header has', tokens({ access_token: `secret-token${'x'.repeat(16_384)}` })],
    ['a long refresh token', tokens({ refresh_token: `secret-token${'x'.repeat(16_384)}` })],
    ['a refresh token with a line break', tokens({ refresh_token: 'secret-token\r\n' })],
    ['a token that is bound to a key', tokens({ access_token: 'secret-token', token_type: 'dpop-like' })],
    ['a life that is none', tokens({ access_token: 'secret-token', expires_in: -1 })],
    ['no JSON', new Response('secret-token', { status: 200 })],
    ['a list', Response.json(['secret-token'])],
    ['nothing', new Response(null, { status: 204 })],
    ['a redirect', new Response(null, { status: 302, headers: { location: 'https://evil.example' } })],
    ['an error without a form', new Response('secret-token', { status: 400 })],
  ])('fail with %s, and repeat nothing of it', async (_, answer) => {
    const error = await failure(refreshed(answer))
    expect(error.reason).toBe('invalid_answer')
    expect(`${error.message} ${error.fix} ${error.stack}`).not.toContain('secret-token')
  })

  test.each([500, 502, 503, 429])('trouble of the server is told from a refusal: %d', async (status) => {
    const error = await failure(refreshed(Response.json({ error: 'invalid_grant' }, { status })))
    expect(error).toMatchObject({ reason: 'server_error', status })
  })

  test('what the fetch throws passes as it is', async () => {
    const unreachable = new OAuthError('unreachable', 'No answer.', { fix: 'Wait.' })
    const aborted = new DOMException('Over', 'AbortError')
    for (const error of [unreachable, aborted]) {
      const { fetch } = answering(error)
      await expect(refreshGrant(grant(), client(), target(), { fetch })).rejects.toBe(error)
    }
  })
})

describe('errors that have a name', () => {
  const refused = async (body: object, { status = 400, headers = {}, owner = client() } = {}) => {
    const { fetch } = answering(Response.json(body, { status, headers }))
    return await failure(refreshGrant(grant(), owner, target(), { fetch }))
  }

  test.each([
    'invalid_client',
    'invalid_grant',
    'invalid_request',
    'invalid_scope',
    'invalid_target',
    'unauthorized_client',
    'unsupported_grant_type',
  ])('%s', async (error) => {
    expect(await refused({ error })).toMatchObject({ reason: error, status: 400 })
  })

  test('invalid_client comes with a challenge, and says what to do for each kind of client', async () => {
    const answer = { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }
    const ours = await refused({ error: 'invalid_client' }, answer)
    expect(ours).toMatchObject({ reason: 'invalid_client', status: 401 })
    expect(ours.fix).toContain('Sign in again')
    const owner = client({ registration: 'pre_registered' })
    expect((await refused({ error: 'invalid_client' }, { ...answer, owner })).fix).toContain('client ID')
  })

  test('an error with status 200 is one', async () => {
    expect(await refused({ error: 'invalid_grant' }, { status: 200 })).toMatchObject({ reason: 'invalid_grant' })
  })

  test('the words of the server are shown without what was secret in the request', async () => {
    const owner = client({ clientSecret: 'client-secret', method: 'client_secret_post' })
    const error_description = 'refresh-0 of client-secret is over.'
    const { message } = await refused({ error: 'invalid_grant', error_description }, { owner })
    expect(message).toContain('“•••• of •••• is over”')
  })
})

describe('client credentials', () => {
  const machine = client({ clientSecret: 'secret', method: 'client_secret_basic', redirectUris: [] })

  test('ask for scopes, resource and audience, and keep no refresh token', async () => {
    const { fetch, asked } = answering(tokens({ refresh_token: 'refresh-1' }))
    const settings = target({ grant_type: 'client_credentials', scopes: ['a', 'b'], audience: 'https://api.example' })
    const granted = await clientCredentials(found({ scopes: ['c'] }), machine, settings, { fetch, now })
    expect(granted).toMatchObject({ accessToken: 'access-1', scopes: ['a', 'b'], resource: RESOURCE })
    expect(granted).not.toHaveProperty('refreshToken')
    const { body, headers } = asked[0] ?? {}
    const parameters = { scope: 'a b', resource: RESOURCE, audience: 'https://api.example' }
    expect(body).toEqual({ grant_type: 'client_credentials', ...parameters })
    expect(headers?.authorization).toBe(`Basic ${Buffer.from('a%20client:secret').toString('base64')}`)
  })

  test('ask for what the resource wants, or for nothing', async () => {
    const { fetch, asked } = answering(tokens(), tokens())
    const settings = target({ grant_type: 'client_credentials' })
    await clientCredentials(found({ scopes: ['c'] }), machine, settings, { fetch })
    await clientCredentials(found({ resource: undefined }), machine, settings, { fetch })
    expect(asked.map(({ body }) => body)).toEqual([
      { grant_type: 'client_credentials', scope: 'c', resource: RESOURCE },
      { grant_type: 'client_credentials' },
    ])
  })
})

describe('a grant is taken back', () => {
  const ok = () => new Response(null, { status: 200 })

  test('the refresh token first', async () => {
    const { fetch, asked } = answering(ok(), ok())
    await revokeGrant(grant(), client(), target(), { fetch })
    expect(asked.map(({ url, body }) => [url, body.token, body.token_type_hint])).toEqual([
      [`${ISSUER}/revoke`, 'refresh-0', 'refresh_token'],
      [`${ISSUER}/revoke`, 'access-0', 'access_token'],
    ])
  })

  test('where the settings say, or nowhere', async () => {
    const { revocation_endpoint: _, ...server } = facts()
    await revokeGrant(grant({ server }), client(), target(), { fetch: nothing })
    const { fetch, asked } = answering(ok())
    const { refreshToken: _none, ...accessOnly } = grant({ server })
    await revokeGrant(accessOnly, client(), target({ revocation_url: `${ISSUER}/typed` }), { fetch })
    expect(asked.map(({ url }) => url)).toEqual([`${ISSUER}/typed`])
  })

  test('each is tried, and a failure told', async () => {
    const { fetch, asked } = answering(Response.json({ error: 'invalid_client' }, { status: 401 }), ok())
    expect((await failure(revokeGrant(grant(), client(), target(), { fetch }))).reason).toBe('invalid_client')
    expect(asked).toHaveLength(2)
    const unsupported = answering(ok(), Response.json({ error: 'unsupported_token_type' }, { status: 400 }))
    await revokeGrant(grant(), client(), target(), unsupported)
  })

  test('not at another issuer', async () => {
    const other = client({ issuer: 'https://evil.example' })
    expect((await failure(revokeGrant(grant(), other, target(), { fetch: nothing }))).reason).toBe('issuer_mismatch')
  })
})
