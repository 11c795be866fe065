import { describe, expect, it } from 'vitest'
import { sameTarget } from '../../../src/main/integrations/connection-target.ts'
import { credentialProblems } from '../../../src/main/integrations/credential-problems.ts'
import {
  restSecrets,
  secretFields,
  upstreamSecrets,
  usedFields,
  type RestConnection,
} from '../../../src/main/integrations/credentials.ts'
import { maskFields } from '../../../src/main/integrations/masked-credentials.ts'
import type { Credentials } from '../../../src/shared/contract/integrations.ts'
import { McpSettings, RestChanges } from '../../../src/shared/contract/integrations.ts'

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'
const TLS_KEY = '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----'

function rest(settings: Partial<RestConnection> = {}, place: object = {}): RestConnection {
  const parsed = RestChanges.parse({ base_url: 'https://api.example.com/v1', ...place })
  return { protocol: 'rest', rest: parsed, authType: 'none', authHeaderPrefix: 'Bearer', auth: {}, ...settings }
}

describe('where a credential goes', () => {
  const given = secretFields({ api_token: 't', api_key: 'k', username: 'u', password: 'p' })
  const nowhere = { headers: {}, query: {}, cookies: {} }

  it.each<[string, Partial<RestConnection>, object]>([
    ['none', { authType: 'none' }, {}],
    ['bearer', { authType: 'bearer' }, { headers: { Authorization: 'Bearer t' } }],
    [
      'bearer, other prefix',
      { authType: 'bearer', authHeaderPrefix: 'Token' },
      { headers: { Authorization: 'Token t' } },
    ],
    ['a key', { authType: 'api_key' }, { headers: { 'X-API-Key': 'k' } }],
    ['a key in the query', { authType: 'api_key', auth: { in: 'query', header_name: 'key' } }, { query: { key: 'k' } }],
    [
      'a key in the query, whatever the prefix is for headers',
      { authType: 'api_key', authHeaderPrefix: 'Token', auth: { in: 'query', header_name: 'key' } },
      { query: { key: 'k' } },
    ],
    [
      'a key in a cookie',
      { authType: 'api_key', auth: { in: 'cookie', header_name: 'sid' } },
      { cookies: { sid: 'k' } },
    ],
    ['basic', { authType: 'basic' }, { headers: { Authorization: 'Basic dTpw' } }],
  ])('%s', (_name, settings, expected) => {
    expect(restSecrets(rest(settings), given)).toEqual({ ...nowhere, ...expected })
  })

  it('basic takes a user without a password, and the other way round', () => {
    const basic = (credentials: Credentials) =>
      restSecrets(rest({ authType: 'basic' }), secretFields(credentials)).headers.Authorization
    expect(basic({ username: 'u' })).toBe(`Basic ${btoa('u:')}`)
    expect(basic({ username: '', password: 'p' })).toBe(`Basic ${btoa(':p')}`)
    expect(basic({})).toBeUndefined()
  })

  it('an MCP server over HTTP takes basic as well, and a command does not', () => {
    const settings = { authType: 'basic', authHeaderPrefix: 'Bearer', auth: {}, protocol: 'mcp' } as const
    const mcp = McpSettings.parse({ transport: 'http', server_url: 'https://example.com/mcp' })
    expect(upstreamSecrets({ ...settings, mcp }, given).headers).toEqual({ Authorization: 'Basic dTpw' })
    const command = McpSettings.parse({ transport: 'stdio', command: 'x' })
    expect(usedFields({ ...settings, mcp: command }, given.keys())).toEqual([])
    expect(credentialProblems({ ...settings, mcp: command }, []).map(({ path }) => path)).toEqual(['auth_type'])
  })

  it('the key of a certificate goes with a certificate only', () => {
    const fields = secretFields({ tls_key: TLS_KEY })
    expect(restSecrets(rest({}, { client_certificate: CERTIFICATE }), fields)).toEqual({ ...nowhere, tlsKey: TLS_KEY })
    expect(restSecrets(rest(), fields)).toEqual(nowhere)
    expect(usedFields(rest(), fields.keys())).toEqual([])
  })
})

describe('what does not fit', () => {
  const paths = (settings: RestConnection, credentials: Credentials = {}) =>
    credentialProblems(settings, secretFields(credentials).keys(), credentials).map(({ path }) => path)

  it.each<[string, RestConnection, Credentials, string[]]>([
    ['a token in the query', rest({ authType: 'bearer', auth: { in: 'query' } }), {}, ['auth.in']],
    ['a password with bearer', rest({ authType: 'bearer' }), { password: 'p' }, ['credentials.password']],
    ['a user without auth', rest(), { username: 'u' }, ['credentials.username']],
    ['environment', rest(), { env: { A: 'b' } }, ['credentials.env']],
    ['a key without its certificate', rest(), { tls_key: TLS_KEY }, ['credentials.tls_key']],
    [
      'a secret header that is also in the open',
      rest({}, { headers: { 'x-team': 'a' } }),
      { headers: { 'X-Team': 'b' } },
      ['credentials.headers.X-Team'],
    ],
    [
      'two values for Authorization',
      rest({ authType: 'basic' }, { headers: { authorization: 'x' } }),
      { password: 'p' },
      ['auth'],
    ],
    [
      'cookies in a header beside the one of the key',
      rest({ authType: 'api_key', auth: { in: 'cookie', header_name: 'sid' } }, { headers: { Cookie: 'a=b' } }),
      { api_key: 'k' },
      ['auth'],
    ],
    ['OAuth over plain http', rest({ authType: 'oauth2' }, { base_url: 'http://example.com' }), {}, ['rest.base_url']],
    [
      'OAuth over plain http at a further origin',
      rest({ authType: 'oauth2' }, { credential_origins: ['https://a.example', 'http://b.example'] }),
      {},
      ['rest.credential_origins.1'],
    ],
  ])('%s', (_name, settings, credentials, expected) => expect(paths(settings, credentials)).toEqual(expected))

  it('is nothing where all is in its place', () => {
    const query = { in: 'query', header_name: 'Authorization' } as const
    const settings = rest({ authType: 'api_key', auth: query }, { headers: { Authorization: 'x' } })
    expect(paths(settings, { api_key: 'k' })).toEqual([])
    expect(paths(rest({ authType: 'oauth2' }, { base_url: 'http://127.0.0.1:8080' }))).toEqual([])
    expect(paths(rest({}, { client_certificate: CERTIFICATE }), { tls_key: TLS_KEY })).toEqual([])
    expect(paths(rest({ authType: 'basic' }), { username: 'u', password: 'p' })).toEqual([])
  })

  it('a key for an MCP server anywhere but in a header', () => {
    const mcp = McpSettings.parse({ transport: 'http', server_url: 'https://example.com/mcp' })
    const settings = { protocol: 'mcp', mcp, authType: 'api_key', authHeaderPrefix: '', auth: { in: 'query' } } as const
    expect(credentialProblems(settings, []).map(({ path }) => path)).toEqual(['auth.in'])
  })
})

it('masks show nothing of passwords and keys', () => {
  const fields = secretFields({ username: 'somebody@example.com', password: 'p'.repeat(20), tls_key: TLS_KEY })
  expect(maskFields(fields)).toEqual({ username: '••••.com', password: '••••', tls_key: '••••' })
})

describe('secrets that were given for one API', () => {
  const stored = rest({}, { credential_origins: ['https://files.example.com'], proxy_url: 'http://proxy.corp:3128' })

  it.each<[string, object, boolean]>([
    ['another path', { base_url: 'https://api.example.com/v2' }, true],
    ['another origin', { base_url: 'https://api.example.org/v1' }, false],
    ['another scheme', { base_url: 'http://api.example.com/v1' }, false],
    ['an origin that has them already', { credential_origins: ['https://files.example.com/x'] }, true],
    ['a further origin', { credential_origins: ['https://files.example.org'] }, false],
    ['another proxy', { proxy_url: 'http://proxy.example.org:3128' }, false],
    ['no proxy', {}, true],
  ])('%s', (_name, place, expected) => expect(sameTarget(stored, rest({}, place))).toBe(expected))
})
