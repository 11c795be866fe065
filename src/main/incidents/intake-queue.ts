import type { IncidentEvent } from '../../shared/contract/incidents.ts'
import { AppError } from '../base/app-error.ts'
import type { Deed, Told } from './told.ts'

/** What was handed in together: events, or what somebody does to one incident. */
export interface Intaken {
  work: readonly Told[] | Deed
  /** Events that it makes, about. */
  count: number
  bytes: number
  taken: (events: IncidentEvent[]) => void
  failed: (error: unknown) => void
}

export interface QueueLimits {
  /** Events that may wait. */
  events: number
  /** Of them all together. */
  bytes: number
  /** Of one transaction. */
  batchEvents: number
  batchBytes: number
}

const MIB = 1024 * 1024
export const QUEUE_LIMITS: QueueLimits = {
  events: 10_000,
  bytes: 64 * MIB,
  batchEvents: 200,
  batchBytes: 4 * MIB,
}

/** What waits to be written: of each workspace in order, of several in turn. */
export class IntakeQueue {
  readonly #limits: QueueLimits
  readonly #waiting = new Map<string, Intaken[]>()
  #events = 0
  #bytes = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  /** Whether a transaction would have all that it may have. */
  get hasBatch(): boolean {
    return this.#events >= this.#limits.batchEvents || this.#bytes >= this.#limits.batchBytes
  }

  /** Throws `rate_limited`, before anything of it is taken, when so much more can't wait. An empty queue takes anything. */
  admit(count: number, bytes: number): void {
    if (this.isEmpty) return
    const { events, bytes: most } = this.#limits
    if (this.#events + count <= events && this.#bytes + bytes <= most) return
    throw new AppError('rate_limited', {
      message: 'More events come than can be written at the moment. None of these was taken: send them again shortly.',
    })
  }

  add(workspace: string, item: Intaken): void {
    const waiting = this.#waiting.get(workspace)
    if (waiting === undefined) this.#waiting.set(workspace, [item])
    else waiting.push(item)
    this.#events += item.count
    this.#bytes += item.bytes
  }

  /** What goes into the next transaction, all of one workspace. */
  next(): { workspace: string; items: Intaken[] } | undefined {
    const first = this.#waiting.entries().next().value
    if (first === undefined) return undefined
    const [workspace, waiting] = first
    const { batchEvents, batchBytes } = this.#limits
    let [count, events, bytes] = [0, 0, 0]
    for (const item of waiting) {
      if (count > 0 && (events + item.count > batchEvents || bytes + item.bytes > batchBytes)) break
      count++
      events += item.count
      bytes += item.bytes
    }
    this.#events -= events
    this.#bytes -= bytes
    this.#waiting.delete(workspace)
    if (count < waiting.length) this.#waiting.set(workspace, waiting.slice(count))
    return { workspace, items: waiting.slice(0, count) }
  }
}
