import type { ChannelsStore, StoredHealth } from '../store/channels-store.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Sender } from './sender.ts'

interface ChannelRecoveryOptions {
  store: Pick<ChannelsStore, 'setHealth' | 'retryNow'>
  book: ChannelBook
  sender: Pick<Sender, 'resume'>
}

/** A channel that failed, and of which somebody says or finds out that it can be tried. */
export class ChannelRecovery {
  readonly #options: ChannelRecoveryOptions

  constructor(options: ChannelRecoveryOptions) {
    this.#options = options
  }

  /** Of the channel as it is when that is written: it may be changed or deleted meanwhile. */
  async setHealth(id: string, health: StoredHealth): Promise<void> {
    const { store, book } = this.#options
    await store.setHealth(id, health)
    const channel = book.find(id)
    if (channel !== undefined) book.keep({ ...channel, health })
  }

  /** Also what waits because its service asked for that. */
  async retryNow(id: string): Promise<void> {
    await this.#options.store.retryNow(id)
    this.#options.sender.resume(id)
  }
}
