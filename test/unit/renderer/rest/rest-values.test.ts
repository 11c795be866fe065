import { describe, expect, it } from 'vitest'
import { restAddErrors, emptyRestAddValues, toNewRest } from '../../../../src/renderer/features/rest/rest-add-values.ts'
import { restErrors } from '../../../../src/renderer/features/rest/rest-errors.ts'
import {
  emptyRestValues,
  restValuesOf,
  type RestValues,
  storedInRest,
  toRestConnection,
  toRestCredentials,
  withoutStoredInRest,
} from '../../../../src/renderer/features/rest/rest-values.ts'
import { slugOfApi } from '../../../../src/renderer/features/rest/slug-of-api.ts'
import { NewIntegration } from '../../../../src/shared/contract/integrations.ts'
import { integration } from '../integration-fixture.ts'

const valid = { ...emptyRestValues(), base_url: 'https://api.example.com' }
const certificate = '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----'
const key = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----'
const errorsOf = (changes: Partial<RestValues>) =>
  Object.fromEntries(restErrors({ ...valid, ...changes }).map(({ field, message }) => [field, message]))

describe('the form becomes what the contract takes', () => {
  it('with everything', () => {
    const values = {
      ...emptyRestAddValues(),
      ...valid,
      name: 'billing',
      auth_type: 'basic' as const,
      username: 'me',
      password: ' with spaces ',
      headers: [
        { name: 'X-Team', value: 'core', secret: false },
        { name: 'X-Secret', value: 's', secret: true },
      ],
      timeout_s: '30',
      retries: '',
      ca: certificate,
      client_certificate: certificate,
      tls_key: key,
      proxy_url: 'http://proxy.corp:3128',
      credential_origins: 'https://files.example.com\n\n',
    }
    const input = toNewRest(values, [])
    expect(input).toMatchObject({
      credentials: { username: 'me', password: ' with spaces ', tls_key: key, headers: { 'X-Secret': 's' } },
      rest: {
        headers: { 'X-Team': 'core' },
        timeout_s: 30,
        retries: 2,
        ca: certificate,
        proxy_url: 'http://proxy.corp:3128',
        credential_origins: ['https://files.example.com'],
      },
    })
    expect(NewIntegration.parse(input)).toEqual(input)
    expect(restAddErrors(values, new Set())).toEqual([])
    expect(restAddErrors(values, new Set(['billing']))).toEqual([
      { field: 'name', message: 'billing is already used in this workspace.' },
    ])
  })

  it('and no secret of a kind that is not chosen goes along', () => {
    expect(toRestCredentials({ ...valid, auth_type: 'none', token: 't', username: 'u', password: 'p' })).toBeUndefined()
    expect(toRestConnection({ ...valid, auth_type: 'none', header_name: 'X' }).auth).toEqual({})
  })
})

it('tells each mistake at its field, in words that say what to enter', () => {
  expect(errorsOf({ base_url: 'ftp://x' })).toHaveProperty('base_url')
  expect(errorsOf({ base_url: 'https://x.example/?a=1' })).toEqual({
    base_url: 'A base URL has no query and no fragment.',
  })
  expect(errorsOf({ timeout_s: 'soon', max_concurrency: '0', retries: '9', max_answer_kib: '1.5' })).toEqual({
    timeout_s: 'Enter whole seconds from 1 to 600.',
    max_concurrency: 'Enter a whole number from 1 to 256.',
    retries: 'Enter a whole number from 0 to 5.',
    max_answer_kib: 'Enter whole kibibytes from 1 to 131,072.',
  })
  expect(errorsOf({ ca: 'x', client_certificate: 'y', tls_key: 'z' })).toEqual({
    ca: 'Paste a certificate in PEM form (-----BEGIN …).',
    client_certificate: 'Paste a certificate in PEM form (-----BEGIN …).',
    tls_key: 'Paste a private key in PEM form.',
  })
  expect(errorsOf({ proxy_url: 'proxy', credential_origins: 'files' })).toMatchObject({
    proxy_url: expect.stringContaining('for example') as string,
    credential_origins: expect.stringContaining('one URL a line') as string,
  })
  const twice = [1, 2].map(() => ({ name: 'X-A', value: '1', secret: false }))
  expect(errorsOf({ headers: twice })).toEqual({ 'headers.1.name': 'X-A is listed twice.' })
  expect(errorsOf({ auth_type: 'basic', username: 'a:b', password: 'p' })).toHaveProperty('username')
})

it('shows what is stored, keeps it, and empties it to be entered again', () => {
  const stored = restValuesOf(
    integration('billing', {
      protocol: 'rest',
      mcp: null,
      rest: { ...toRestConnection(valid).rest, tools: [], source: null },
      auth_type: 'api_key',
      auth: { header_name: 'key', in: 'cookie' },
      credentials: { api_key: '••••', tls_key: '••••', headers: { 'X-S': '••••' } },
    }),
  )
  expect(stored).toMatchObject({ auth_type: 'api_key', header_name: 'key', key_place: 'cookie', stored_token: '••••' })
  expect(toRestConnection(stored).auth).toEqual({ header_name: 'key', in: 'cookie' })
  expect(storedInRest(stored)).toBe(3)
  expect(toRestCredentials(stored)).toBeUndefined()
  const emptied = withoutStoredInRest(stored)
  expect(storedInRest(emptied)).toBe(0)
  expect(emptied.headers).toEqual([{ name: 'X-S', value: '', secret: true }])
})

it.each([
  ['https://billing.corp.example.com/v1', 'billing'],
  ['https://api.github.com', 'github'],
  ['https://api.internal.acme.io/rest', 'acme'],
  ['http://localhost:3000/notes/api', 'notes'],
  ['http://127.0.0.1:8080/api/v2', 'local-8080'],
  ['https://b', 'b'],
  ['billing', ''],
])('%s is called %s', (url, name) => {
  expect(slugOfApi(url)).toBe(name)
})
