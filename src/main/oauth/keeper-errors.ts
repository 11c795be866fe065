import type { ErrorCode } from '../../shared/contract/error-table.ts'
import type { Registration } from '../../shared/contract/oauth.ts'
import { AppError } from '../base/app-error.ts'
import { OAuthError, type OAuthReason } from './oauth-error.ts'

/**
 * What a failed renewal means for what is kept.
 * `ended`: the tokens are worth nothing.
 * `client_lost`: neither is the client, which the server gave us and has forgotten.
 * `stuck`: only a person can mend it; asking again is no use until then.
 * `later`: everything stays as it is, and it is tried again.
 */
export type Verdict = 'ended' | 'client_lost' | 'stuck' | 'later'

const CLIENT_REFUSED = new Set<OAuthReason>(['invalid_client', 'unauthorized_client'])
const FOR_A_PERSON = new Set<OAuthReason>(['settings', 'registration_needed'])

interface Circumstances {
  registration: Registration | undefined
  /** With client credentials there is no sign-in that could end. */
  asksForItself: boolean
}

export function verdictOn(error: unknown, { registration, asksForItself }: Circumstances): Verdict {
  if (!(error instanceof OAuthError)) return 'later'
  if (error.reason === 'invalid_grant') return asksForItself ? 'later' : 'ended'
  if (CLIENT_REFUSED.has(error.reason)) return registration === 'dynamic' && !asksForItself ? 'client_lost' : 'stuck'
  return FOR_A_PERSON.has(error.reason) ? 'stuck' : 'later'
}

/** To whoever wants a token. `words`: what happened, then what to do. */
export function tokenError(cause: unknown, words: string): AppError {
  if (cause instanceof AppError) return cause
  const isUnreachable = cause instanceof OAuthError && cause.reason === 'unreachable'
  return new AppError(isUnreachable ? 'upstream_unavailable' : 'authorization_required', { message: words, cause })
}

const signInCodes: Partial<Record<OAuthReason, ErrorCode>> = {
  unreachable: 'upstream_unavailable',
  settings: 'invalid_input',
  registration_needed: 'invalid_input',
}

/** To whoever signs in. */
export function signInError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (!(error instanceof OAuthError)) return new AppError('internal', { cause: error })
  return new AppError(signInCodes[error.reason] ?? 'authorization_required', { message: wordsOf(error), cause: error })
}

/** What happened, then what to do. */
export function wordsOf(error: unknown): string {
  if (error instanceof OAuthError) return `${error.message} ${error.fix}`
  return error instanceof AppError ? error.message : 'Something unexpected went wrong; the log has the details.'
}

/** What the status of an integration says. */
export interface Problem {
  code: string
  message: string
}

export function problemOf({ code, message, cause }: AppError): Problem {
  return { code: cause instanceof OAuthError ? cause.reason : code, message }
}
