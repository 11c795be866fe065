import { describe, expect, test } from 'vitest'
import { finishAuthorization } from '../../../src/main/oauth/authorization-response.ts'
import type { PendingAuthorization, ServerFacts } from '../../../src/main/oauth/records.ts'
import {
  answering,
  client,
  facts,
  failure,
  ISSUER,
  nothing,
  REDIRECT,
  RESOURCE,
  target,
  tokens,
} from './protocol-fixture.ts'

const NOW = Date.UTC(2026, 0, 1)
const STATE = 'the-right-state'
const VERIFIER = 'v'.repeat(43)
const now = () => NOW

function pending(changes: Partial<PendingAuthorization> = {}): PendingAuthorization {
  return {
    state: STATE,
    codeVerifier: VERIFIER,
    server: facts(),
    client: client(),
    redirectUri: REDIRECT,
    scopes: ['asked'],
    resource: RESOURCE,
    expiresAt: new Date(NOW + 60_000).toISOString(),
    authorizationUrl: `${ISSUER}/authorize`,
    ...changes,
  }
}

const back = (params: Record<string, string> = {}) => new URLSearchParams({ state: STATE, code: 'the-code', ...params })
const promised = (more: Partial<ServerFacts> = {}) =>
  facts({ authorization_response_iss_parameter_supported: true, ...more })

test('a code is redeemed with its verifier, redirect URI and resource', async () => {
  const { fetch, asked } = answering(tokens({ refresh_token: 'refresh-1', scope: 'given other' }))
  const options = { target: target(), fetch, now }
  expect(await finishAuthorization(pending(), back(), options)).toEqual({
    server: facts(),
    clientId: 'a client',
    accessToken: 'access-1',
    refreshToken: 'refresh-1',
    expiresAt: '2026-01-01T00:10:00.000Z',
    obtainedAt: '2026-01-01T00:00:00.000Z',
    signedInAt: '2026-01-01T00:00:00.000Z',
    scopes: ['given', 'other'],
    resource: RESOURCE,
  })
  expect(asked).toMatchObject([
    {
      url: `${ISSUER}/token`,
      body: {
        grant_type: 'authorization_code',
        code: 'the-code',
        code_verifier: VERIFIER,
        redirect_uri: REDIRECT,
        client_id: 'a client',
        resource: RESOURCE,
      },
    },
  ])
})

test('without a word on scopes or life, those that were asked for count, and the life is not known', async () => {
  const { fetch } = answering(tokens({ expires_in: undefined }))
  const grant = await finishAuthorization(pending(), back(), { target: target(), fetch, now })
  expect(grant.scopes).toEqual(['asked'])
  expect(grant).not.toHaveProperty('expiresAt')
  expect(grant).not.toHaveProperty('refreshToken')
})

describe('no token is asked for', () => {
  const refused = async (params: URLSearchParams, changes: Partial<PendingAuthorization> = {}) =>
    await failure(finishAuthorization(pending(changes), params, { target: target(), fetch: nothing, now }))

  test.each([
    ['another state', back({ state: 'the-wrong-state' })],
    ['a beginning of the state', back({ state: STATE.slice(0, -1) })],
    ['no state', new URLSearchParams({ code: 'the-code' })],
    ['two states', new URLSearchParams(`state=${STATE}&state=${STATE}&code=x`)],
  ])('with %s', async (_, params) => {
    expect((await refused(params)).reason).toBe('unknown_state')
  })

  test('after ten minutes', async () => {
    const error = await refused(back(), { expiresAt: new Date(NOW).toISOString() })
    expect(error.reason).toBe('unknown_state')
  })

  // RFC 9207, 2.4: promised or not, there or not, right or not.
  test.each([
    ['promised and absent', promised(), back()],
    ['promised and another', promised(), back({ iss: 'https://evil.example' })],
    ['not promised and another', facts(), back({ iss: 'https://evil.example' })],
    ['with a slash more', promised(), back({ iss: `${ISSUER}/` })],
    ['in capitals', promised(), back({ iss: ISSUER.toUpperCase() })],
    ['empty', promised(), back({ iss: '' })],
    ['twice', promised(), new URLSearchParams([...back(), ['iss', ISSUER], ['iss', 'https://evil.example']])],
  ])('when the issuer is %s', async (_, server, params) => {
    const error = await refused(params, { server })
    expect(error.reason).toBe('issuer_mismatch')
    expect(error.message).not.toContain('evil')
  })

  test('nor is a word shown of an error from another issuer', async () => {
    const text = { error: 'access_denied', error_description: 'Call 555 and tell your password' }
    const params = new URLSearchParams({ state: STATE, ...text, iss: 'https://evil.example' })
    for (const server of [promised(), facts()]) {
      const error = await refused(params, { server })
      expect(error.reason).toBe('issuer_mismatch')
      expect(`${error.message} ${error.fix}`).not.toContain('555')
    }
  })

  test('when the person said no, and the words of the server are cleaned', async () => {
    const text = { error: 'access_denied', error_description: `No\u0000\n\u202e ${STATE} ${'long '.repeat(100)}` }
    const params = new URLSearchParams({ state: STATE, ...text, iss: ISSUER })
    const { reason, message } = await refused(params, { server: promised() })
    expect(reason).toBe('access_denied')
    expect(message).toContain('“No ••••')
    expect(message).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(message).not.toContain(STATE)
    expect(message.length).toBeLessThan(300)
  })

  test.each([
    ['invalid_scope', 'invalid_scope'],
    ['temporarily_unavailable', 'server_error'],
    ['something_new', 'server_error'],
    ['<script>', 'server_error'],
  ])('after the error %s', async (code, reason) => {
    const error = await refused(new URLSearchParams({ state: STATE, error: code }))
    expect(error.reason).toBe(reason)
    expect(error.message).not.toContain('<')
  })

  test.each([
    ['without a code', new URLSearchParams({ state: STATE })],
    ['with two codes', new URLSearchParams([...back(), ['code', 'another']])],
    ['with tokens in the address', back({ id_token: 'x.y.z' })],
    ['with an answer in a JWT', back({ response: 'x.y.z' })],
  ])('%s', async (_, params) => {
    expect((await refused(params)).reason).toBe('invalid_answer')
  })
})

test.each([
  ['promised', promised()],
  ['not promised', facts()],
])('an issuer that is right passes, %s', async (_, server) => {
  const { fetch } = answering(tokens())
  const params = back({ iss: ISSUER })
  const grant = await finishAuthorization(pending({ server }), params, { target: target(), fetch, now })
  expect(grant.accessToken).toBe('access-1')
})

describe('an ID token', () => {
  const seconds = Math.floor(Date.now() / 1000)
  const idToken = (claims: object, alg = 'ES256') => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const all = { iss: ISSUER, aud: 'a client', sub: 'ada', iat: seconds, exp: seconds + 60, ...claims }
    return `${part({ alg })}.${part(all)}.${Buffer.from('signature').toString('base64url')}`
  }
  const signIn = (id_token: string | undefined, changes: Partial<PendingAuthorization> = { nonce: 'the-nonce' }) =>
    finishAuthorization(pending(changes), back(), {
      target: target(),
      fetch: answering(tokens({ id_token })).fetch,
      now,
    })

  test('has the nonce that was sent', async () => {
    expect((await signIn(idToken({ nonce: 'the-nonce' }))).accessToken).toBe('access-1')
    expect((await signIn(undefined)).accessToken, 'none came, none is used').toBe('access-1')
  })

  test.each([
    ['another nonce', { nonce: 'another' }],
    ['no nonce', {}],
    ['another issuer', { nonce: 'the-nonce', iss: 'https://evil.example' }],
    ['another client', { nonce: 'the-nonce', aud: 'somebody' }],
    ['an end long ago', { nonce: 'the-nonce', exp: seconds - 3600 }],
  ])('with %s ends the sign-in', async (_, claims) => {
    expect((await failure(signIn(idToken(claims)))).reason).toBe('invalid_answer')
  })

  test('that nobody asked for is not looked at', async () => {
    expect((await signIn('rubbish', {})).accessToken).toBe('access-1')
  })
})
