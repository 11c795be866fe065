import { isUtf8 } from 'node:buffer'
import type { AppError } from '../base/app-error.ts'
import { isObject } from '../base/is-object.ts'
import { nestsTooDeep } from '../base/json-depth.ts'
import { elements } from '../base/json-members.ts'

/** A request on its way out. The transport writes the envelope around `params`. */
export interface OutgoingRequest {
  id: number
  method: string
  /** JSON text. */
  params: Buffer
  /** For `Mcp-Name`. */
  name?: string | undefined
  /** `Mcp-Param-*`. */
  headers?: Record<string, string> | undefined
}

/** What we act on: the parsed envelope, and the bytes that it came in. */
export interface IncomingMessage {
  value: Record<string, unknown>
  bytes: Buffer
}

/** The conversation above a transport. Called synchronously; must not throw. */
export interface TransportListener {
  /** `of`: the request on whose own stream it came. Undefined: the way it came says nothing of whom it concerns. */
  message(message: IncomingMessage, of?: number): void
  /** This request will have no answer; the others go on. */
  failed(id: number, error: AppError): void
  /** An answer over the limit was dropped. Without an id it is not known to whom it belonged. */
  oversized(id: number | undefined): void
  /** Nothing more will come. Not called after `close()`. */
  closed(error: AppError): void
}

/**
 * One way to one server: it carries an envelope and bytes, and knows nothing of methods. A transport is used by exactly
 * one conversation (CVE-2026-25536: a shared one gave one client another's answer).
 */
export interface Transport {
  listen(listener: TransportListener): void
  request(request: OutgoingRequest): void
  /**
   * Any other message, complete, as JSON text: a notification or the answer to a server's request. Resolves when the
   * server has it (HTTP) or at once (a pipe keeps the order); never rejects.
   */
  send(message: string): Promise<void>
  /** The caller no longer waits for this request. */
  cancel(id: number, reason: string): void
  /** Told once the two sides have agreed; HTTP sends it as a header from here on. */
  negotiated(protocolVersion: string, era: 'modern' | 'legacy'): void
  /** The server offers no way to say anything unasked. Absent: it can. */
  readonly isDeaf?: boolean
  /** What to tell a person when the opening got no answer for so long. */
  silence(afterMs: number): AppError
  close(): Promise<void>
}

/** What tells legacy servers, and modern ones over stdio, that nobody waits any more. */
export function cancelledNotification(id: number, reason: string): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    method: 'notifications/cancelled',
    params: { requestId: id, reason },
  })
}

/** Hands on the message in these bytes, or those of a batch (2025-03-26). False when there is none: noise. */
export function takeMessages(bytes: Buffer, take: (message: IncomingMessage) => void): boolean {
  if (nestsTooDeep(bytes)) return false
  let text: string
  let value: unknown
  try {
    text = bytes.toString('utf8')
    value = JSON.parse(text)
  } catch {
    return false
  }
  // Bytes that are no text would go on to agents, and not all of them forgive that.
  const clean = isUtf8(bytes) ? bytes : Buffer.from(text)
  if (isObject(value)) {
    take({ value, bytes: clean })
    return true
  }
  return Array.isArray(value) && takeBatch(value, clean, take)
}

/** Nobody asks us for more at once, and each costs many times its bytes. */
const MOST_IN_BATCH = 10_000

function takeBatch(values: readonly unknown[], bytes: Buffer, take: (message: IncomingMessage) => void): boolean {
  if (values.length > MOST_IN_BATCH || !values.every(isObject)) return false
  const spans = elements(bytes)
  values.forEach((value, index) => {
    const [start, end] = spans[index] ?? [0, 0]
    // Copied: one of them that is kept would keep all of them.
    take({ value, bytes: Buffer.from(bytes.subarray(start, end)) })
  })
  return values.length > 0
}
