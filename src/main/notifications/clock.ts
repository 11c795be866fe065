/** The time of day, which can be set, and one that only goes on, for lengths of time. Both in milliseconds. */
export interface Clock {
  now(): number
  monotonic(): number
}

export const systemClock: Clock = { now: Date.now, monotonic: () => performance.now() }

/** Less is drift, and the hour and minute that a person means are not so exact. */
const LEAST_JUMP_MS = 30_000

/** Notices that the clock was set, or that the machine slept. */
export class ClockWatch {
  readonly #clock: Clock
  #offset: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#offset = clock.now() - clock.monotonic()
  }

  /** By how much the time of day went its own way since the last look; 0: it did not. */
  jump(): number {
    const offset = this.#clock.now() - this.#clock.monotonic()
    const by = offset - this.#offset
    if (Math.abs(by) < LEAST_JUMP_MS) return 0
    this.#offset = offset
    return Math.round(by)
  }
}
