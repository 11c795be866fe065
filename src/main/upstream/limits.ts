import { availableParallelism } from 'node:os'

/** Every wait and every buffer of an upstream connection, in one place. */
export interface UpstreamLimits {
  /** From spawning or connecting to the end of negotiation; also the longest that a call waits for a connection. */
  startTimeoutMs: number
  /** Until an HTTP server has accepted a connection, and until it has answered the opening. */
  connectTimeoutMs: number
  /** How long a stdio server may think about `server/discover` before it is taken for one that does not know it. */
  probeTimeoutMs: number
  /** For one request, `tools/list` included. */
  callTimeoutMs: number
  /** For one request whose server reports progress, which gives it its full time again and again. */
  maxCallMs: number
  /** A stdio server without a call for so long is ended, and started again by the next call. 0: never. */
  idleTimeoutMs: number
  /** One message: a line of stdio, an HTTP body, an SSE event. */
  maxMessageBytes: number
  /** Connections that may be starting at the same time. */
  parallelStarts: number
  /** Of a connection that is one stream. */
  keepAlive: KeepAliveLimits
  /** Of connections that agents do not share. */
  isolated: IsolatedLimits
  backoff: BackoffLimits
  shutdown: ShutdownLimits
}

export interface KeepAliveLimits {
  /** A server that said nothing for so long is asked whether it is there. */
  everyMs: number
  /** And may take so long to answer. */
  answerMs: number
}

export interface IsolatedLimits {
  /** One without a call for so long is ended. */
  idleMs: number
  perUpstream: number
  /** Of the whole gateway. */
  total: number
}

export interface BackoffLimits {
  firstMs: number
  maxMs: number
  /** A connection that lasted so long starts from `firstMs` again. */
  healthyMs: number
  /** So many ends in a row, each within `healthyMs` of its start, stop a process from being started again by itself. */
  crashes: number
}

export interface ShutdownLimits {
  /** After the end of its input a server may take so long to leave. */
  stdinMs: number
  /** After SIGTERM; then SIGKILL. */
  terminateMs: number
}

export const defaultUpstreamLimits: UpstreamLimits = {
  startTimeoutMs: 30_000,
  connectTimeoutMs: 10_000,
  probeTimeoutMs: 10_000,
  callTimeoutMs: 60_000,
  maxCallMs: 600_000,
  idleTimeoutMs: 0,
  maxMessageBytes: 10 * 1024 * 1024,
  parallelStarts: availableParallelism() * 2,
  keepAlive: { everyMs: 10_000, answerMs: 20_000 },
  isolated: { idleMs: 600_000, perUpstream: 100, total: 256 },
  backoff: { firstMs: 1_000, maxMs: 60_000, healthyMs: 60_000, crashes: 5 },
  shutdown: { stdinMs: 2_000, terminateMs: 3_000 },
}
