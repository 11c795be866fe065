import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { ExchangeError, safeExchange, type AddressRule, type SafeAnswer } from '../../base/safe-exchange.ts'
import { portOf } from '../../upstream/http-errors.ts'
import { refusal, refusalMessage, type IsOwnAddress, type Refusal } from './addresses.ts'
import { connectionProblem, tooSlow, type Problem } from './connection-problem.ts'

/** Of an answer, this is kept; nobody needs more to see what was wrong. */
const MAX_ANSWER_BYTES = 16 * 1024
/** The status is the answer. What comes after it is worth a moment only. */
const MAX_BODY_WAIT_MS = 3_000

export interface PostRequest {
  url: URL
  headers: Readonly<Record<string, string>>
  body: string
}

export interface PostOptions {
  timeoutMs: number
  isOwn: IsOwnAddress
  lookup?: LookupFunction | undefined
  ca?: string[] | undefined
}

export type Posted =
  | { kind: 'answered'; status: number; header: (name: string) => string | undefined; body: string }
  /** `refused`: nothing was sent, and nothing will be while the address is what it is. */
  | ({ kind: 'failed' | 'refused' } & Problem)

/**
 * One POST of a notice to where an admin wants it, over a connection of its own. Redirects are answers like others: a body
 * with a signature is for the one that it was made for. Rejects with the reason of `signal` alone.
 */
export async function post(request: PostRequest, options: PostOptions, signal: AbortSignal): Promise<Posted> {
  const { url } = request
  const { timeoutMs, isOwn, lookup, ca } = options
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(portOf(url))
  let refused: Refusal | undefined
  const permits: AddressRule = (address) => {
    const why = refusal(address, port, url.protocol === 'https:', isOwn)
    refused ??= why
    return why === undefined
  }
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    return await safeExchange(
      url,
      { method: 'POST', headers: request.headers, body: request.body },
      {
        permits,
        signal: AbortSignal.any([deadline, signal]),
        connectTimeoutMs: timeoutMs,
        lookup,
        ...(ca !== undefined && { tls: { ca } }),
      },
      readAnswer,
    )
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ExchangeError && error.failure === 'refused') {
      const message = refused === undefined ? error.message : refusalMessage(url.host, refused)
      return { kind: 'refused', code: 'address_refused', message }
    }
    if (deadline.aborted) return { kind: 'failed', ...tooSlow(host, port, timeoutMs) }
    return { kind: 'failed', ...connectionProblem(host, port, error) }
  }
}

/** Why an address is not sent to, as far as it says so itself; a name is looked up when something is sent. */
export function literalRefusal(url: URL, isOwn: IsOwnAddress): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // Browsers and systems take these names for this machine without a lookup.
  const address = host === 'localhost' || host.endsWith('.localhost') ? '127.0.0.1' : host
  if (isIP(address) === 0) return undefined
  const why = refusal(address, Number(portOf(url)), url.protocol === 'https:', isOwn)
  return why === undefined ? undefined : refusalMessage(url.host, why)
}

async function readAnswer(answer: SafeAnswer): Promise<Posted> {
  const { statusCode: status, headers, body } = answer
  const header = (name: string) => {
    const value = headers[name]
    return Array.isArray(value) ? value[0] : value
  }
  const coding = header('content-encoding')
  const text = coding === undefined || coding === 'identity' ? await beginningOf(body) : `(${coding})`
  return { kind: 'answered', status, header, body: text }
}

/** What comes of a body in a moment. One that breaks off, or has no end, changes nothing about its status. */
async function beginningOf(body: SafeAnswer['body']): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  const moment = setTimeout(() => void body.destroy(), MAX_BODY_WAIT_MS)
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= MAX_ANSWER_BYTES) break
    }
  } catch {
    // What came is kept.
  } finally {
    clearTimeout(moment)
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8')
}
