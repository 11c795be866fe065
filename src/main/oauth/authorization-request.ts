import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from 'oauth4webapi'
import { OAuthUrl } from '../../shared/contract/oauth.ts'
import { noSignInPage } from './authorization-server.ts'
import type { FoundServer } from './found-server.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthTarget } from './oauth-target.ts'
import type { OAuthClient, PendingAuthorization, ServerFacts } from './records.ts'
import { hostOf } from './token-errors.ts'
import { assertOwn } from './token-requests.ts'

/** As long as a person may take. */
const LIFETIME_MS = 10 * 60 * 1000

export interface AuthorizationOptions {
  redirectUri: string
  /** In place of those of the settings and of the resource, for example with what it asked for meanwhile (RFC 6750, 3.1). */
  scopes?: string[]
  /** Milliseconds since 1970. Default: the clock of this machine. */
  now?: () => number
}

/**
 * Begins a sign-in (RFC 6749, 4.1.1, with PKCE: RFC 7636): what the browser is to open, and all that its answer is checked
 * against. Throws OAuthError `no_metadata`, `refused_address` or `issuer_mismatch`.
 */
export async function beginAuthorization(
  found: FoundServer,
  client: OAuthClient,
  target: OAuthTarget,
  { redirectUri, scopes: given, now = Date.now }: AuthorizationOptions,
): Promise<PendingAuthorization> {
  const { server, resource } = found
  const { settings } = target
  assertOwn(client, server)
  const url = authorizationEndpoint(server)
  const scopes = withOfflineAccess(server, given ?? wantedScopes(found, target))
  const state = generateRandomState()
  const codeVerifier = generateRandomCodeVerifier()
  const nonce = scopes.includes('openid') ? generateRandomNonce() : undefined
  const parameters = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    scope: scopes.length > 0 ? scopes.join(' ') : undefined,
    resource,
    audience: settings.audience,
    nonce,
    // OpenID Connect Core, 11: without it the server leaves out what lets us renew.
    prompt: scopes.includes('offline_access') ? 'consent' : undefined,
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
  // A plus sign is a space here, and not every server knows.
  url.search = url.search.replaceAll('+', '%20')
  return {
    state,
    codeVerifier,
    ...(nonce !== undefined && { nonce }),
    server,
    client,
    redirectUri,
    scopes,
    ...(resource !== undefined && { resource }),
    expiresAt: new Date(now() + LIFETIME_MS).toISOString(),
    authorizationUrl: url.href,
  }
}

function wantedScopes({ scopes }: FoundServer, { settings }: OAuthTarget): string[] {
  return settings.scopes.length > 0 ? settings.scopes : (scopes ?? [])
}

/** Asked for where it exists, for a refresh token. Alone it would take the place of what the server grants by itself. */
function withOfflineAccess({ scopes_supported, grant_types_supported }: ServerFacts, scopes: string[]): string[] {
  const isKnown = scopes_supported?.includes('offline_access') === true
  const canRenew = grant_types_supported?.includes('refresh_token') ?? true
  if (scopes.length === 0 || !isKnown || !canRenew || scopes.includes('offline_access')) return scopes
  return [...scopes, 'offline_access']
}

/**
 * Threat: metadata leads a browser to a program by another scheme, or a person to a page with a password in its address. It is
 * put together again by URL, so that nothing gets through that is not an address.
 */
function authorizationEndpoint(server: ServerFacts): URL {
  const { authorization_endpoint: endpoint, issuer } = server
  if (endpoint === undefined) throw noSignInPage(issuer)
  // URL would take control characters out without a word.
  if (/[\s\p{Cc}]/u.test(endpoint) || !OAuthUrl.safeParse(endpoint).success) {
    const message = `${hostOf(issuer)} sends the browser to an address that is not opened.`
    const fix = `Tell whoever runs ${hostOf(issuer)}: it has to be an https address without a user name.`
    throw new OAuthError('refused_address', message, { fix })
  }
  const url = new URL(endpoint)
  url.hash = ''
  return url
}
