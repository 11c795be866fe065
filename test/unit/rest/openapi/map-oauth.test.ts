import { describe, expect, test } from 'vitest'
import type { PreviewAuth } from '../../../../src/shared/contract/openapi.ts'
import { mapped, openApi, swagger } from './mapped.ts'

const DEFAULTS = { grant_type: 'authorization_code', scopes: [], redirect: 'loopback', allow_unadvertised_pkce: false }
const CODE = {
  authorizationUrl: 'https://as.test/authorize',
  tokenUrl: 'https://as.test/token',
  scopes: { read: 'Reads', write: 'Writes' },
}

function read(scheme: unknown, asked: string[] = []): { auth: PreviewAuth; warnings: string[] } {
  const rest = { security: [{ S: asked }], components: { securitySchemes: { S: scheme } } }
  const { auth, warnings } = mapped(openApi({ '/x': { get: {} } }, rest))
  return { auth, warnings: warnings.map(({ message }) => message) }
}

const flows = (each: Record<string, unknown>) => ({ type: 'oauth2', flows: each })

describe('OAuth as a document describes it', () => {
  test('a sign-in has its endpoints', () => {
    const { auth, warnings } = read(flows({ authorizationCode: CODE }))
    expect(auth).toEqual({
      name: 'S',
      auth_type: 'oauth2',
      auth_header_prefix: 'Bearer',
      auth: {
        oauth: {
          ...DEFAULTS,
          authorization_url: 'https://as.test/authorize',
          token_url: 'https://as.test/token',
          scopes: ['read', 'write'],
        },
      },
      description:
        'OAuth 2 (authorization code at https://as.test/token): sign in once it is added. Enter the ID of a client that is registered there, if the API has no registration of its own.',
    })
    expect(warnings).toEqual([])
  })

  test('client credentials have no place where anybody signs in', () => {
    const { auth } = read(flows({ clientCredentials: { tokenUrl: 'https://as.test/token', scopes: {} } }))
    expect(auth).toMatchObject({
      auth_type: 'oauth2',
      description:
        'OAuth 2 (client credentials at https://as.test/token): enter the ID and the secret of a client that is registered there.',
    })
    expect(auth.auth.oauth).toEqual({
      ...DEFAULTS,
      grant_type: 'client_credentials',
      token_url: 'https://as.test/token',
    })
  })

  test('a sign-in goes before client credentials, whichever stands first', () => {
    const { auth } = read(
      flows({ clientCredentials: { tokenUrl: 'https://as.test/other', scopes: {} }, authorizationCode: CODE }),
    )
    expect(auth.auth.oauth).toMatchObject({ grant_type: 'authorization_code', token_url: 'https://as.test/token' })
  })

  test.each([
    ['accessCode', 'authorization_code'],
    ['application', 'client_credentials'],
  ])('the flow %s of Swagger 2.0 is %s', (flow, grant_type) => {
    const { auth } = mapped(
      swagger(
        { '/x': { get: {} } },
        { security: [{ S: [] }], securityDefinitions: { S: { type: 'oauth2', flow, ...CODE } } },
      ),
    )
    expect(auth).toMatchObject({ auth_type: 'oauth2', auth: { oauth: { grant_type, token_url: CODE.tokenUrl } } })
  })

  test.each(['implicit', 'password', 'deviceAuthorization'])('%s alone leaves a token to enter', (flow) => {
    const { auth } = read(flows({ [flow]: CODE }))
    expect(auth).toMatchObject({ auth_type: 'bearer', auth: {} })
    expect(auth.description).toContain('enter an access token. Scopes: read, write.')
  })

  test('without flows the API has to say itself where one signs in', () => {
    expect(read(flows({})).auth).toMatchObject({ auth_type: 'oauth2', auth: { oauth: DEFAULTS } })
    expect(read({ type: 'oauth2' }).auth).toMatchObject({ auth_type: 'oauth2', auth: { oauth: DEFAULTS } })
  })

  test('only the scopes are asked for that operations need', () => {
    const { auth } = mapped(
      openApi(
        {
          '/a': { get: { security: [{ S: ['read'] }] }, post: { security: [{ S: ['read', 'write'] }, { K: [] }] } },
          '/b': { get: { security: [{ Other: ['everything'] }] } },
        },
        {
          components: {
            securitySchemes: {
              S: flows({ authorizationCode: { ...CODE, scopes: { read: '', write: '', admin: '' } } }),
              K: { type: 'http', scheme: 'basic' },
            },
          },
        },
      ),
    )
    expect(auth.auth.oauth?.scopes).toEqual(['read', 'write'])
  })

  test('what is no scope is left out, and no more than 200 are asked for', () => {
    expect(read(flows({ authorizationCode: CODE }), ['a b', '"', '', 'fine']).auth.auth.oauth?.scopes).toEqual(['fine'])
    const many = Array.from({ length: 201 }, (_, index) => `scope-${index}`)
    const { auth, warnings } = read(flows({ authorizationCode: CODE }), many)
    expect(auth.auth.oauth?.scopes).toHaveLength(200)
    expect(warnings).toEqual(['The security scheme S has more than 200 scopes; the first of them are asked for.'])
  })

  test.each(['http://as.test/token', '/token', 'javascript:alert(1)', 'file:///etc/passwd', 'not a url'])(
    'tokens are not asked for at %s',
    (tokenUrl) => {
      const { auth, warnings } = read(flows({ authorizationCode: { ...CODE, tokenUrl } }))
      expect(auth.auth.oauth).not.toHaveProperty('token_url')
      expect(auth.auth.oauth).toMatchObject({ authorization_url: CODE.authorizationUrl })
      expect(warnings).toEqual([
        `The security scheme S has a tokenUrl that is no https address (${JSON.stringify(tokenUrl)}); enter it yourself.`,
      ])
    },
  )

  test.each([
    ['https://as.test/.well-known/openid-configuration', 'https://as.test'],
    ['https://as.test/tenant/.well-known/openid-configuration', 'https://as.test/tenant'],
    ['https://as.test/tenant', 'https://as.test/tenant'],
  ])('OpenID Connect at %s has the issuer %s', (openIdConnectUrl, issuer) => {
    const { auth } = read({ type: 'openIdConnect', openIdConnectUrl }, ['openid'])
    expect(auth).toMatchObject({ auth_type: 'oauth2', auth: { oauth: { ...DEFAULTS, issuer, scopes: ['openid'] } } })
    expect(auth.description).toBe(`OpenID Connect (${openIdConnectUrl}): sign in once it is added.`)
  })

  test.each([
    ['https://as.test/.well-known/oauth-authorization-server/tenant', 'https://as.test/tenant'],
    ['https://as.test/.well-known/oauth-authorization-server', 'https://as.test'],
    ['https://as.test/tenant/.well-known/openid-configuration', 'https://as.test/tenant'],
    ['https://as.test/elsewhere', undefined],
  ])('metadata at %s are those of %s', (oauth2MetadataUrl, issuer) => {
    const { auth } = read({ ...flows({ authorizationCode: CODE }), oauth2MetadataUrl })
    expect(auth.auth.oauth?.issuer).toBe(issuer)
  })

  test.each([
    { flows: null },
    { flows: 'x' },
    { flows: { authorizationCode: null } },
    { flows: { authorizationCode: { tokenUrl: {}, scopes: ['a'] } } },
    { flows: { 'x-google': {} } },
    { flow: {} },
    { openIdConnectUrl: 1 },
  ])('is read whatever stands there: %j', (broken) => {
    for (const type of ['oauth2', 'openIdConnect']) {
      expect(read({ type, ...broken }).auth).toMatchObject({ name: 'S', auth_type: 'oauth2' })
    }
  })
})
