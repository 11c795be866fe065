import type { Logger } from '../base/log.ts'
import type { AgentRecord, AgentsStore } from '../store/agents-store.ts'

interface LastSeenOptions {
  store: Pick<AgentsStore, 'setLastSeen'>
  /** The record as it is now; undefined: the agent is gone. */
  find: (id: string) => AgentRecord | undefined
  /** It was stored that this agent was seen. */
  announce: (record: AgentRecord) => void
  log: Pick<Logger, 'warn'>
}

/** `last_seen_at` is shown to people: a write for each call would cost more than it tells. */
const INTERVAL_MS = 30_000
/** Nor is it told more exactly: to write the time as text costs more than all the rest that is done here for a call. */
const EXACT_MS = 1_000

/** When agents called last: known at once, stored and announced every 30 s. */
export class LastSeen {
  readonly #options: LastSeenOptions
  /** Those that are not stored yet, with the milliseconds since 1970 that their records have. */
  readonly #seen = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: LastSeenOptions) {
    this.#options = options
  }

  /** `at` is milliseconds since 1970. */
  mark(record: AgentRecord, at: number): void {
    const marked = this.#seen.get(record.id) ?? -Infinity
    if (at >= marked && at - marked < EXACT_MS) return
    record.lastSeenAt = new Date(at).toISOString()
    this.#seen.set(record.id, at)
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL_MS).unref()
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { store, find, announce, log } = this.#options
    const seen = [...this.#seen.keys()].flatMap((id) => find(id) ?? [])
    this.#seen.clear()
    if (seen.length === 0) return
    try {
      await store.setLastSeen(seen)
    } catch (error) {
      log.warn({ error }, 'last seen times of agents could not be stored')
    }
    for (const { id } of seen) {
      const record = find(id)
      if (record !== undefined) announce(record)
    }
  }
}
