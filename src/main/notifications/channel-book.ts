import type { ChannelsStore, StoredChannel } from '../store/channels-store.ts'
import type { SealedRow } from '../store/sealed-rows.ts'

/** All channels: every event and every delivery asks for its own. The objects are never changed in place. */
export class ChannelBook {
  readonly #byId = new Map<string, StoredChannel>()

  async load(store: ChannelsStore): Promise<void> {
    for (const channel of await store.listAll()) this.keep(channel)
  }

  of(workspace: string): StoredChannel[] {
    return [...this.#byId.values()].filter((channel) => channel.workspace === workspace)
  }

  all(): StoredChannel[] {
    return [...this.#byId.values()]
  }

  find(id: string): StoredChannel | undefined {
    return this.#byId.get(id)
  }

  keep(channel: StoredChannel): void {
    this.#byId.set(channel.id, channel)
  }

  /** Times later than that were written when the clock was ahead. */
  forgetRetriesAfter(latest: string): void {
    for (const channel of this.all()) {
      const { retry_at } = channel.health
      if (retry_at !== null && retry_at > latest)
        this.keep({ ...channel, health: { ...channel.health, retry_at: null } })
    }
  }

  forget(id: string): void {
    this.#byId.delete(id)
  }

  /** Every sealed row is another one: the vault has a new key, or none any more. */
  replaceSecrets(rows: readonly SealedRow[]): void {
    for (const channel of this.all()) {
      this.keep({ ...channel, secrets: rows.filter(({ ownerId }) => ownerId === channel.id) })
    }
  }
}
