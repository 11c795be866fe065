import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { clientFor, type ClientOptions } from '../../../src/main/oauth/registration.ts'
import { answering, client, facts, failure, found, ISSUER, nothing, REDIRECT, target } from './protocol-fixture.ts'

const options = (changes: Partial<ClientOptions> = {}): ClientOptions => ({
  stored: undefined,
  redirectUri: REDIRECT,
  fetch: nothing,
  ...changes,
})
const created = (body: object, status = 201) => Response.json(body, { status })
const OWN = new RegExp(`^${REDIRECT}/[0-9a-f]{32}$`)
const DOCUMENT = 'https://gatehouse.example/client.json'

describe('the order', () => {
  test('a client that a person registered goes first, and its credentials with it', async () => {
    const server = facts({ client_id_metadata_document_supported: true })
    const credentials = { clientSecret: 'its secret' }
    const settings = target({ client_id: 'by hand', client_metadata_url: DOCUMENT }, credentials)
    expect(await clientFor(found({ server }), settings, options({ stored: client() }))).toEqual({
      issuer: ISSUER,
      clientId: 'by hand',
      clientSecret: 'its secret',
      method: 'client_secret_basic',
      registration: 'pre_registered',
      redirectUris: [],
    })
    const inCredentials = target({}, { clientId: 'from credentials' })
    expect(await clientFor(found(), inCredentials, options())).toMatchObject({
      clientId: 'from credentials',
      method: 'none',
    })
  })

  test('then a Client ID Metadata Document, where the server takes one', async () => {
    const server = facts({ client_id_metadata_document_supported: true })
    const settings = target({ client_metadata_url: DOCUMENT })
    expect(await clientFor(found({ server }), settings, options({ stored: client() }))).toEqual({
      issuer: ISSUER,
      clientId: DOCUMENT,
      method: 'none',
      registration: 'metadata_document',
      redirectUris: [REDIRECT],
    })
    expect(await clientFor(found(), settings, options({ stored: client() }))).toEqual(client())
  })

  test('then a registration, as a native application without a secret', async () => {
    const { fetch, asked } = answering(created({ client_id: 'new', token_endpoint_auth_method: 'none' }))
    const given = await clientFor(found(), target(), options({ fetch }))
    expect(given).toEqual(client({ clientId: 'new', redirectUris: [expect.stringMatching(OWN) as string] }))
    expect(asked).toMatchObject([
      {
        url: `${ISSUER}/register`,
        body: {
          client_name: 'Gatehouse',
          application_type: 'native',
          redirect_uris: given.redirectUris,
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          token_endpoint_auth_method: 'none',
        },
      },
    ])
  })

  test('and else a person is told what to register', async () => {
    const server = facts()
    delete (server as { registration_endpoint?: string }).registration_endpoint
    const error = await failure(clientFor(found({ server }), target(), options()))
    expect(error.reason).toBe('registration_needed')
    expect(error.fix).toContain(REDIRECT)
  })
})

describe('a client is used again', () => {
  test.each([
    ['at another issuer', client({ issuer: 'https://other.example' })],
    [
      'with a redirect URI of another port',
      client({ redirectUris: ['http://127.0.0.1:1/oauth/callback/' + '0a'.repeat(16)] }),
    ],
    ['with another redirect URI', client({ redirectUris: ['http://127.0.0.1:1/oauth/callback'] })],
    ['when its secret is over', client({ secretExpiresAt: new Date(Date.now() - 1000).toISOString() })],
    ['when a person had registered it', client({ registration: 'pre_registered' })],
  ])('not %s', async (_, stored) => {
    const { fetch } = answering(created({ client_id: 'new' }))
    expect((await clientFor(found(), target(), options({ stored, fetch }))).clientId).toBe('new')
  })

  test('while all of that fits, and without a redirect for client credentials', async () => {
    const stored = client({ secretExpiresAt: new Date(Date.now() + 60_000).toISOString() })
    expect(await clientFor(found(), target(), options({ stored }))).toBe(stored)
    const own = client({ redirectUris: [`${REDIRECT}/${'0a'.repeat(16)}`] })
    expect(await clientFor(found(), target(), options({ stored: own }))).toBe(own)
    const machine = client({ redirectUris: [], clientSecret: 'secret', method: 'client_secret_basic' })
    const settings = target({ grant_type: 'client_credentials' })
    expect(await clientFor(found(), settings, options({ stored: machine }))).toBe(machine)
  })

  test('a client of a person is not given to an issuer that the server names later', async () => {
    const stored = client({ registration: 'pre_registered', clientId: 'by hand', issuer: 'https://true.example' })
    const settings = { client_id: 'by hand' }
    const credentials = { clientSecret: 'its secret' }
    const error = await failure(clientFor(found(), target(settings, credentials), options({ stored })))
    expect(error.reason).toBe('issuer_mismatch')
    const typed = target({ ...settings, issuer: ISSUER }, credentials)
    expect(await clientFor(found(), typed, options({ stored }))).toMatchObject({ issuer: ISSUER, clientId: 'by hand' })
  })
})

describe('the answer of a registration', () => {
  test('may be 200, and have a secret without a date', async () => {
    const body = { client_id: 'new', client_secret: 'secret', token_endpoint_auth_method: 'client_secret_post' }
    const { fetch } = answering(created({ ...body, client_name: null }, 200))
    const { redirectUris: _own, ...expected } = client({
      clientId: 'new',
      clientSecret: 'secret',
      method: 'client_secret_post',
    })
    expect(await clientFor(found(), target(), options({ fetch }))).toMatchObject(expected)
  })

  test('says until when the secret holds', async () => {
    const { fetch } = answering(created({ client_id: 'new', client_secret: 'secret', client_secret_expires_at: 2e9 }))
    expect(await clientFor(found(), target(), options({ fetch }))).toMatchObject({
      method: 'client_secret_basic',
      secretExpiresAt: '2033-05-18T03:33:20.000Z',
    })
  })

  test.each([253_402_300_800, 9_999_999_999_999, 1e300])(
    'has a secret without an end where that is %d',
    async (end) => {
      const { fetch } = answering(created({ client_id: 'new', client_secret: 'secret', client_secret_expires_at: end }))
      const given = await clientFor(found(), target(), options({ fetch }))
      expect(given).toMatchObject({ clientId: 'new', clientSecret: 'secret' })
      expect(given).not.toHaveProperty('secretExpiresAt')
    },
  )

  test.each([
    [
      'a refusal',
      created({ error: 'invalid_client_metadata', error_description: 'Not you' }, 400),
      'registration_refused',
      'Not you',
    ],
    ['a refusal without form', new Response('<h1>No</h1>', { status: 403 }), 'registration_refused', ''],
    ['an answer without a client', created({ client_secret: 'a-secret-one' }), 'registration_refused', ''],
    [
      'a client of more letters than are kept',
      created({ client_id: `a-secret-one${'x'.repeat(2048)}` }),
      'registration_refused',
      '',
    ],
    ['a client with a line break', created({ client_id: 'a-secret-one\r\n' }), 'registration_refused', ''],
    ['a client beyond ASCII', created({ client_id: 'a-secret-one-ü' }), 'registration_refused', ''],
    ['trouble', new Response('a-secret-one', { status: 503 }), 'server_error', '503'],
  ])('%s becomes words', async (_, answer, reason, words) => {
    const error = await failure(clientFor(found(), target(), options({ fetch: answering(answer).fetch })))
    expect(error.reason).toBe(reason)
    expect(error.message).toContain(words)
    expect(`${error.message} ${error.fix}`).not.toContain('a-secret-one')
    if (reason === 'registration_refused') expect(error.fix).toContain(REDIRECT)
  })
})

test('a server that knows no public clients is asked for a secret', async () => {
  const server = facts({ token_endpoint_auth_methods_supported: ['client_secret_post'] })
  const { fetch, asked } = answering(created({ client_id: 'new', client_secret: 'secret' }))
  expect(await clientFor(found({ server }), target(), options({ fetch }))).toMatchObject({
    method: 'client_secret_post',
    clientSecret: 'secret',
  })
  expect(asked[0]?.body.token_endpoint_auth_method).toBe('client_secret_post')
})

test('a client for client credentials registers without a redirect, with the public half of its key', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const server = facts({ token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic'] })
  const { fetch, asked } = answering(created({ client_id: 'machine' }))
  const settings = target({ grant_type: 'client_credentials' }, { privateKey: pem })
  expect(await clientFor(found({ server }), settings, options({ fetch }))).toMatchObject({ method: 'private_key_jwt' })
  expect(asked[0]?.body).toMatchObject({
    grant_types: ['client_credentials'],
    redirect_uris: [],
    jwks: { keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256' }] },
  })
  const { d } = privateKey.export({ format: 'jwk' })
  expect(JSON.stringify(asked)).not.toContain(d)
})
