import { isObject } from '../base/is-object.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import { OAuthError, type OAuthReason } from './oauth-error.ts'

/** Of one address; the next is to have its turn as well. */
const TIMEOUT_MS = 5_000

export interface MetadataOptions {
  fetch: OAuthFetch
  /** For each address. */
  timeoutMs?: number | undefined
}

/** One address that was asked for metadata, and why there is none that can be used. */
export interface Attempt {
  address: URL
  /** `no_metadata`: the server answered that there is nothing. */
  reason: OAuthReason
  /** In a few words. Nothing of the answer. */
  note: string
  cause?: unknown
}

/** The JSON object at an address, or why there is none. Rejects only where the whole search is aborted. */
export async function askForDocument(
  address: URL,
  { fetch, timeoutMs = TIMEOUT_MS }: MetadataOptions,
): Promise<Record<string, unknown> | Attempt> {
  const deadline = AbortSignal.timeout(timeoutMs)
  const attempt = (reason: OAuthReason, note: string, cause?: unknown): Attempt => ({ address, reason, note, cause })
  let response: Response
  let text: string
  try {
    response = await fetch(address.href, { method: 'GET', headers: { accept: 'application/json' }, signal: deadline })
    text = await response.text()
  } catch (error) {
    if (deadline.aborted) return attempt('unreachable', `no answer within ${timeoutMs / 1_000} s`, error)
    if (error instanceof OAuthError) return attempt(error.reason, noteOf(error), error)
    throw error
  }
  const { status } = response
  // A server in trouble does not say that there is nothing.
  if (status >= 500 || status === 429) return attempt('unreachable', `answered ${status}`)
  if (status !== 200) return attempt('no_metadata', `answered ${status}`)
  try {
    const document: unknown = JSON.parse(text)
    return isObject(document) ? document : attempt('no_metadata', 'answered with something else')
  } catch (cause) {
    const isPage = /^\s*</.test(text)
    return attempt('no_metadata', isPage ? 'answered with a web page' : 'answered with something else', cause)
  }
}

export function isAttempt(found: Record<string, unknown> | Attempt): found is Attempt {
  return found.address instanceof URL
}

function noteOf({ reason }: OAuthError): string {
  if (reason === 'refused_address') return 'an address that is not asked'
  return reason === 'unreachable' ? 'no answer' : 'answered with something else'
}

/** What was asked, for the end of a message. */
export function triedText(attempts: readonly Attempt[]): string {
  if (attempts.length === 0) return ''
  const lines = attempts.map(({ address, note }) => `${address.origin}${address.pathname} (${note})`)
  return ` Asked: ${lines.join(', ')}.`
}

/** The strings of a member that is a list of strings; undefined: it is none. */
export function stringsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}
