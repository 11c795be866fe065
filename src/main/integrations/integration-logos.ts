import { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import { messageOf } from '../base/message-of.ts'
import type { LogoFiles } from '../logos/logo-files.ts'
import type { IntegrationsStore } from '../store/integrations-store.ts'
import type { HeldIntegration } from './held-integration.ts'
import { integrationKey, type HeldIntegrations } from './held-integrations.ts'

interface IntegrationLogosOptions {
  files: LogoFiles
  /** Gets the image, or throws with the reason why there is none. */
  fetch: (url: string, signal: AbortSignal) => Promise<Buffer>
  held: HeldIntegrations
  store: Pick<IntegrationsStore, 'update' | 'logos'>
  /** The queue of all writes, by integration. */
  writes: KeyedQueue
  announce: (held: HeldIntegration) => void
  log: Pick<Logger, 'info' | 'warn'>
}

const MAX_PARALLEL = 4
const FILES = 'files'

/** Fetches the logos of integrations behind everybody's back: no write waits for one, and without it all else is the same. */
export class IntegrationLogos {
  readonly #options: IntegrationLogosOptions
  /** Ids, each once; the URL is read when its turn comes. */
  readonly #waiting = new Set<string>()
  readonly #running = new Map<string, Promise<void>>()
  /** Nothing is removed between the moment when a file is there and the one when its integration says so. */
  readonly #files = new KeyedQueue()
  readonly #ending = new AbortController()

  constructor(options: IntegrationLogosOptions) {
    this.#options = options
  }

  /** Fetches what is missing, be it because it failed the last time, and removes what nobody has. */
  async fetchMissing(): Promise<void> {
    const { files, held, log } = this.#options
    // What is added while this lists has asked for its own.
    const all = held.all()
    try {
      const stored = await files.list()
      for (const one of all) {
        const { logo } = one.record
        if (logo === null || !stored.has(logo)) this.#enqueue(one)
      }
    } catch (err) {
      log.warn({ err }, 'the stored logos could not be listed')
    }
    await this.removeUnused()
  }

  /** Fetches what its URL leads to, in its turn, unless that is here. */
  want(held: HeldIntegration): void {
    if (held.record.logo === null) this.#enqueue(held)
  }

  async removeUnused(): Promise<void> {
    const { files, store, log } = this.#options
    if (this.#ending.signal.aborted) return
    try {
      await this.#files.run(FILES, async () => files.keepOnly(await store.logos()))
    } catch (err) {
      log.warn({ err }, 'logos that nobody has could not be removed; they will be at the next start')
    }
  }

  /** Gives up what is being fetched; the next start fetches it. */
  async close(): Promise<void> {
    this.#waiting.clear()
    this.#ending.abort()
    await Promise.all(this.#running.values())
    await this.#files.idle()
  }

  #enqueue({ record: { id, logoUrl } }: HeldIntegration): void {
    if (logoUrl === '' || this.#ending.signal.aborted) return
    this.#waiting.add(id)
    this.#next()
  }

  #next(): void {
    for (const id of this.#waiting) {
      if (this.#running.size >= MAX_PARALLEL) return
      // Its URL has changed meanwhile: it comes after itself.
      if (this.#running.has(id)) continue
      this.#waiting.delete(id)
      const run = this.#fetch(id).finally(() => {
        this.#running.delete(id)
        this.#next()
      })
      this.#running.set(id, run)
    }
  }

  async #fetch(id: string): Promise<void> {
    const { files, fetch, held, log } = this.#options
    const record = held.byId(id)?.record
    if (record === undefined || record.logoUrl === '') return
    const { signal } = this.#ending
    try {
      const image = await fetch(record.logoUrl, signal)
      await this.#files.run(FILES, async () => this.#keep(id, record.logoUrl, await files.add(image)))
    } catch (error) {
      if (signal.aborted) return
      const reason = messageOf(error)
      log.info({ integration: record.name, workspace: record.workspace, reason }, 'a logo could not be fetched')
    }
    await this.removeUnused()
  }

  /** Unless it is gone by now, or has another URL. */
  async #keep(id: string, logoUrl: string, logo: string): Promise<void> {
    const { held: all, store, writes, announce } = this.#options
    const found = all.byId(id)
    if (found === undefined) return
    await writes.run(integrationKey(found.record.workspace, found.record.name), async () => {
      const held = all.byId(id)
      if (held?.record.logoUrl !== logoUrl) return
      const record = { ...held.record, logo }
      await store.update(record)
      held.record = record
      announce(held)
    })
  }
}
