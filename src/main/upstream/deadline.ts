import type { AppError } from '../base/app-error.ts'
import { notFinished, unanswered, unfinished } from './request-errors.ts'

export interface DeadlineLimits {
  /** 0: no limit, for a request that stays open. */
  timeoutMs: number
  /** How far progress and questions to the agent may extend it in all. */
  maxMs?: number
}

/**
 * How long one request may take. Each sign of progress gives it its full time again. While the agent is asked something
 * because of it, its time does not run. In the end it is over all the same.
 */
export class Deadline {
  readonly #method: string
  readonly #timeoutMs: number
  readonly #maxMs: number
  readonly #over: (error: AppError) => void
  /** On the monotonic clock. */
  readonly #latestEnd: number
  #timer: NodeJS.Timeout | undefined
  #questions = 0

  constructor(method: string, { timeoutMs, maxMs = timeoutMs }: DeadlineLimits, over: (error: AppError) => void) {
    this.#method = method
    this.#timeoutMs = timeoutMs
    this.#maxMs = maxMs
    this.#over = over
    this.#latestEnd = performance.now() + maxMs
    if (timeoutMs > 0) this.#timer = setTimeout(expire, timeoutMs, this)
  }

  /** False: a request that stays open as long as it likes. */
  get isSet(): boolean {
    return this.#timer !== undefined
  }

  progressed(): void {
    if (this.#timer === undefined || this.#questions > 0) return
    if (this.#restMs > this.#timeoutMs) this.#timer.refresh()
    else this.#endAtLast(unfinished)
  }

  /** The agent is asked something. */
  rest(): void {
    if (this.#questions++ === 0 && this.#timer !== undefined) this.#endAtLast(notFinished)
  }

  /** The agent has answered: the server has its full time again, as after progress. */
  resume(): void {
    if (--this.#questions > 0 || this.#timer === undefined) return
    if (this.#restMs <= this.#timeoutMs) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(expire, this.#timeoutMs, this)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** For the timer: nothing was heard for the whole time. */
  expire(): void {
    this.#over(unanswered(this.#method, this.#timeoutMs))
  }

  get #restMs(): number {
    return Math.max(0, this.#latestEnd - performance.now())
  }

  #endAtLast(why: typeof unfinished): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#over(why(this.#method, this.#maxMs)), this.#restMs)
  }
}

/** One function for the timers of all requests: each call has one. */
function expire(deadline: Deadline): void {
  deadline.expire()
}
