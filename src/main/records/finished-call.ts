import type { CallOutcome } from '../../shared/contract/calls.ts'
import type { Era } from '../upstream/upstream.ts'

/** What the gateway tells of a tool call when it is over. */
export interface FinishedCall {
  workspace: string
  /** Name of the agent; null for the console and the command line. */
  agent: string | null
  /** Slug; null where no integration has such a tool. */
  integration: string | null
  /** The name that was called. */
  tool: string
  era: Era
  /** Null when the call did not get there. */
  upstreamEra: Era | null
  /** Milliseconds since 1970. */
  startedAt: number
  durationMs: number
  requestBytes: number
  responseBytes: number
  outcome: CallOutcome
  /** Of an outcome `error`. */
  error: { code: number; message: string } | null
  /** The JSON-RPC messages as they went: read before `record` returns, or copied. */
  request: Buffer
  response: readonly Buffer[]
}

/** Hears of every call. Called on the hot path: it must do next to nothing, and never throw. */
export interface CallTap {
  record(call: FinishedCall): void
}
