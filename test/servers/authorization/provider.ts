import { Provider, errors, type Configuration } from 'oidc-provider'
import type { AuthorizationServerMemory } from './memory.ts'
import { RESOURCE_SERVER, type AuthorizationServerConfig, type Switches } from './switches.ts'

export const routes = {
  authorization: '/auth',
  token: '/token',
  registration: '/reg',
  revocation: '/token/revocation',
  introspection: '/token/introspection',
  jwks: '/jwks',
}

/** A certified implementation, set as strictly as real servers are: PKCE always, resources by RFC 8707, one use of each code. */
export function createProvider(
  issuer: string,
  config: AuthorizationServerConfig,
  switches: Switches,
  memory: AuthorizationServerMemory,
): Provider {
  const scopes = config.scopes ?? ['tools:read', 'tools:write']
  const documents = config.metadataDocuments
  const resourceClient = { ...RESOURCE_SERVER, grant_types: [], response_types: [], redirect_uris: [] }
  const configuration: Configuration = {
    adapter: (kind: string) => memory.adapter(kind),
    clients: [resourceClient, ...(config.clients ?? [])],
    cookies: { keys: ['only for tests'] },
    scopes: ['openid', 'offline_access', ...scopes],
    pkce: { required: () => true },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    clockTolerance: 0,
    routes,
    interactions: { url: (_context, { uid }) => `${config.path ?? ''}/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_context, client) => client.clientId === RESOURCE_SERVER.client_id,
      },
      revocation: { enabled: true },
      registration: { enabled: config.registration ?? true, issueRegistrationAccessToken: false },
      ...(documents && { clientIdMetadataDocument: { enabled: true, ack: 'draft-02' } }),
      resourceIndicators: {
        enabled: true,
        defaultResource: (_context, _client, oneOf) => oneOf?.[0] ?? config.defaultResource,
        getResourceServerInfo: (_context, resource) => {
          if (config.resources && !config.resources.includes(resource)) throw new errors.InvalidTarget()
          return { scope: scopes.join(' '), audience: resource, accessTokenFormat: 'opaque' }
        },
      },
    },
    ttl: {
      AccessToken: () => switches.accessTokenSeconds,
      ClientCredentials: () => switches.accessTokenSeconds,
      RefreshToken: () => switches.refreshTokenSeconds,
    },
    expiresWithSession: () => false,
    issueRefreshToken: (_context, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (switches.refreshTokens === 'always' ||
        (switches.refreshTokens === 'offline_access' && source.scopes.has('offline_access'))),
    rotateRefreshToken: () => switches.rotateRefreshTokens,
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    // Nothing leaves this machine: a document is what the test says that it is.
    fetch: (url: unknown) => {
      const document = documents?.[String(url)]
      return Promise.resolve(document ? Response.json(document) : new Response(null, { status: 404 }))
    },
  }
  return new Provider(issuer, configuration)
}
