import { OperationProcessingError, ResponseBodyError, UnsupportedOperationError } from 'oauth4webapi'
import type { Registration } from '../../shared/contract/oauth.ts'
import { OAuthError, type OAuthReason } from './oauth-error.ts'

/** A server's own words are shown to this length. */
const MAX_WORDS = 200
/** Shorter ones are ordinary words. */
const MIN_SECRET = 6

/** What was asked, for words that fit. */
export interface TokenErrorContext {
  /** Of the authorization server. */
  issuer: string
  purpose: 'sign_in' | 'refresh' | 'client_credentials' | 'revocation'
  registration: Registration
  scopes: string[]
  resource: string | undefined
  /** Not to be repeated, whatever the server says. */
  secrets: (string | undefined)[]
}

/**
 * Runs an exchange with oauth4webapi. Its errors carry whole answers with their tokens, so none of them gets out: they
 * become OAuthError without a cause. What a fetch or a signal throws passes as it is.
 */
export async function inOurWords<T>(context: TokenErrorContext, exchange: () => Promise<T>): Promise<T> {
  try {
    return await exchange()
  } catch (error) {
    if (error instanceof ResponseBodyError) throw namedError(error.error, context, error)
    if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
      throw notConform(context.issuer, error.message)
    }
    throw error
  }
}

/** Of a server that is busy or broken: what is kept stays as it is (RFC 6585, 4). */
export function throwIfTroubled({ status }: Response, issuer: string): void {
  if (status < 500 && status !== 429) return
  const message = `${hostOf(issuer)} has a problem of its own: it answered ${status}.`
  throw new OAuthError('server_error', message, { fix: 'Try again later.', status })
}

/** An answer without the form that the protocol gives it. `why`: never anything of the answer. */
export function notConform(issuer: string, why: string): OAuthError {
  const message = `${hostOf(issuer)} did not answer as OAuth asks for: ${why}.`
  return new OAuthError('invalid_answer', message, { fix: `Tell whoever runs ${hostOf(issuer)}, or try again later.` })
}

/** What a server calls its errors (RFC 6749, 4.1.2.1 and 5.2; RFC 8707, 2), with its words, cleaned. */
export function namedError(
  error: string,
  context: TokenErrorContext,
  details: { error_description?: string | undefined; status?: number | undefined } = {},
): OAuthError {
  const { reason, message, fix } = explain(error, context)
  const { error_description: description, status } = details
  const text = description === undefined ? '' : wordsOfServer(description, context.secrets)
  const said = text === '' ? '' : ` It says: “${text}”.`
  return new OAuthError(reason, message + said, { fix, ...(status !== undefined && { status }) })
}

interface Explanation {
  reason: OAuthReason
  message: string
  fix: string
}

function explain(error: string, { issuer, purpose, registration, scopes, resource }: TokenErrorContext): Explanation {
  const host = hostOf(issuer)
  const isOurs = registration === 'dynamic'
  switch (error) {
    case 'access_denied':
      return {
        reason: error,
        message: `The sign-in at ${host} was refused.`,
        fix: `Sign in again and allow the access, or ask whoever manages your account at ${host}.`,
      }
    case 'invalid_client':
      return {
        reason: error,
        message: `${host} does not know the client, or does not accept its credentials.`,
        fix: isOurs
          ? 'Sign in again: Gatehouse registers itself anew.'
          : 'Check the client ID, its secret or key, and how it is sent, in the OAuth settings of the integration.',
      }
    case 'unauthorized_client':
      return {
        reason: error,
        message: `${host} does not let this client get tokens in this way.`,
        fix: isOurs
          ? 'Sign in again: Gatehouse registers itself anew.'
          : `Allow the grant type ${purpose === 'client_credentials' ? 'client credentials' : 'authorization code'} for the client at ${host}.`,
      }
    case 'invalid_grant':
      return purpose === 'refresh'
        ? { reason: error, message: `The sign-in at ${host} does not hold any more.`, fix: 'Sign in again.' }
        : { reason: error, message: `${host} did not accept the sign-in.`, fix: 'Sign in again, and do not wait long.' }
    case 'invalid_scope':
      return {
        reason: error,
        message: `${host} does not grant ${scopes.length === 0 ? 'access without scopes' : `the scopes ${scopes.join(' ')}`}.`,
        fix: 'Change the scopes in the OAuth settings of the integration.',
      }
    case 'invalid_target':
      return {
        reason: error,
        message: `${host} gives no tokens for ${resource ?? 'this server'}.`,
        fix: `Check the resource in the OAuth settings of the integration, or have it added at ${host}.`,
      }
    case 'unsupported_grant_type':
      return {
        reason: error,
        message: `${host} does not know this way of getting a token.`,
        fix: 'Choose the other grant type in the OAuth settings of the integration.',
      }
    case 'invalid_request':
      return {
        reason: error,
        message: `${host} did not accept the request.`,
        fix: `Check the OAuth settings of the integration, or ask whoever runs ${host}.`,
      }
    case 'temporarily_unavailable':
      return { reason: 'server_error', message: `${host} is not available now.`, fix: 'Try again later.' }
    default:
      return {
        reason: 'server_error',
        message: `${host} answered with an error${/^[\w.-]{1,64}$/.test(error) ? `, ${error}` : ''}.`,
        fix: `Try again later. If it stays so, ask whoever runs ${host}.`,
      }
  }
}

/** One line of text without what was secret in the request, cut. */
export function wordsOfServer(words: string, secrets: (string | undefined)[] = []): string {
  const isLong = (secret: string | undefined): secret is string => secret !== undefined && secret.length >= MIN_SECRET
  const masked = secrets.filter(isLong).reduce((text, secret) => text.replaceAll(secret, '••••'), words)
  const line = masked.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
  return line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS - 1)}…` : line.replace(/\.$/, '')
}

export function hostOf(issuer: string): string {
  return new URL(issuer).host
}
