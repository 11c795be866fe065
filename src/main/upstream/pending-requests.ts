import type { CancelSignal } from '../base/cancellation.ts'
import { InFlightById } from '../base/in-flight.ts'
import type { Deadline, DeadlineWatch } from './deadline.ts'
import type { UpstreamAnswer, UpstreamCaller, UpstreamRequest } from './upstream.ts'

/** A request that waits for its answer. */
export interface Pending {
  readonly id: number
  method: string
  /** Of the opening: no notification cancels it. */
  opening: boolean
  resolve(answer: UpstreamAnswer): void
  reject(error: unknown): void
  deadline: Deadline
  /** Undefined: a request of the gateway's own, which concerns no agent. */
  caller: UpstreamCaller | undefined
  /** Requests of the server that are open because of it. */
  questions: number
  onProgress: UpstreamRequest['onProgress']
  signal: CancelSignal | undefined
  onAbort: (() => void) | undefined
}

/** It may belong to any of several principals. */
export const SEVERAL = 'several'
/** The request that it belongs to has been answered or given up. */
export const OVER = 'over'

/**
 * The requests of one connection that wait for an answer. One timer ends those that wait too long: it is set for the first of
 * them, and where that has its answer by then, or more time, for the next one. A timer for each costs as much as all the
 * rest that is kept of a request here.
 */
export class PendingRequests implements DeadlineWatch {
  readonly #byId = new InFlightById<Pending>()
  readonly #late: (pending: Pending) => void
  #timer: NodeJS.Timeout | undefined
  /** What the timer is set for, on the monotonic clock. */
  #looksAt = Infinity

  /** `late` is told of each that is over, and has to take it. */
  constructor(late: (pending: Pending) => void) {
    this.#late = late
  }

  /** In the order in which they were made. */
  get ids(): number[] {
    return Array.from(this.#byId, ({ id }) => id).sort((a, b) => a - b)
  }

  /** Those that will be given up at some time: a request without a limit is a subscription. */
  get limited(): number[] {
    return [...this.#byId].filter(({ deadline }) => deadline.endsAt !== Infinity).map(({ id }) => id)
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

  lookAt(endsAt: number): void {
    if (endsAt >= this.#looksAt) return
    clearTimeout(this.#timer)
    this.#looksAt = endsAt
    // What waits is a socket or a process, and these keep the program alive.
    this.#timer = setTimeout(() => this.#look(), Math.max(0, endsAt - performance.now())).unref()
  }

  #look(): void {
    this.#looksAt = Infinity
    const now = performance.now()
    let next = Infinity
    for (const pending of [...this.#byId]) {
      const { endsAt } = pending.deadline
      if (endsAt <= now) this.#late(pending)
      else next = Math.min(next, endsAt)
    }
    this.lookAt(next)
  }
}
