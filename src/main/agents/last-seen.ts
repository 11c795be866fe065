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

/** When agents called last: known at once, stored and announced every 30 s. */
export class LastSeen {
  readonly #options: LastSeenOptions
  readonly #seen = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: LastSeenOptions) {
    this.#options = options
  }

  mark(record: AgentRecord, at: string): void {
    record.lastSeenAt = at
    this.#seen.add(record.id)
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL_MS).unref()
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { store, find, announce, log } = this.#options
    const seen = [...this.#seen].flatMap((id) => find(id) ?? [])
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
