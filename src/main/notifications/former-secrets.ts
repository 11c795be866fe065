import type { Logger } from '../base/log.ts'
import type { ChannelsStore, StoredChannel } from '../store/channels-store.ts'
import type { ChannelBook } from './channel-book.ts'
import { FORMER_SECRET, type ChannelSecrets } from './channel-secrets.ts'
import type { Clock } from './clock.ts'
import { DueTimer } from './due-timer.ts'

interface FormerSecretsOptions {
  store: Pick<ChannelsStore, 'deleteSecret'>
  book: ChannelBook
  secrets: Pick<ChannelSecrets, 'isOpen' | 'formerEndsMs'>
  clock: Clock
  log: Pick<Logger, 'warn'>
}

/** Deletes signing secrets that were replaced when their day is over. Rests without a timer where there are none. */
export class FormerSecrets {
  readonly #options: FormerSecretsOptions
  readonly #alarm: DueTimer
  #running: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(options: FormerSecretsOptions) {
    this.#options = options
    this.#alarm = new DueTimer(options.clock, () => this.look())
  }

  /** There may be one, or one may be over. With a locked vault nobody can tell: it is looked again when it is open. */
  look(): void {
    this.#running = this.#running.then(() => this.#look())
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#alarm.set(undefined)
    await this.#running
  }

  async #look(): Promise<void> {
    const { book, secrets, clock } = this.#options
    this.#alarm.set(undefined)
    if (this.#isClosed || !secrets.isOpen) return
    let nextMs = Infinity
    for (const channel of book.all()) {
      const endsMs = this.#endsMs(channel)
      if (endsMs === undefined) continue
      if (endsMs <= clock.now()) await this.#forget(channel)
      else nextMs = Math.min(nextMs, endsMs)
    }
    if (nextMs !== Infinity) this.#setAlarm(nextMs)
  }

  #setAlarm(atMs: number): void {
    if (!this.#isClosed) this.#alarm.set(atMs)
  }

  async #forget({ id, secrets, name }: StoredChannel): Promise<void> {
    const { store, book, log } = this.#options
    const former = secrets.find(({ field }) => field === FORMER_SECRET)
    if (former === undefined) return
    try {
      await store.deleteSecret(former.id)
      const channel = book.find(id)
      if (channel !== undefined) {
        book.keep({ ...channel, secrets: channel.secrets.filter((secret) => secret.id !== former.id) })
      }
    } catch (error) {
      log.warn({ err: error, channel: name }, 'a former signing secret could not be deleted')
    }
  }

  #endsMs(channel: StoredChannel): number | undefined {
    try {
      return this.#options.secrets.formerEndsMs(channel)
    } catch (error) {
      this.#options.log.warn({ err: error, channel: channel.name }, 'a former signing secret can not be read')
      return undefined
    }
  }
}
