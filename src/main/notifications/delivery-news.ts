import type { DeliveryCounts } from '../../shared/contract/deliveries.ts'
import type { Emitter } from '../base/emitter.ts'
import type { Logger } from '../base/log.ts'

interface DeliveryNewsOptions {
  counts: (workspace: string) => Promise<DeliveryCounts>
  emitter: Pick<Emitter, 'emit'>
  log: Pick<Logger, 'warn'>
}

const INTERVAL_MS = 250
/** How many deliveries an event names. */
const NAMED = 100

/** Tells the doors which deliveries changed: the first time at once, in a storm four times a second. */
export class DeliveryNews {
  readonly #options: DeliveryNewsOptions
  readonly #pending = new Map<string, Set<string>>()
  readonly #resting = new Map<string, NodeJS.Timeout>()

  constructor(options: DeliveryNewsOptions) {
    this.#options = options
  }

  changed(workspace: string, ids: readonly string[]): void {
    const pending = this.#pending.get(workspace) ?? new Set()
    this.#pending.set(workspace, pending)
    for (const id of ids) if (pending.size < NAMED) pending.add(id)
    if (!this.#resting.has(workspace)) void this.#tell(workspace)
  }

  close(): void {
    for (const timer of this.#resting.values()) clearTimeout(timer)
    this.#resting.clear()
    this.#pending.clear()
  }

  async #tell(workspace: string): Promise<void> {
    const ids = this.#pending.get(workspace)
    this.#pending.delete(workspace)
    if (ids === undefined) {
      this.#resting.delete(workspace)
      return
    }
    this.#resting.set(workspace, setTimeout(() => void this.#tell(workspace), INTERVAL_MS).unref())
    const { counts, emitter, log } = this.#options
    try {
      emitter.emit(workspace, { type: 'deliveries_changed', ids: [...ids], counts: await counts(workspace) })
    } catch (error) {
      log.warn({ error }, 'changes of deliveries could not be told')
    }
  }
}
