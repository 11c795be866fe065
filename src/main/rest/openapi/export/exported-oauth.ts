import type { OAuthSettings } from '../../../../shared/contract/oauth.ts'

/**
 * OAuth as a security scheme (OpenAPI 3.1, 4.8.27): its endpoints where they are known, else the address that OpenID
 * Connect gives to an issuer. Without any it is OAuth all the same, of whatever server the API names.
 */
export function exportedOAuth(settings: OAuthSettings | undefined): Record<string, unknown> {
  const {
    grant_type = 'authorization_code',
    authorization_url,
    token_url,
    issuer,
    scopes: wanted = [],
  } = settings ?? {}
  const scopes = Object.fromEntries(wanted.map((scope) => [scope, '']))
  if (token_url !== undefined && grant_type === 'client_credentials') {
    return { type: 'oauth2', flows: { clientCredentials: { tokenUrl: token_url, scopes } } }
  }
  if (token_url !== undefined && authorization_url !== undefined) {
    const flow = { authorizationUrl: authorization_url, tokenUrl: token_url, scopes }
    return { type: 'oauth2', flows: { authorizationCode: flow } }
  }
  if (issuer !== undefined) {
    return { type: 'openIdConnect', openIdConnectUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration` }
  }
  return { type: 'oauth2', flows: {} }
}
