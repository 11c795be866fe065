import type { AppError } from '../base/app-error.ts'
import { HttpStatusError } from './http-errors.ts'

export const SIGN_IN_HINT = 'This server wants a sign-in (OAuth). Choose OAuth 2.'

/** What a connection that was refused had been sent. */
interface Sent {
  headers: Readonly<Record<string, string>>
  token?: unknown
}

/**
 * Whether the answer to a connection without OAuth says that tokens of OAuth are what it takes: by naming its metadata
 * (RFC 9728, 5.1), or, to an MCP server's client that sent no credential, by asking for a bearer token.
 */
export function wantsSignIn({ cause }: AppError, { headers, token }: Sent): boolean {
  if (token !== undefined || !(cause instanceof HttpStatusError) || cause.status !== 401) return false
  const isOpen = !Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
  return namesMetadata(cause.challenge) || (isOpen && /(?:^|,)\s*bearer\b/i.test(cause.challenge ?? ''))
}

/** Whether a `WWW-Authenticate` says where a protected resource describes itself. */
export function namesMetadata(challenge: string | undefined): boolean {
  return /[\s,]resource_metadata\s*=/i.test(challenge ?? '')
}
