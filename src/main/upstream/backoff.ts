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

  /** Notes an end that came `afterMs` after the start, and gives the delay until the next attempt. */
  next(afterMs: number, processExited: boolean): number {
    if (afterMs >= this.#limits.healthyMs) this.reset()
    if (processExited) this.#crashes++
    const delay = Math.min(this.#limits.maxMs, this.#limits.firstMs * 2 ** this.#failures++)
    // Up to a fifth either way: servers that failed together should not come back together.
    return delay * (0.8 + 0.4 * this.#random())
  }

  /** The process ended so often right after its start that starting it again by itself helps nobody. */
  get exhausted(): boolean {
    return this.#crashes >= this.#limits.crashes
  }

  reset(): void {
    this.#failures = 0
    this.#crashes = 0
  }
}
