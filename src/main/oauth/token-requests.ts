import {
  allowInsecureRequests,
  clientCredentialsGrantRequest,
  customFetch,
  processClientCredentialsResponse,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  type Client,
  type TokenEndpointResponse,
} from 'oauth4webapi'
import { clientAuthOf } from './client-auth.ts'
import type { FoundServer } from './found-server.ts'
import { namedScopes } from './named-scopes.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import type { OAuthTarget } from './oauth-target.ts'
import type { OAuthClient, OAuthGrant, ServerFacts } from './records.ts'
import { tokenAnswer } from './token-answer.ts'
import { hostOf, inOurWords, notConform, throwIfTroubled, type TokenErrorContext } from './token-errors.ts'

/** Beyond that a server means "for good", and dates end somewhere. */
const MAX_LIFETIME_S = 10 * 365 * 24 * 60 * 60

/** It becomes a header, of a length that servers take. */
const ACCESS_TOKEN = /^[\x21-\x7e]{1,16384}$/
/** RFC 6749, appendix A.17. */
const REFRESH_TOKEN = /^[\x20-\x7e]{1,16384}$/

export interface TokenRequestOptions {
  fetch: OAuthFetch
  /** Milliseconds since 1970. Default: the clock of this machine. */
  now?: () => number
}

/** A new access token by the refresh token (RFC 6749, 6), which is kept where no other comes. */
export async function refreshGrant(
  grant: OAuthGrant,
  client: OAuthClient,
  target: OAuthTarget,
  { fetch, now = Date.now }: TokenRequestOptions,
): Promise<OAuthGrant> {
  const { server, refreshToken, resource, scopes, signedInAt } = grant
  assertOwn(client, server)
  if (refreshToken === undefined) {
    const message = `${hostOf(server.issuer)} gave nothing to renew the sign-in with.`
    throw new OAuthError('invalid_grant', message, { fix: 'Sign in again.' })
  }
  const startedAt = now()
  const answer = await inOurWords(
    contextOf('refresh', { server, client, scopes, resource, secrets: [refreshToken] }),
    async () => {
      const auth = await clientAuthOf(client, target.credentials)
      const options = { ...wiring(fetch), additionalParameters: resource === undefined ? [] : [['resource', resource]] }
      const response = await refreshTokenGrantRequest(server, clientOf(client), auth, refreshToken, options)
      throwIfTroubled(response, server.issuer)
      const conform = await tokenAnswer(response, { keepsIdToken: false })
      return processRefreshTokenResponse(server, clientOf(client), conform)
    },
  )
  return { refreshToken, ...grantOf(answer, { server, client, scopes, resource, startedAt }), signedInAt }
}

/** A token for the client itself (RFC 6749, 4.4). A refresh token has no use here (4.4.3). */
export async function clientCredentials(
  found: FoundServer,
  client: OAuthClient,
  target: OAuthTarget,
  { fetch, now = Date.now }: TokenRequestOptions,
): Promise<OAuthGrant> {
  const { server, resource } = found
  const { settings, credentials } = target
  assertOwn(client, server)
  const scopes = settings.scopes.length > 0 ? settings.scopes : (found.scopes ?? [])
  const parameters = [
    ...(scopes.length > 0 ? [['scope', scopes.join(' ')]] : []),
    ...(resource === undefined ? [] : [['resource', resource]]),
    ...(settings.audience === undefined ? [] : [['audience', settings.audience]]),
  ]
  const startedAt = now()
  const answer = await inOurWords(contextOf('client_credentials', { server, client, scopes, resource }), async () => {
    const auth = await clientAuthOf(client, credentials)
    const request = [server, clientOf(client), auth, parameters, wiring(fetch)] as const
    const response = await clientCredentialsGrantRequest(...request)
    throwIfTroubled(response, server.issuer)
    const conform = await tokenAnswer(response, { keepsIdToken: false })
    return processClientCredentialsResponse(server, clientOf(client), conform)
  })
  const { refreshToken: _unused, ...grant } = grantOf(answer, { server, client, scopes, resource, startedAt })
  return grant
}

interface Request {
  server: ServerFacts
  client: OAuthClient
  /** Those that were asked for. */
  scopes: string[]
  resource: string | undefined
}

/** What an answer grants. `startedAt`: when it was asked for, so that a token never seems to hold longer than it does. */
export function grantOf(
  answer: TokenEndpointResponse,
  { server, client, scopes, resource, startedAt }: Request & { startedAt: number },
): OAuthGrant {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in, scope } = answer
  if (!ACCESS_TOKEN.test(accessToken)) throw notConform(server.issuer, 'the token is no token')
  if (refreshToken !== undefined && !REFRESH_TOKEN.test(refreshToken)) {
    throw notConform(server.issuer, 'the refresh token is no token')
  }
  const obtainedAt = new Date(startedAt).toISOString()
  return {
    server,
    clientId: client.clientId,
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    // Servers whose tokens have no end write 0.
    ...(expires_in !== undefined && expires_in > 0 && { expiresAt: later(startedAt, expires_in) }),
    obtainedAt,
    signedInAt: obtainedAt,
    scopes: scope === undefined ? scopes : namedScopes(scope.split(' ')),
    ...(resource !== undefined && { resource }),
  }
}

function later(startedAt: number, seconds: number): string {
  return new Date(startedAt + Math.min(seconds, MAX_LIFETIME_S) * 1000).toISOString()
}

/** The addresses were checked when they were found, and the fetch checks each again: http on this machine passes there. */
export function wiring(fetch: OAuthFetch): { [customFetch]: OAuthFetch; [allowInsecureRequests]: true } {
  return { [customFetch]: fetch, [allowInsecureRequests]: true }
}

export function contextOf(
  purpose: TokenErrorContext['purpose'],
  { server, client, scopes, resource, secrets = [] }: Request & { secrets?: string[] },
): TokenErrorContext {
  const { registration, clientSecret } = client
  return { issuer: server.issuer, purpose, registration, scopes, resource, secrets: [...secrets, clientSecret] }
}

/** A client's secrets, and the tokens it was given, go to the issuer that they are of, and to no other. */
export function assertOwn(client: OAuthClient, server: ServerFacts): void {
  if (client.issuer === server.issuer) return
  const message = `The client is registered at ${hostOf(client.issuer)}, and not at ${hostOf(server.issuer)}.`
  throw new OAuthError('issuer_mismatch', message, { fix: 'Sign in again.' })
}

export function clientOf({ clientId }: OAuthClient): Client {
  return { client_id: clientId }
}
