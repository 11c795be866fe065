import { Pool } from 'undici'
import type { UpstreamLimits } from './limits.ts'
import type { SecretFilter } from './secret-filter.ts'
import type { OutgoingRequest } from './transport.ts'

/** Where an HTTP server is, and what it is sent. */
export interface HttpPlace {
  url: URL
  /** The integration's own, credentials included. They go to this origin only: no redirect leaves it. */
  headers: Record<string, string>
  filter: SecretFilter
}

/** Sockets to one server; every open answer holds one. */
const MAX_SOCKETS = 256
export const MAX_REDIRECTS = 3
/** An exchange may stay open after its answer came; then we end it. */
export const LINGER_MS = 1_000

export function socketsTo(url: URL, limits: UpstreamLimits): Pool {
  return new Pool(url.origin, {
    connections: MAX_SOCKETS,
    connect: { timeout: limits.connectTimeoutMs },
    headersTimeout: 0, // every request has a limit of its own
    bodyTimeout: 0,
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

/** A JSON-RPC error that came with a status of failure. */
export function rpcError(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null
    const error = typeof value === 'object' && value !== null ? value.error : undefined
    const isRpc = typeof error === 'object' && error !== null && typeof (error as { code?: unknown }).code === 'number'
    return isRpc && value && value.result === undefined ? value : undefined
  } catch {
    return undefined
  }
}
