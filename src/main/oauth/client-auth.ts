import { ClientSecretPost, None, PrivateKeyJwt, type ClientAuth } from 'oauth4webapi'
import type { TokenEndpointAuthMethod } from '../../shared/contract/oauth.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthCredentials, OAuthTarget } from './oauth-target.ts'
import { signingKeyOf } from './private-key.ts'
import type { OAuthClient, ServerFacts } from './records.ts'

/** How the client shows who it is, put into a request to the server that knows it. Throws OAuthError `settings`. */
export async function clientAuthOf(client: OAuthClient, credentials: OAuthCredentials): Promise<ClientAuth> {
  if (client.method === 'none') return None()
  if (client.method === 'private_key_jwt') {
    const { privateKey } = credentials
    if (privateKey === undefined)
      throw lacking('The client signs with a private key, and there is none.', 'private key')
    // Its assertions are for the issuer, with an identifier of their own, and hold for one minute.
    return PrivateKeyJwt(await signingKeyOf(privateKey))
  }
  const { clientSecret } = client
  if (clientSecret === undefined) throw lacking('The client needs a secret, and there is none.', 'client secret')
  return client.method === 'client_secret_post' ? ClientSecretPost(clientSecret) : clientSecretBasic(clientSecret)
}

/**
 * RFC 6749, 2.3.1, asks for form encoding, which oauth4webapi applies to `-`, `_` and `.` as well. Many servers decode
 * nothing and would see another client: what encodeURIComponent leaves alone is the same for both.
 */
function clientSecretBasic(secret: string): ClientAuth {
  return (_server, { client_id: id }, _body, headers) => {
    const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }
}

/** Of a client that a person registered: as the settings say, else the best that its credentials and the server allow. */
export function methodOfRegistered(
  server: ServerFacts,
  { settings, credentials }: OAuthTarget,
): TokenEndpointAuthMethod {
  const { token_endpoint_auth_method: given, grant_type } = settings
  const { clientSecret, privateKey } = credentials
  if (given !== undefined) {
    if (given === 'private_key_jwt' && privateKey === undefined) throw needs(given, 'private key')
    if (given.startsWith('client_secret_') && clientSecret === undefined) throw needs(given, 'client secret')
    return given
  }
  const takesKeys = server.token_endpoint_auth_methods_supported?.includes('private_key_jwt') ?? false
  if (privateKey !== undefined && (takesKeys || clientSecret === undefined)) return 'private_key_jwt'
  if (clientSecret !== undefined) return methodOfSecret(server)
  if (grant_type === 'client_credentials') {
    throw lacking('Client credentials need a secret or a private key, and there is neither.', 'client secret')
  }
  return 'none'
}

/** What a client asks for that registers itself (RFC 7591, 2). */
export function methodToRegister(server: ServerFacts, { settings, credentials }: OAuthTarget): TokenEndpointAuthMethod {
  const supported = server.token_endpoint_auth_methods_supported
  if (settings.token_endpoint_auth_method !== undefined) return settings.token_endpoint_auth_method
  if (settings.grant_type === 'client_credentials') {
    const hasKey = credentials.privateKey !== undefined && supported?.includes('private_key_jwt') === true
    return hasKey ? 'private_key_jwt' : methodOfSecret(server)
  }
  // A program on somebody's machine keeps no secret (RFC 8252, 8.4), unless the server knows nothing else.
  const isPublicPossible = supported === undefined || supported.includes('none')
  const hasSecrets = supported?.some((method) => method.startsWith('client_secret_')) === true
  return isPublicPossible || !hasSecrets ? 'none' : methodOfSecret(server)
}

/** Without a word of the server it is Basic (RFC 8414, 2). */
export function methodOfSecret({
  token_endpoint_auth_methods_supported: supported,
}: ServerFacts): TokenEndpointAuthMethod {
  const isPostOnly = supported?.includes('client_secret_basic') === false && supported.includes('client_secret_post')
  return isPostOnly ? 'client_secret_post' : 'client_secret_basic'
}

function needs(method: string, what: string): OAuthError {
  return lacking(`The client is set to ${method}, which needs a ${what}.`, what)
}

function lacking(message: string, what: string): OAuthError {
  return new OAuthError('settings', message, { fix: `Enter the ${what} in the OAuth settings of the integration.` })
}
