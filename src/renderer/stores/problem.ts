import { ORPCError } from '@orpc/client'
import { SignedOutError, UnreachableError } from '../host/host.ts'
import type { ErrorDetail } from '../../shared/contract/errors.ts'

/** A failed call as a screen shows it: what happened, in the words of whoever knows. */
export interface Problem {
  code: string
  message: string
  details: ErrorDetail[]
}

/** Reads any failure of a call. Nothing is swallowed: a fault that nobody declared shows its own message. */
export function problemOf(cause: unknown): Problem {
  if (cause instanceof ORPCError) {
    const { code, message, data } = cause as ORPCError<string, unknown>
    return { code, message, details: detailsOf(data) }
  }
  if (cause instanceof SignedOutError) return { code: 'signed_out', message: cause.message, details: [] }
  if (cause instanceof UnreachableError) return { code: 'unreachable', message: cause.message, details: [] }
  // fetch says "network error" or "Failed to fetch" for a stream or a call that was cut off.
  if (cause instanceof TypeError && /fetch|network/i.test(cause.message)) {
    return { code: 'unreachable', message: 'The gateway is not answering.', details: [] }
  }
  return { code: 'console', message: cause instanceof Error ? cause.message : String(cause), details: [] }
}

function detailsOf(data: unknown): ErrorDetail[] {
  const details = (data as { details?: unknown } | undefined)?.details
  return Array.isArray(details) ? (details as ErrorDetail[]) : []
}
