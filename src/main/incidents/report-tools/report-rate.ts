interface Allowance {
  left: number
  at: number
}

/** Of one agent: so many at once, then so many a minute. */
interface Pace {
  burst: number
  perMinute: number
}

/** People are told of each. */
const REPORTS: Pace = { burst: 10, perMinute: 30 }
/** Each is looked for in all incidents, on the thread that serves every agent. */
export const READS: Pace = { burst: 30, perMinute: 120 }

const MINUTE_MS = 60_000
/** Of agents that are not heard of any more, an allowance that is full again says nothing. */
const MOST_KEPT = 1_000

/** How fast one agent may report, or read. Time is monotonic: a jump of the wall clock gives nobody anything. */
export class ReportRate {
  readonly #now: () => number
  readonly #pace: Pace
  readonly #byAgent = new Map<string, Allowance>()

  constructor(now: () => number = () => performance.now(), pace = REPORTS) {
    this.#now = now
    this.#pace = pace
  }

  /** Takes one. Undefined: it may go on; else in so many seconds it may. */
  take(agent: string): number | undefined {
    const now = this.#now()
    const { burst, perMinute } = this.#pace
    const last = this.#byAgent.get(agent) ?? { left: burst, at: now }
    const left = Math.min(burst, last.left + ((now - last.at) * perMinute) / MINUTE_MS)
    if (left < 1) return Math.ceil(((1 - left) * MINUTE_MS) / perMinute / 1000)
    // The newest comes last.
    this.#byAgent.delete(agent)
    this.#byAgent.set(agent, { left: left - 1, at: now })
    const oldest = this.#byAgent.keys().next().value
    if (this.#byAgent.size > MOST_KEPT && oldest !== undefined) this.#byAgent.delete(oldest)
    return undefined
  }
}
