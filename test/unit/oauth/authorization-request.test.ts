import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { beginAuthorization } from '../../../src/main/oauth/authorization-request.ts'
import { client, facts, failure, found, REDIRECT, RESOURCE, target } from './protocol-fixture.ts'

const options = { redirectUri: REDIRECT }
const queryOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

test('the request has all that its answer is checked against', async () => {
  const now = () => Date.UTC(2026, 0, 1)
  const server = facts({ scopes_supported: ['offline_access'] })
  const pending = await beginAuthorization(
    found({ server, scopes: ['tools:read', 'tools:write'] }),
    client(),
    target({ audience: 'https://api.example' }),
    { ...options, now },
  )
  const challenge = createHash('sha256').update(pending.codeVerifier).digest('base64url')
  expect(queryOf(pending.authorizationUrl)).toEqual({
    response_type: 'code',
    client_id: 'a client',
    redirect_uri: REDIRECT,
    state: pending.state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    scope: 'tools:read tools:write offline_access',
    resource: RESOURCE,
    audience: 'https://api.example',
    prompt: 'consent',
  })
  expect(pending.authorizationUrl).toContain('scope=tools%3Aread%20tools%3Awrite')
  expect(pending).toMatchObject({ server, client: client(), redirectUri: REDIRECT, resource: RESOURCE })
  expect(pending.expiresAt).toBe('2026-01-01T00:10:00.000Z')
  expect(Buffer.from(pending.state, 'base64url').length, 'at least 128 bits').toBeGreaterThanOrEqual(16)
})

test('nothing is made up, and no two are the same', async () => {
  const rest = found({ resource: undefined })
  const [one, another] = await Promise.all([0, 1].map(() => beginAuthorization(rest, client(), target(), options)))
  const query = queryOf(one?.authorizationUrl ?? '')
  expect(Object.keys(query).sort()).toEqual(
    ['client_id', 'code_challenge', 'code_challenge_method', 'redirect_uri', 'response_type', 'state'].sort(),
  )
  expect(one?.state).not.toBe(another?.state)
  expect(one?.codeVerifier).not.toBe(another?.codeVerifier)
})

test('scopes: those of a step up, else those of the settings, else those of the server', async () => {
  const all = found({ scopes: ['of-server'] })
  const settings = target({ scopes: ['of-settings'] })
  const scopes = async (...[server, to, more]: [typeof all, typeof settings, object]) =>
    (await beginAuthorization(server, client(), to, { ...options, ...more })).scopes
  expect(await scopes(all, target(), {})).toEqual(['of-server'])
  expect(await scopes(all, settings, {})).toEqual(['of-settings'])
  expect(await scopes(all, settings, { scopes: ['more'] })).toEqual(['more'])
})

test('offline_access is not asked for alone, twice, or where nothing is renewed', async () => {
  const offline = { scopes_supported: ['offline_access'] }
  const scopes = async (server: object, asked: string[]) =>
    (await beginAuthorization(found({ server: facts(server), scopes: asked }), client(), target(), options)).scopes
  expect(await scopes(offline, [])).toEqual([])
  expect(await scopes(offline, ['a', 'offline_access'])).toEqual(['a', 'offline_access'])
  expect(await scopes({ ...offline, grant_types_supported: ['authorization_code'] }, ['a'])).toEqual(['a'])
  expect(await scopes({}, ['a'])).toEqual(['a'])
})

test('OpenID Connect gets a nonce', async () => {
  const { nonce, authorizationUrl } = await beginAuthorization(
    found({ scopes: ['openid'] }),
    client(),
    target(),
    options,
  )
  expect(nonce).toBeTruthy()
  expect(queryOf(authorizationUrl).nonce).toBe(nonce)
})

test('what stands in the endpoint stays, and can not take the place of our own parameters', async () => {
  const server = facts({ authorization_endpoint: 'https://as.example/o?tenant=a+b&state=theirs&client_id=x#part' })
  const { authorizationUrl, state } = await beginAuthorization(found({ server }), client(), target(), options)
  expect(queryOf(authorizationUrl)).toMatchObject({ tenant: 'a b', state, client_id: 'a client' })
  expect(new URL(authorizationUrl).searchParams.getAll('state')).toHaveLength(1)
  expect(authorizationUrl).not.toContain('#')
})

test.each([
  'javascript:alert(1)',
  'file:///etc/passwd',
  'vscode://x',
  'a:$(calc)',
  'http://as.example/authorize',
  'https://user:password@as.example/authorize',
  'https://as.example/\nauthorize',
  'https://as.example/authorize --flag',
  '\u0000https://as.example/',
  '//as.example/authorize',
])('the browser is not sent to %j', async (authorization_endpoint) => {
  const server = facts({ authorization_endpoint })
  const error = await failure(beginAuthorization(found({ server }), client(), target(), options))
  expect(error.reason).toBe('refused_address')
  expect(error.message).not.toContain(authorization_endpoint)
})

test('a client of another issuer, and a server without a page, are refused', async () => {
  const other = client({ issuer: 'https://other.example' })
  expect((await failure(beginAuthorization(found(), other, target(), options))).reason).toBe('issuer_mismatch')
  const server = facts()
  delete (server as { authorization_endpoint?: string }).authorization_endpoint
  const error = await failure(beginAuthorization(found({ server }), client(), target(), options))
  expect(error.reason).toBe('no_metadata')
})
