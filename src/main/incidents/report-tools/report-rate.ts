interface Allowance {
  left: number
  at: number
}

const PER_MINUTE = 30
const BURST = 10
const MINUTE_MS = 60_000
/** Of agents that are not heard of any more, an allowance that is full again says nothing. */
const MOST_KEPT = 1_000

/**
 * How fast one agent may report: people are told of what it says. Ten at once, then one every two seconds. Time is monotonic:
 * a jump of the wall clock gives nobody reports.
 */
export class ReportRate {
  readonly #now: () => number
  readonly #byAgent = new Map<string, Allowance>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Takes one. Undefined: it may go on; else in so many seconds it may. */
  take(agent: string): number | undefined {
    const now = this.#now()
    const last = this.#byAgent.get(agent) ?? { left: BURST, at: now }
    const left = Math.min(BURST, last.left + ((now - last.at) * PER_MINUTE) / MINUTE_MS)
    if (left < 1) return Math.ceil(((1 - left) * MINUTE_MS) / PER_MINUTE / 1000)
    // The newest comes last.
    this.#byAgent.delete(agent)
    this.#byAgent.set(agent, { left: left - 1, at: now })
    const oldest = this.#byAgent.keys().next().value
    if (this.#byAgent.size > MOST_KEPT && oldest !== undefined) this.#byAgent.delete(oldest)
    return undefined
  }
}
