import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { credentialProblems } from '../../../src/main/integrations/credential-problems.ts'
import {
  secretFields,
  upstreamSecrets,
  usedFields,
  type ConnectionSettings,
  type McpConnection,
} from '../../../src/main/integrations/credentials.ts'
import { maskFields } from '../../../src/main/integrations/masked-credentials.ts'
import { MaskedCredentials, McpSettings } from '../../../src/shared/contract/integrations.ts'
import { OAuthSettings } from '../../../src/shared/contract/oauth.ts'

function http(settings: Partial<McpConnection> & { headers?: Record<string, string> } = {}): McpConnection {
  const { headers = {}, ...rest } = settings
  const mcp = McpSettings.parse({ transport: 'http', server_url: 'https://example.com/mcp', headers })
  return { protocol: 'mcp', mcp, authType: 'none', authHeaderPrefix: 'Bearer', auth: {}, ...rest }
}

function stdio(settings: Partial<McpConnection> & { env?: Record<string, string> } = {}): McpConnection {
  const { env = {}, ...rest } = settings
  return { ...http(), mcp: McpSettings.parse({ transport: 'stdio', command: 'node', env }), ...rest }
}

/** OAuth for another server. */
function at(server_url: string): McpConnection {
  return { ...oauth(), mcp: McpSettings.parse({ transport: 'sse', server_url }) }
}

const KEY = '-----BEGIN PRIVATE KEY-----'

function oauth(settings: z.input<typeof OAuthSettings> = {}): McpConnection {
  return http({ authType: 'oauth2', auth: { oauth: OAuthSettings.parse(settings) } })
}

function headersOf(headers: Record<string, string>): Pick<McpConnection, 'mcp'> {
  return { mcp: http({ headers }).mcp }
}

it('nothing of a client goes to the integration itself', () => {
  const fields = secretFields({ client_id: 'c', client_secret: 's', private_key: KEY, api_token: 't' })
  expect(upstreamSecrets(oauth(), fields)).toEqual({ headers: {}, env: {} })
  expect(usedFields(oauth(), fields.keys())).toEqual(['client_id', 'client_secret', 'private_key'])
  expect(usedFields(http({ authType: 'bearer' }), fields.keys())).toEqual(['api_token'])
})

describe('the auth header', () => {
  const headers = (settings: Partial<McpConnection>, credentials = { api_token: 't', api_key: 'k' }) =>
    upstreamSecrets(http(settings), secretFields(credentials)).headers

  it.each<[string, Partial<McpConnection>, Record<string, string>]>([
    ['none', { authType: 'none' }, {}],
    ['bearer', { authType: 'bearer' }, { Authorization: 'Bearer t' }],
    ['bearer, other prefix', { authType: 'bearer', authHeaderPrefix: 'Token' }, { Authorization: 'Token t' }],
    [
      'bearer as a parameter',
      { authType: 'bearer', authHeaderPrefix: 'Token token=' },
      { Authorization: 'Token token=t' },
    ],
    ['bearer, no prefix', { authType: 'bearer', authHeaderPrefix: '' }, { Authorization: 't' }],
    ['bearer, own header', { authType: 'bearer', auth: { header_name: 'X-Auth' } }, { 'X-Auth': 'Bearer t' }],
    ['api key', { authType: 'api_key' }, { 'X-API-Key': 'k' }],
    ['api key, own header', { authType: 'api_key', auth: { header_name: 'X-Token' } }, { 'X-Token': 'k' }],
    ['api key, chosen prefix', { authType: 'api_key', authHeaderPrefix: 'Key' }, { 'X-API-Key': 'Key k' }],
    [
      'api key in Authorization',
      { authType: 'api_key', auth: { header_name: 'authorization' } },
      { authorization: 'Bearer k' },
    ],
  ])('%s', (_name, settings, expected) => expect(headers(settings)).toEqual(expected))

  it('is not sent without a credential', () => {
    expect(upstreamSecrets(http({ authType: 'bearer' }), new Map()).headers).toEqual({})
    expect(upstreamSecrets(http({ authType: 'api_key' }), new Map()).headers).toEqual({})
  })
})

it('puts secret headers and secret environment where they belong', () => {
  const fields = secretFields({ headers: { 'X.Dotted': 'h' }, env: { TOKEN: 'e' } })
  expect(upstreamSecrets(http(), fields)).toEqual({ headers: { 'X.Dotted': 'h' }, env: {} })
  expect(upstreamSecrets(stdio(), fields)).toEqual({ headers: {}, env: { TOKEN: 'e' } })
})

describe('masking', () => {
  it('shows the last four of long tokens, and nothing of keys, passwords and short values', () => {
    const masked = maskFields(
      secretFields({
        api_token: 'ghp_123456789abc',
        api_key: 'key-123456789abc',
        env: {
          GITHUB_TOKEN: 'ghp_123456789xyz',
          DB_PASSWORD: 'password-12345678',
          MYSQL_PWD: 'password-12345678',
          SHORT: '12345678901',
        },
        headers: {
          'X-Tenant': 'tenant-number-77',
          'X-Api-Key': 'key-123456789abc',
          Authorization: 'Basic dXNlcjpwYXNzd29yZC0xMjM0',
        },
      }),
    )
    expect(masked).toEqual({
      api_token: '••••9abc',
      api_key: '••••',
      env: { GITHUB_TOKEN: '••••9xyz', DB_PASSWORD: '••••', MYSQL_PWD: '••••', SHORT: '••••' },
      headers: { 'X-Tenant': '••••r-77', 'X-Api-Key': '••••', Authorization: '••••' },
    })
    expect(MaskedCredentials.parse(masked)).toEqual(masked)
  })

  it('shows nothing of what can not be read', () => {
    expect(maskFields(new Map([['api_token', undefined]]))).toEqual({ api_token: '••••' })
  })

  it('fits the contract for a value that ends in dots', () => {
    const masked = maskFields(secretFields({ env: { TOKEN: '12345678901•••' } }))
    expect(MaskedCredentials.parse(masked)).toEqual({ env: { TOKEN: '••••' } })
  })
})

describe('what does not fit', () => {
  const paths = (settings: ConnectionSettings, credentials: Parameters<typeof secretFields>[0]) =>
    credentialProblems(settings, secretFields(credentials).keys(), credentials).map(({ path }) => path)

  it.each<[string, ConnectionSettings, Parameters<typeof secretFields>[0], string[]]>([
    ['a token without auth', http(), { api_token: 't' }, ['credentials.api_token']],
    ['a token with an API key', http({ authType: 'api_key' }), { api_token: 't' }, ['credentials.api_token']],
    ['a key with bearer', http({ authType: 'bearer' }), { api_key: 'k' }, ['credentials.api_key']],
    ['environment for a URL', http(), { env: { A: 'b' } }, ['credentials.env']],
    ['headers for a command', stdio(), { headers: { A: 'b' } }, ['credentials.headers']],
    ['an auth header for a command', stdio({ authType: 'bearer' }), { api_token: 't' }, ['auth_type']],
    [
      'a header given twice, whatever its case',
      http({ headers: { 'x-tenant': '1' } }),
      { headers: { 'X-Tenant': '2' } },
      ['credentials.headers.X-Tenant'],
    ],
    ['a variable given twice', stdio({ env: { A: '1' } }), { env: { A: '2' } }, ['credentials.env.A']],
    [
      'the auth header given twice',
      http({ authType: 'bearer', headers: { authorization: 'x' } }),
      { api_token: 't' },
      ['auth'],
    ],
  ])('%s', (_name, settings, credentials, expected) => expect(paths(settings, credentials)).toEqual(expected))

  it.each<[string, ConnectionSettings, Parameters<typeof secretFields>[0], string[]]>([
    ['a client secret with another auth type', http(), { client_secret: 's' }, ['credentials.client_secret']],
    ['a client secret without a client', oauth(), { client_secret: 's' }, ['auth.oauth.client_id']],
    ['a private key without a client', oauth(), { private_key: KEY }, ['auth.oauth.client_id']],
    [
      'private_key_jwt without a key',
      oauth({ client_id: 'c', token_endpoint_auth_method: 'private_key_jwt' }),
      {},
      ['credentials.private_key'],
    ],
    [
      'basic without a secret',
      oauth({ client_id: 'c', token_endpoint_auth_method: 'client_secret_basic' }),
      {},
      ['credentials.client_secret'],
    ],
    [
      'client credentials without any',
      oauth({ client_id: 'c', grant_type: 'client_credentials' }),
      {},
      ['credentials.client_secret'],
    ],
    [
      'client credentials that show nothing',
      oauth({ client_id: 'c', grant_type: 'client_credentials', token_endpoint_auth_method: 'none' }),
      { client_secret: 's' },
      ['auth.oauth.token_endpoint_auth_method'],
    ],
    [
      'an authorization URL alone',
      oauth({ authorization_url: 'https://as.example.com/a' }),
      {},
      ['auth.oauth.token_url'],
    ],
    [
      'a token URL alone, for a sign-in',
      oauth({ token_url: 'https://as.example.com/t' }),
      {},
      ['auth.oauth.authorization_url'],
    ],
    ['a port for a deep link', oauth({ redirect: 'deep_link', redirect_port: 7421 }), {}, ['auth.oauth.redirect_port']],
    ['another header for the token', { ...oauth(), auth: { header_name: 'X-Token' } }, {}, ['auth.header_name']],
    ['a query parameter for the token', { ...oauth(), auth: { in: 'query' } }, {}, ['auth.in']],
    ['the header given twice', { ...oauth(), ...headersOf({ authorization: 'x' }) }, {}, ['auth']],
    ['OAuth for a command', stdio({ authType: 'oauth2' }), {}, ['auth_type']],
    ['OAuth over plain http', at('http://example.com/mcp'), {}, ['mcp.server_url']],
    ['OAuth over plain http in the network', at('http://192.168.0.7/mcp'), {}, ['mcp.server_url']],
    ['OAuth over plain http at a name like this machine', at('http://localhost.example/'), {}, ['mcp.server_url']],
  ])('with OAuth: %s', (_name, settings, credentials, expected) =>
    expect(paths(settings, credentials)).toEqual(expected),
  )

  it('with OAuth is nothing where all is in its place', () => {
    expect(paths(oauth(), {})).toEqual([])
    for (const url of ['http://127.0.0.1:8080/mcp', 'http://localhost/mcp', 'http://[::1]:8080/mcp']) {
      expect(paths(at(url), {})).toEqual([])
    }
    expect(paths(oauth(), { client_id: 'c', client_secret: 's' })).toEqual([])
    expect(paths(oauth({ client_id: 'c' }), { private_key: KEY })).toEqual([])
    expect(paths(oauth({ grant_type: 'client_credentials' }), { client_id: 'c', client_secret: 's' })).toEqual([])
    expect(
      paths(oauth({ grant_type: 'client_credentials', token_url: 'https://as.example.com/t' }), {
        client_id: 'c',
        client_secret: 's',
      }),
    ).toEqual([])
  })

  it('is nothing where all is in its place', () => {
    expect(paths(http({ authType: 'bearer', headers: { A: '1' } }), { api_token: 't', headers: { B: '2' } })).toEqual(
      [],
    )
    expect(paths(http({ headers: { Authorization: 'mine' } }), {})).toEqual([])
    expect(paths(stdio({ env: { a: '1' } }), { env: { A: '2' } })).toEqual([])
  })
})

it('a server over HTTP+SSE gets and refuses what one over Streamable HTTP does', () => {
  const settings = http({ authType: 'bearer', headers: { 'X-Team': 'plain' } })
  const sse = {
    ...settings,
    mcp: { ...settings.mcp, transport: 'sse', era: 'auto', isolation: 'shared' } as const,
  } as McpConnection
  const fields = secretFields({ api_token: 't', api_key: 'k', headers: { 'x-team': 'h' }, env: { TOKEN: 'e' } })
  expect(usedFields(sse, fields.keys())).toEqual(['api_token', 'headers.x-team'])
  expect(upstreamSecrets(sse, fields)).toEqual({ headers: { Authorization: 'Bearer t', 'x-team': 'h' }, env: {} })
  const given = { env: { TOKEN: 'e' } }
  const problems = credentialProblems(sse, fields.keys(), given)
  expect(problems).toEqual(credentialProblems(settings, fields.keys(), given))
  expect(problems.map((problem) => problem.path)).toEqual(['credentials.env', 'credentials.headers.x-team'])
})
