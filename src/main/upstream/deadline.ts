import type { AppError } from '../base/app-error.ts'
import { notFinished, unanswered, unfinished } from './request-errors.ts'

export interface DeadlineLimits {
  /** 0: no limit, for a request that stays open. */
  timeoutMs: number
  /** How far progress and questions to the agent may extend it in all. */
  maxMs?: number
}

/** Looks at deadlines when they are over. */
export interface DeadlineWatch {
  /** At this moment, on the monotonic clock, or before. */
  lookAt(endsAt: number): void
}

/**
 * How long one request may take. Each sign of progress gives it its full time again. While the agent is asked something
 * because of it, its time does not run. In the end it is over all the same. It has no timer of its own, but a watch that it
 * shares with others.
 */
export class Deadline {
  readonly #method: string
  readonly #timeoutMs: number
  readonly #maxMs: number
  readonly #watch: DeadlineWatch
  readonly #latestEnd: number
  #endsAt: number
  /** What it is told to be when it is over; the first stands for silence. */
  #fault: typeof unanswered | typeof unfinished = unanswered
  #questions = 0

  constructor(method: string, { timeoutMs, maxMs = timeoutMs }: DeadlineLimits, watch: DeadlineWatch) {
    const now = performance.now()
    this.#method = method
    this.#timeoutMs = timeoutMs
    this.#maxMs = Math.max(timeoutMs, maxMs)
    this.#latestEnd = now + this.#maxMs
    this.#watch = watch
    this.#endsAt = timeoutMs > 0 ? now + timeoutMs : Infinity
    watch.lookAt(this.#endsAt)
  }

  /** On the monotonic clock, in milliseconds. It may be put off. Infinity: the request stays open as long as it likes. */
  get endsAt(): number {
    return this.#endsAt
  }

  progressed(): void {
    if (this.#questions === 0) this.#startAnew(unfinished)
  }

  /** The agent is asked something. */
  rest(): void {
    if (this.#questions++ > 0 || this.#endsAt === Infinity) return
    this.#endsAt = this.#latestEnd
    this.#fault = notFinished
  }

  /** The agent has answered: the server has its full time again, as after progress. */
  resume(): void {
    if (--this.#questions === 0) this.#startAnew(notFinished)
  }

  /** The error that it is over with. */
  get failure(): AppError {
    return this.#fault(this.#method, this.#fault === unanswered ? this.#timeoutMs : this.#maxMs)
  }

  /** `atLast`: what it is told to be where there is no full time left. */
  #startAnew(atLast: typeof unfinished): void {
    if (this.#endsAt === Infinity) return
    const fullTime = performance.now() + this.#timeoutMs
    this.#endsAt = Math.min(fullTime, this.#latestEnd)
    this.#fault = fullTime < this.#latestEnd ? unanswered : atLast
    this.#watch.lookAt(this.#endsAt)
  }
}
