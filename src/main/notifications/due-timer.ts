import type { Clock } from './clock.ts'

/** A timer runs by the monotonic clock, so the time of day is looked at again at least so often. */
const LONGEST_MS = 60_000

/** One alarm at a time of day. It holds no process open. */
export class DueTimer {
  readonly #clock: Clock
  readonly #ring: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** In the place of what was set before. May ring earlier, then there is nothing to do yet. */
  set(atMs: number | undefined): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (atMs === undefined) return
    const delay = Math.min(LONGEST_MS, Math.max(0, atMs - this.#clock.now()))
    this.#timer = setTimeout(this.#ring, delay).unref()
  }
}
