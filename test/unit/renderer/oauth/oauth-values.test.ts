import { describe, expect, it } from 'vitest'
import { addErrors, emptyAddValues, toNewIntegration } from '../../../../src/renderer/features/add/add-values.ts'
import {
  connectionOfIntegration,
  storedCount,
  toConnection,
  toCredentials,
  withoutStored,
} from '../../../../src/renderer/features/connection/connection-values.ts'
import { fieldOfPath, type FieldProblem } from '../../../../src/renderer/features/connection/field-errors.ts'
import {
  emptyOAuth,
  oauthOfKind,
  oauthOfSettings,
  type OAuthValues,
  toOAuthSettings,
} from '../../../../src/renderer/features/oauth/oauth-values.ts'
import { redirectUriOf } from '../../../../src/renderer/features/oauth/redirect-uri-of.ts'
import { restErrors } from '../../../../src/renderer/features/rest/rest-errors.ts'
import {
  emptyRestValues,
  restValuesOf,
  toRestConnection,
  toRestCredentials,
} from '../../../../src/renderer/features/rest/rest-values.ts'
import { NewIntegration } from '../../../../src/shared/contract/integrations.ts'
import { oauthIntegration, usualSettings } from './oauth-fixture.ts'

const github = {
  ...emptyAddValues(),
  name: 'github',
  transport: 'http' as const,
  server_url: 'https://github.example.com/mcp',
  auth_type: 'oauth2' as const,
}
const key = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----'
const filled: OAuthValues = {
  grant_type: 'authorization_code',
  issuer: 'https://login.example.com',
  authorization_url: 'https://login.example.com/authorize',
  token_url: 'https://login.example.com/token',
  revocation_url: 'https://login.example.com/revoke',
  client_id: 'abc',
  client_secret: 's3cret',
  private_key: key,
  client_metadata_url: 'https://example.com/client.json',
  token_endpoint_auth_method: 'client_secret_post',
  scopes: ' repo  read:user ',
  audience: 'https://api.example.com',
  resource: 'https://api.example.com/mcp',
  redirect: 'loopback',
  redirect_port: '8765',
  allow_unadvertised_pkce: true,
}
/** The first problem of a field is the one that is shown. */
const firstOf = (problems: readonly FieldProblem[]) =>
  Object.fromEntries(problems.toReversed().map(({ field, message }) => [field, message]))
const problemsOf = (oauth: Partial<OAuthValues>) =>
  firstOf(addErrors({ ...github, oauth: { ...emptyOAuth(), ...oauth } }, new Set()))

describe('OAuth in the form of an MCP server', () => {
  it('needs nothing, and says nothing of what is as usual', () => {
    const input = toNewIntegration(github)
    expect(input).toMatchObject({ auth_type: 'oauth2', auth: {} })
    expect(input.credentials).toBeUndefined()
    expect(addErrors(github, new Set())).toEqual([])
  })

  it('becomes what the contract takes, secrets apart', () => {
    const input = toNewIntegration({ ...github, token: 'left over', oauth: filled })
    expect(input.auth.oauth).toEqual({
      grant_type: 'authorization_code',
      issuer: 'https://login.example.com',
      authorization_url: 'https://login.example.com/authorize',
      token_url: 'https://login.example.com/token',
      revocation_url: 'https://login.example.com/revoke',
      client_id: 'abc',
      client_metadata_url: 'https://example.com/client.json',
      token_endpoint_auth_method: 'client_secret_post',
      scopes: ['repo', 'read:user'],
      audience: 'https://api.example.com',
      resource: 'https://api.example.com/mcp',
      redirect: 'loopback',
      redirect_port: 8765,
      allow_unadvertised_pkce: true,
    })
    expect(input.credentials).toEqual({ client_secret: 's3cret', private_key: key })
    expect(NewIntegration.parse(input)).toEqual(input)
  })

  it('leaves out what the form hides', () => {
    expect(toOAuthSettings({ ...filled, grant_type: 'client_credentials' })).not.toHaveProperty('authorization_url')
    expect(toOAuthSettings({ ...filled, grant_type: 'client_credentials' })).toMatchObject({
      grant_type: 'client_credentials',
      redirect: 'loopback',
      allow_unadvertised_pkce: false,
    })
    expect(toOAuthSettings({ ...filled, redirect: 'deep_link' })).not.toHaveProperty('redirect_port')
    const bearer = { ...github, auth_type: 'bearer' as const, oauth: filled }
    expect([toConnection(bearer).auth, toCredentials(bearer)]).toEqual([{}, undefined])
    const stdio = { ...github, transport: 'stdio' as const, command: 'npx', oauth: filled }
    expect([toConnection(stdio).auth_type, toConnection(stdio).auth, toCredentials(stdio)]).toEqual([
      'none',
      {},
      undefined,
    ])
  })

  it('says at the field what is wrong', () => {
    expect(problemsOf({ issuer: 'login' })).toEqual({
      'oauth.issuer': 'Enter a full URL, for example https://login.example.com.',
    })
    expect(problemsOf({ token_url: 'http://login.example.com/token' })).toEqual({
      'oauth.token_url': 'Use https. Plain http is only for this machine.',
    })
    expect(problemsOf({ token_url: 'http://127.0.0.1:9/token', scopes: 'a b' })).toEqual({})
    expect(problemsOf({ redirect_port: '80' })).toEqual({ 'oauth.redirect_port': 'Enter a port from 1024 to 65535.' })
    expect(problemsOf({ redirect_port: 'x' })).toEqual({ 'oauth.redirect_port': 'Enter a port from 1024 to 65535.' })
    expect(problemsOf({ scopes: 'read "all"' })).toEqual({ 'oauth.scopes': 'A scope is one word without quotes.' })
    expect(problemsOf({ private_key: 'no key' })).toHaveProperty(['oauth.private_key'])
    expect(fieldOfPath('credentials.client_id', github)).toBe('oauth.client_id')
    expect(fieldOfPath('auth.oauth.scopes.2', github)).toBe('oauth.scopes')
    expect(fieldOfPath('credentials.api_token', github)).toBeUndefined()
    expect(fieldOfPath('auth.header_name', github)).toBe('header_name')
  })
})

describe('a stored integration that signs in', () => {
  const { client_id: _id, ...rest } = toOAuthSettings(filled) ?? usualSettings
  const stored = oauthIntegration(
    'github',
    {},
    { auth: { oauth: rest }, credentials: { client_id: '••••', client_secret: '••••cret', private_key: '••••' } },
  )
  const values = connectionOfIntegration(stored)

  it('comes back as it was, with masks for its secrets', () => {
    expect(toConnection(values)).toMatchObject({ auth_type: 'oauth2', auth: { oauth: rest } })
    expect(values.oauth).toMatchObject({ stored_client_secret: '••••cret', client_secret: '', redirect_port: '8765' })
    expect(storedCount(values)).toBe(3)
    expect(toCredentials(values)).toBeUndefined()
    expect(oauthOfSettings(undefined)).toEqual(emptyOAuth())
  })

  it('asks for the whole set when one secret is replaced', () => {
    const replacing = withoutStored(values)
    expect(storedCount(replacing)).toBe(0)
    expect(toCredentials({ ...replacing, oauth: { ...replacing.oauth, client_secret: 'new' } })).toEqual({
      client_secret: 'new',
    })
  })

  it('keeps its secrets for its own kind of authentication alone', () => {
    const other = oauthOfKind(values.oauth, undefined)
    expect(other.stored_client_secret).toBeUndefined()
    expect(oauthOfKind(other, values.oauth)).toMatchObject({
      stored_client_secret: '••••cret',
      stored_client_id: '••••',
    })
  })
})

describe('OAuth in the form of a REST API', () => {
  const api = { ...emptyRestValues(), base_url: 'https://api.example.com', auth_type: 'oauth2' as const }

  it('becomes what the contract takes, and comes back', () => {
    expect(toRestConnection(api).auth).toEqual({})
    const values = { ...api, oauth: filled }
    expect(toRestConnection(values).auth.oauth).toEqual(toOAuthSettings(filled))
    expect(toRestCredentials(values)).toEqual({ client_secret: 's3cret', private_key: key })
    const back = restValuesOf(
      oauthIntegration('api', {}, { auth: { oauth: usualSettings }, credentials: { client_secret: '••••cret' } }),
    )
    expect(back.oauth).toMatchObject({ ...emptyOAuth(), stored_client_secret: '••••cret' })
  })

  it('says at the field what is wrong', () => {
    expect(firstOf(restErrors({ ...api, oauth: { ...emptyOAuth(), issuer: 'x', scopes: 'a"' } }))).toEqual({
      'oauth.issuer': 'Enter a full URL, for example https://login.example.com.',
      'oauth.scopes': 'A scope is one word without quotes.',
    })
  })
})

it('the redirect URI follows what is chosen', () => {
  const mcpUrl = 'http://127.0.0.1:7420/mcp'
  expect(redirectUriOf(emptyOAuth(), mcpUrl)).toBe('http://127.0.0.1:7420/oauth/callback')
  expect(redirectUriOf({ ...emptyOAuth(), redirect_port: '8765' }, mcpUrl)).toBe('http://127.0.0.1:8765/oauth/callback')
  expect(redirectUriOf({ ...emptyOAuth(), redirect: 'deep_link' }, mcpUrl)).toBe('gatehouse://oauth/callback')
  expect(redirectUriOf(emptyOAuth(), undefined)).toBeUndefined()
})
