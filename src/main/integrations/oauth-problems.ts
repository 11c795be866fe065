import type { ErrorDetail } from '../../shared/contract/errors.ts'
import { OAuthSettings, OAuthUrl } from '../../shared/contract/oauth.ts'
import type { ConnectionSettings } from './credentials.ts'

/** What does not fit together about OAuth. `used`: the places of the secrets that will be stored and used. */
export function oauthProblems(settings: ConnectionSettings, used: readonly string[]): ErrorDetail[] {
  const { authType, auth } = settings
  if (authType !== 'oauth2') {
    // It may wait there for the day when the auth type is chosen again, as secrets do.
    return []
  }
  const problems: ErrorDetail[] = []
  const refuse = (path: string, message: string) => problems.push({ path, message })
  if (auth.header_name !== undefined && auth.header_name.toLowerCase() !== 'authorization') {
    refuse('auth.header_name', 'A token of OAuth goes into the header Authorization. Leave the name out.')
  }
  refuseOpenAddresses(settings, refuse)
  refuseClient(oauthSettings(settings), new Set(used), refuse)
  refuseEndpoints(oauthSettings(settings), refuse)
  return problems
}

/** With all defaults, where nothing was chosen. */
export function oauthSettings({ auth }: Pick<ConnectionSettings, 'auth'>): OAuthSettings {
  return auth.oauth ?? OAuthSettings.parse({})
}

type Refuse = (path: string, message: string) => void

/** Threat: a token that everybody on the way reads, or changes what is done with it (OAuth 2.1, 1.5). */
function refuseOpenAddresses(settings: ConnectionSettings, refuse: Refuse): void {
  for (const [path, address] of addressesWithToken(settings)) {
    if (OAuthUrl.safeParse(address).success) continue
    const message =
      'A token of OAuth goes there: use https. Plain http is only for this machine (127.0.0.1, localhost).'
    refuse(path, message)
  }
}

/** Where tokens are sent with calls, each with its field. */
function addressesWithToken(settings: ConnectionSettings): [path: string, address: string][] {
  if (settings.protocol === 'mcp') {
    return settings.mcp.transport === 'stdio' ? [] : [['mcp.server_url', settings.mcp.server_url]]
  }
  const { base_url, credential_origins } = settings.rest
  const further = credential_origins.map((url, index): [string, string] => [`rest.credential_origins.${index}`, url])
  return [['rest.base_url', base_url], ...further]
}

/** Which part of a client's identity needs which (RFC 6749, 2.3; RFC 7523, 2.2). */
function refuseClient(oauth: OAuthSettings, used: ReadonlySet<string>, refuse: Refuse): void {
  const hasId = oauth.client_id !== undefined || used.has('client_id')
  const hasSecret = used.has('client_secret')
  const hasKey = used.has('private_key')
  const method = oauth.token_endpoint_auth_method
  if ((hasSecret || hasKey) && !hasId) {
    const what = hasSecret ? 'secret' : 'private key'
    refuse('auth.oauth.client_id', `A client ${what} belongs to a client ID. Enter the client ID too.`)
  }
  if (method === 'private_key_jwt' && !hasKey) {
    refuse('credentials.private_key', 'Authentication with private_key_jwt needs the private key of the client.')
  }
  if ((method === 'client_secret_basic' || method === 'client_secret_post') && hasId && !hasSecret) {
    refuse('credentials.client_secret', `Authentication with ${method} needs the secret of the client.`)
  }
  if (oauth.grant_type === 'client_credentials' && hasId && !hasSecret && !hasKey) {
    refuse(
      'credentials.client_secret',
      'Client credentials need a client secret or a private key beside the client ID.',
    )
  }
  if (oauth.grant_type === 'client_credentials' && method === 'none') {
    const message = 'With client credentials the client has to show who it is: choose another way than none.'
    refuse('auth.oauth.token_endpoint_auth_method', message)
  }
}

function refuseEndpoints(oauth: OAuthSettings, refuse: Refuse): void {
  const { authorization_url: authorization, token_url: token, grant_type: grantType } = oauth
  if (authorization !== undefined && token === undefined) {
    refuse('auth.oauth.token_url', 'A typed authorization URL needs the token URL beside it.')
  }
  if (token !== undefined && authorization === undefined && grantType === 'authorization_code') {
    refuse('auth.oauth.authorization_url', 'A typed token URL needs the authorization URL beside it, to sign in.')
  }
  if (oauth.redirect === 'deep_link' && oauth.redirect_port !== undefined) {
    refuse('auth.oauth.redirect_port', 'A deep link has no port. Leave the port out, or choose the loopback redirect.')
  }
}
