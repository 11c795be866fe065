import type { BackoffLimits } from './limits.ts'

/** How long to wait before the next attempt, and when to stop trying. */
export class Backoff {
  readonly #limits: BackoffLimits
  readonly #random: () => number
  #failures = 0
  #crashes = 0

  constructor(limits: BackoffLimits, random: () => number = Math.random) {
    this.#limits = limits
    this.#random = random
  }

  /** Notes an end that came `afterMs` after the start, with `exits` processes that ended by themselves, and gives the delay. */
  next(afterMs: number, exits: number): number {
    if (afterMs >= this.#limits.healthyMs) this.reset()
    this.#crashes += exits
    const delay = Math.min(this.#limits.maxMs, this.#limits.firstMs * 2 ** this.#failures++)
    // Up to a fifth either way: servers that failed together should not come back together.
    return delay * (0.8 + 0.4 * this.#random())
  }

  /** Processes that ended by themselves since the last time that one lasted. */
  get crashes(): number {
    return this.#crashes
  }

  /** The process ended so often right after its start that starting it again by itself helps nobody. */
  get exhausted(): boolean {
    return this.isLast(0)
  }

  /** Whether so many exits more, in an attempt that is still running, would make it one that is not repeated. */
  isLast(exits: number): boolean {
    return this.#crashes + exits >= this.#limits.crashes
  }

  reset(): void {
    this.#failures = 0
    this.#crashes = 0
  }
}
