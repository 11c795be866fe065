import { Pool } from 'undici'
import type { AppError } from '../base/app-error.ts'
import { KEPT_SOCKETS } from '../base/kept-sockets.ts'
import { isClosedByServer, refusedWithoutSession, sessionLost, statusError, type Shown } from './http-errors.ts'
import type { OpenExchange } from './authorized-exchange.ts'
import type { ExchangeHandlers } from './http-exchange.ts'
import type { UpstreamLimits } from './limits.ts'
import type { SecretFilter } from './secret-filter.ts'
import type { TokenSource } from './token-source.ts'
import type { IncomingMessage, OutgoingRequest } from './transport.ts'

/** Where an HTTP server is, and what it is sent. */
export interface HttpPlace {
  url: URL
  /** The integration's own, credentials included. They go to this origin only: no redirect leaves it. */
  headers: Record<string, string>
  filter: SecretFilter
  /** Sent as `Authorization` to this origin, in place of any in `headers`. */
  token?: TokenSource | undefined
}

/** Sockets to one server; every open answer holds one. */
const MAX_SOCKETS = 256
export const MAX_REDIRECTS = 3
/**
 * A socket that was silent for so long is probed by the system, ten times a second apart: a stream whose other end is gone
 * without a word ends then. Nothing is asked of the server for that.
 */
const PROBE_AFTER_MS = 15_000
/** An exchange may stay open after its answer came; then we end it. */
export const LINGER_MS = 1_000

export function socketsTo(url: URL, limits: UpstreamLimits): Pool {
  return new Pool(url.origin, {
    connections: MAX_SOCKETS,
    ...KEPT_SOCKETS,
    connect: { timeout: limits.connectTimeoutMs, keepAlive: true, keepAliveInitialDelay: PROBE_AFTER_MS },
  })
}

/** The whole message around `params`. */
export function requestBody({ id, method, params }: OutgoingRequest): Buffer {
  const head = `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":`
  const body = Buffer.allocUnsafe(Buffer.byteLength(head) + params.length + 1)
  const at = body.write(head)
  params.copy(body, at)
  body.write('}', at + params.length)
  return body
}

/** Where an address that a server names leads to, as path and query. Undefined when it leaves the origin: credentials stay. */
export function pathWithin(base: URL, address: string): string | undefined {
  if (!URL.canParse(address, base.href)) return undefined
  const target = new URL(address, base.href)
  return target.origin === base.origin ? target.pathname + target.search : undefined
}

/** What is to be made of a POST that the server refused. */
export type Refusal =
  /** It is the answer all the same: a JSON-RPC error with a status of failure. */
  | { answer: IncomingMessage }
  /** `ends`: not only this request, but the connection. */
  | { failure: AppError; ends: AppError | undefined }

export interface RefusedPost {
  id: number
  status: number
  contentType: string
  text: string
  /** `WWW-Authenticate`, where it came. */
  challenge: string | undefined
}

interface RefusalRules {
  /** A 404 means that the server forgot us. */
  inSession: boolean
  /** The opening is over. */
  agreed: boolean
  shown: Shown
  filter: SecretFilter
}

export function refusalOf(
  { id, status, contentType, text, challenge }: RefusedPost,
  { inSession, agreed, shown, filter }: RefusalRules,
): Refusal {
  if (status === 404 && inSession) return { failure: refusedWithoutSession(), ends: sessionLost() }
  const error = status === 401 || status === 403 ? undefined : rpcError(text)
  // Servers that could not read the id answer null; the answer to this POST can only be this request's.
  if (error) return { answer: { value: { ...error, id }, bytes: Buffer.from(text) } }
  // 401 means the credential, and with it everything; 403 may mean this one tool.
  const failure = statusError({ status, contentType, body: filter.readable(text), challenge }, shown)
  return { failure, ends: status === 401 && agreed ? failure : undefined }
}

/**
 * Where a redirect leads to that is followed: one that keeps the method, within this origin only, since credentials stay
 * here, and not for ever.
 */
export function redirectWithin(
  url: URL,
  { status, location, redirects }: { status: number; location: string | undefined; redirects: number },
): string | undefined {
  const keepsMethod = status === 307 || status === 308
  if (!keepsMethod || location === undefined || redirects >= MAX_REDIRECTS) return undefined
  return pathWithin(url, location)
}

/**
 * Sends a message whose answer is of no interest. Resolves when the server has taken it, or is not going to; the exchange
 * is in `open` until its end, and ended after the limit. Where the server closed the connection meanwhile it is sent once
 * more: to hear a notification or an answer twice does no harm, and without the answer it would wait for a long time.
 */
export function deliver(
  send: (handlers: ExchangeHandlers) => OpenExchange,
  {
    open,
    timeoutMs,
    onMessage,
  }: { open: Set<OpenExchange>; timeoutMs: number; onMessage: ExchangeHandlers['message'] },
): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer)
      open.delete(exchange)
      resolve()
    }
    const timer = setTimeout(() => {
      exchange.abort()
      over()
    }, timeoutMs)
    const opened = () => resolve()
    const handlers = { opened, message: onMessage, ended: over, refused: over, oversized: over }
    const post = (failed: ExchangeHandlers['failed']) => {
      const begun = send({ ...handlers, failed })
      open.add(begun)
      return begun
    }
    let exchange = post((error) => {
      open.delete(exchange)
      if (isClosedByServer(error)) exchange = post(over)
      else over()
    })
  })
}

/** A JSON-RPC error that came with a status of failure. */
function rpcError(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null
    const error = typeof value === 'object' && value !== null ? value.error : undefined
    const isRpc = typeof error === 'object' && error !== null && typeof (error as { code?: unknown }).code === 'number'
    return isRpc && value && value.result === undefined ? value : undefined
  } catch {
    return undefined
  }
}
