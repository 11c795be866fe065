import { InFlightById } from '../base/in-flight.ts'
import type { Deadline } from './deadline.ts'
import type { UpstreamAnswer, UpstreamCaller, UpstreamRequest } from './upstream.ts'

/** A request that waits for its answer. */
export interface Pending {
  readonly id: number
  method: string
  resolve(answer: UpstreamAnswer): void
  reject(error: unknown): void
  deadline: Deadline
  /** Undefined: a request of the gateway's own, which concerns no agent. */
  caller: UpstreamCaller | undefined
  /** Requests of the server that are open because of it. */
  questions: number
  onProgress: UpstreamRequest['onProgress']
  signal: AbortSignal | undefined
  onAbort: (() => void) | undefined
}

/** It may belong to any of several principals. */
export const SEVERAL = 'several'
/** The request that it belongs to has been answered or given up. */
export const OVER = 'over'

/** The requests of one connection that wait for an answer. */
export class PendingRequests {
  readonly #byId = new InFlightById<Pending>()

  /** In the order in which they were made. */
  get ids(): number[] {
    return Array.from(this.#byId, ({ id }) => id).sort((a, b) => a - b)
  }

  /** Those that will be given up at some time: a request without a limit is a subscription. */
  get limited(): number[] {
    return [...this.#byId].filter(({ deadline }) => deadline.isSet).map(({ id }) => id)
  }

  add(pending: Pending): void {
    this.#byId.add(pending)
  }

  get(id: number): Pending | undefined {
    return this.#byId.get(id)
  }

  /** It does not wait any more. */
  take(id: number): Pending | undefined {
    const pending = this.#byId.take(id)
    if (!pending) return undefined
    pending.deadline.stop()
    if (pending.onAbort) pending.signal?.removeEventListener('abort', pending.onAbort)
    return pending
  }

  /**
   * Whose a message is that the server sent by itself: of the request on whose stream it came (`of`), else of the newest
   * one of the only principal that waits for anything. Undefined: nobody's.
   */
  ownerOf(of: number | undefined): Pending | typeof SEVERAL | typeof OVER | undefined {
    if (of !== undefined) return this.#byId.get(of) ?? OVER
    let newest: Pending | undefined
    for (const pending of this.#byId) {
      if (!pending.caller) continue
      if (newest && newest.caller?.principal !== pending.caller.principal) return SEVERAL
      if (!newest || pending.id > newest.id) newest = pending
    }
    return newest
  }
}
