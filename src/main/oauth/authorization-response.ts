import { timingSafeEqual } from 'node:crypto'
import {
  authorizationCodeGrantRequest,
  AuthorizationResponseError,
  clockTolerance,
  processAuthorizationCodeResponse,
  validateAuthResponse,
  type AuthorizationServer,
  type JWSAlgorithm,
} from 'oauth4webapi'
import { clientAuthOf } from './client-auth.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import type { OAuthTarget } from './oauth-target.ts'
import type { OAuthGrant, PendingAuthorization } from './records.ts'
import { jsonBodyOf, tokenAnswer } from './token-answer.ts'
import { hostOf, inOurWords, namedError, notConform, throwIfTroubled, type TokenErrorContext } from './token-errors.ts'
import { clientOf, contextOf, grantOf, wiring } from './token-requests.ts'

/** Of the clock of a server that signs an ID token. */
const CLOCK_TOLERANCE_S = 300
/** Those that servers sign an ID token with; which one is no matter, as it comes straight from the server (OIDC Core, 3.1.3.7). */
const ID_TOKEN_ALGORITHMS: JWSAlgorithm[] = ['RS256', 'ES256', 'PS256', 'EdDSA', 'Ed25519', 'ES384', 'RS384', 'RS512']

export interface FinishOptions {
  target: OAuthTarget
  fetch: OAuthFetch
  /** Milliseconds since 1970. Default: the clock of this machine. */
  now?: () => number
}

/**
 * Finishes a sign-in: checks what the browser came back with, and redeems the code (RFC 6749, 4.1.2 and 4.1.3; RFC 9207).
 * `pending` is used up, whatever comes of it: that is the caller's part. Throws OAuthError.
 */
export async function finishAuthorization(
  pending: PendingAuthorization,
  params: URLSearchParams,
  { target, fetch, now = Date.now }: FinishOptions,
): Promise<OAuthGrant> {
  const { server, client, scopes, resource, codeVerifier, redirectUri, state, nonce } = pending
  const code = params.get('code')
  const secrets = [state, codeVerifier, ...(code === null ? [] : [code])]
  const context = contextOf('sign_in', { server, client, scopes, resource, secrets })
  const startedAt = now()
  if (!isSame(params.getAll('state'), state) || Date.parse(pending.expiresAt) <= startedAt) throw unknownSignIn()
  checkIssuer(pending, params)
  const answer = await inOurWords(context, async () => {
    const validated = validatedAnswer(pending, params, context)
    if (code === null || code === '') throw notConform(server.issuer, 'the browser came back without a code')
    const auth = await clientAuthOf(client, target.credentials)
    const options = { ...wiring(fetch), additionalParameters: resource === undefined ? [] : [['resource', resource]] }
    const request = [server, clientOf(client), auth, validated, redirectUri, codeVerifier, options] as const
    const response = await authorizationCodeGrantRequest(...request)
    throwIfTroubled(response, server.issuer)
    const conform = await tokenAnswer(response, { keepsIdToken: nonce !== undefined })
    const hasIdToken = (await jsonBodyOf(conform.clone()))?.id_token !== undefined
    // Without an ID token there is nothing that the nonce could stand in, and nothing that we would use.
    const expected = nonce === undefined || !hasIdToken ? {} : { expectedNonce: nonce }
    const checked: AuthorizationServer = { ...server, id_token_signing_alg_values_supported: ID_TOKEN_ALGORITHMS }
    const tolerant = { ...clientOf(client), [clockTolerance]: CLOCK_TOLERANCE_S }
    return processAuthorizationCodeResponse(checked, tolerant, conform, expected)
  })
  return grantOf(answer, { server, client, scopes, resource, startedAt })
}

/** In constant time: whoever can send answers may not find a state out by trying. */
function isSame(given: string[], expected: string): boolean {
  const [one, another] = given.map((each) => Buffer.from(each))
  const buffer = Buffer.from(expected)
  return one !== undefined && another === undefined && one.length === buffer.length && timingSafeEqual(one, buffer)
}

/** RFC 9207, 2.4: missing where it is promised, or another one, of errors as well; compared as it is written. */
function checkIssuer({ server }: PendingAuthorization, params: URLSearchParams): void {
  const given = params.getAll('iss')
  const isPromised = server.authorization_response_iss_parameter_supported === true
  if (given.length === 0 ? !isPromised : given.length === 1 && given[0] === server.issuer) return
  const host = hostOf(server.issuer)
  const message = `The browser did not come back from ${host}, where the sign-in began, or ${host} did not say so.`
  const fix =
    'Sign in again. If it stays so and you typed the addresses of the server, type its issuer as well, exactly as the server writes it.'
  throw new OAuthError('issuer_mismatch', message, { fix })
}

function validatedAnswer(
  { server, client, state }: PendingAuthorization,
  params: URLSearchParams,
  context: TokenErrorContext,
): URLSearchParams {
  try {
    return validateAuthResponse(server, clientOf(client), params, state)
  } catch (error) {
    if (error instanceof AuthorizationResponseError) throw namedError(error.error, context, error)
    throw error
  }
}

function unknownSignIn(): OAuthError {
  const message = 'This sign-in is not known, was used already, or took longer than ten minutes.'
  return new OAuthError('unknown_state', message, { fix: 'Begin it again in Gatehouse.' })
}
