import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { OAuthSettings } from '../../../src/shared/contract/oauth.ts'
import { clientAuthOf, methodOfRegistered } from '../../../src/main/oauth/client-auth.ts'
import { signingKeyOf } from '../../../src/main/oauth/private-key.ts'
import { client, facts, failure, ISSUER, target } from './protocol-fixture.ts'

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pemOf = ({ privateKey }: typeof ec) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

async function sent(changes: Parameters<typeof client>[0], credentials: { privateKey?: string } = {}, id = 'a-b_c.d') {
  const body = new URLSearchParams()
  const headers = new Headers()
  const owner = client({ clientId: id, ...changes })
  await (
    await clientAuthOf(owner, credentials)
  )(facts(), { client_id: id }, body, headers)
  return { body: Object.fromEntries(body), authorization: headers.get('authorization') }
}

test('Basic leaves alone what servers do not decode, and encodes what would break it', async () => {
  const basic = { method: 'client_secret_basic' as const, clientSecret: 's-e_c.r~et' }
  const { authorization, body } = await sent(basic)
  expect(Buffer.from(authorization?.slice('Basic '.length) ?? '', 'base64').toString()).toBe('a-b_c.d:s-e_c.r~et')
  expect(body).toEqual({})
  const odd = await sent({ ...basic, clientSecret: 'a:b %+é' }, {}, 'https://x/y')
  const pair = Buffer.from(odd.authorization?.slice('Basic '.length) ?? '', 'base64').toString()
  expect(pair).toBe('https%3A%2F%2Fx%2Fy:a%3Ab%20%25%2B%C3%A9')
})

test('post and none say who they are in the form', async () => {
  const post = await sent({ method: 'client_secret_post', clientSecret: 'secret' })
  expect(post).toEqual({ body: { client_id: 'a-b_c.d', client_secret: 'secret' }, authorization: null })
  expect(await sent({ method: 'none' })).toEqual({ body: { client_id: 'a-b_c.d' }, authorization: null })
})

test.each([
  ['ES256', ec],
  ['RS256', rsa],
])('private_key_jwt signs with %s for the issuer, once, for less than five minutes', async (alg, pair) => {
  const assertion = async () => {
    const { body } = await sent({ method: 'private_key_jwt' }, { privateKey: pemOf(pair) })
    expect(body.client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    return body.client_assertion ?? ''
  }
  const [jwt, another] = [await assertion(), await assertion()]
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  const claims = read(payload)
  expect(read(header)).toMatchObject({ alg })
  expect(claims).toMatchObject({ iss: 'a-b_c.d', sub: 'a-b_c.d', aud: ISSUER })
  expect(claims.jti).not.toBe(read(another.split('.')[1] ?? '').jti)
  expect(Number(claims.exp) - Date.now() / 1000).toBeLessThanOrEqual(300)
  const key = { key: createPublicKey(pair.privateKey), dsaEncoding: 'ieee-p1363' as const }
  expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true)
})

describe('keys that are of no use are refused in plain words', () => {
  const encode = (key: { export(options: object): string | Buffer }) =>
    key.export({ type: 'pkcs8', format: 'pem' }).toString()
  test.each([
    ['no key', '-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----'],
    ['another curve', encode(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey)],
    ['a short RSA key', encode(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['another kind', encode(generateKeyPairSync('x25519').privateKey)],
  ])('%s', async (_, pem) => {
    const error = await failure(signingKeyOf(pem))
    expect(error.reason).toBe('settings')
    expect(error.fix).toContain('P-256')
  })
})

test.each([
  [{ method: 'client_secret_basic' as const }, 'client secret'],
  [{ method: 'private_key_jwt' as const }, 'private key'],
])('what is not there is asked for: %o', async (changes, what) => {
  expect((await failure(clientAuthOf(client(changes), {}))).fix).toContain(what)
})

const secret = { clientSecret: 'secret' }
const key = { privateKey: 'a key' }
test.each<[string, string[] | undefined, Partial<OAuthSettings>, object, string]>([
  ['without a word of the server', undefined, {}, secret, 'client_secret_basic'],
  ['where both are known', ['client_secret_post', 'client_secret_basic'], {}, secret, 'client_secret_basic'],
  ['where only post is', ['none', 'client_secret_post'], {}, secret, 'client_secret_post'],
  ['with a key alone', undefined, {}, key, 'private_key_jwt'],
  [
    'with both, where keys are known',
    ['client_secret_basic', 'private_key_jwt'],
    {},
    { ...secret, ...key },
    'private_key_jwt',
  ],
  ['with both, where they are not', ['client_secret_basic'], {}, { ...secret, ...key }, 'client_secret_basic'],
  [
    'as the settings say',
    ['client_secret_basic'],
    { token_endpoint_auth_method: 'client_secret_post' },
    secret,
    'client_secret_post',
  ],
  ['with nothing', undefined, {}, {}, 'none'],
])('the method %s', (_, supported, settings, credentials, method) => {
  const server = supported ? facts({ token_endpoint_auth_methods_supported: supported }) : facts()
  expect(methodOfRegistered(server, target(settings, credentials))).toBe(method)
})

test('settings that do not fit the credentials are told', () => {
  const method = (settings: Partial<OAuthSettings>) => () => methodOfRegistered(facts(), target(settings))
  expect(method({ grant_type: 'client_credentials' })).toThrow(/neither/)
  expect(method({ token_endpoint_auth_method: 'private_key_jwt' })).toThrow(/needs a private key/)
  expect(method({ token_endpoint_auth_method: 'client_secret_post' })).toThrow(/needs a client secret/)
})
