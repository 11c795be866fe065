import type { CallTap, FinishedCall } from '../records/finished-call.ts'
import type { Era } from '../upstream/upstream.ts'
import type { RelayedAnswer } from './relay.ts'

/** A call that has begun, and when. */
export interface BegunCall {
  workspace: string
  /** Name of the agent; null for the console and the command line. */
  agent: string | null
  era: Era
  /** The JSON-RPC message. */
  request: Buffer
  /** Milliseconds since 1970. */
  startedAt: number
  /** The same moment on the monotonic clock. */
  started: number
}

/** A name that stands in no list is whatever an agent sent. */
const LONGEST_NAME = 256

/**
 * Tells the call log of every call once the answers of this turn of the event loop are on their way: no agent waits for
 * the log, and many calls cost one timer.
 */
export class CallRecorder {
  readonly #tap: CallTap
  #finished: FinishedCall[] = []
  #timer: NodeJS.Immediate | undefined
  #isClosed = false

  constructor(tap: CallTap) {
    this.#tap = tap
  }

  /** To be called when the answer is known and before it is waited for. */
  finished(call: BegunCall, answer: RelayedAnswer): void {
    if (this.#isClosed) return
    const { workspace, agent, era, request, startedAt, started } = call
    let responseBytes = 0
    for (const piece of answer.body) responseBytes += piece.length
    this.#finished.push({
      workspace,
      agent,
      integration: answer.integration,
      tool: answer.tool.slice(0, LONGEST_NAME),
      era,
      upstreamEra: answer.upstreamEra,
      startedAt,
      durationMs: performance.now() - started,
      requestBytes: request.length,
      responseBytes,
      outcome: answer.outcome,
      error: answer.error,
      request,
      response: answer.body,
    })
    this.#timer ??= setImmediate(() => this.#tell())
  }

  /** Tells what is left, with the calls that were cancelled a moment ago. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
    this.#tell()
    this.#isClosed = true
  }

  #tell(): void {
    clearImmediate(this.#timer)
    this.#timer = undefined
    const finished = this.#finished
    this.#finished = []
    for (const call of finished) this.#tap.record(call)
  }
}

/** The moment at which a call begins. */
export function beginCall(call: Omit<BegunCall, 'startedAt' | 'started'>): BegunCall {
  const { workspace, agent, era, request } = call
  return { workspace, agent, era, request, startedAt: Date.now(), started: performance.now() }
}
