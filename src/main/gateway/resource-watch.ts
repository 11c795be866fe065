import type { Principal, Release, ServerNotification, Upstream } from '../upstream/upstream.ts'
import type { ServedIntegration } from '../integrations/served-integration.ts'
import type { EventStream } from './exchange.ts'
import type { Offering, Owned } from './offering.ts'
import { updatedMessage, updatedUri } from './resource-updates.ts'

/** Resources that one agent can hear of at a time, and changes that wait to be told. */
export const MOST_WATCHED = 1_000
/** Of a URI that is watched, in characters: each is kept, and no server is told of a longer one. */
export const LONGEST_WATCHED = 8_192
/** Of what a server says beside the URI. Changes wait for a stream, and what waits must stay small. */
const LONGEST_PARAMS = 64 * 1024

interface WatchOptions {
  /** Where the agent is told; undefined: nowhere at the moment. */
  stream: () => EventStream | undefined
  /** On whose behalf an integration is asked. */
  principalOf?: (integration: ServedIntegration) => Principal
  /** Changes of one resource within this time are told as one. */
  coalesceMs: number
  /** JSON text for `_meta`, with which a modern agent tells its streams apart. */
  subscriptionId?: string
}

interface Watched {
  slug: string
  /** The server's own URI. */
  key: string
  /** Undefined while the integration is not there for this agent. */
  from: { upstream: Upstream; release: Release } | undefined
}

/**
 * The resources that one agent hears changes of, by the URIs that it knows them by. They outlive their integrations: what
 * is disabled and enabled again, or shown again by a changed profile, is subscribed to anew without the agent's doing.
 */
export class ResourceWatch {
  readonly #options: WatchOptions
  readonly #watched = new Map<string, Watched>()
  /** Messages by the URI that they tell of: of several changes of one resource the newest is enough. */
  readonly #untold = new Map<string, Buffer>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: WatchOptions) {
    this.#options = options
  }

  /** False: there are too many already. */
  add(uri: string, { integration, key }: Owned): boolean {
    if (this.#watched.has(uri)) return true
    if (this.#watched.size >= MOST_WATCHED) return false
    const watched: Watched = { slug: integration.slug, key, from: undefined }
    this.#watched.set(uri, watched)
    this.#subscribe(uri, watched, integration)
    return true
  }

  delete(uri: string): void {
    this.#watched.get(uri)?.from?.release()
    this.#watched.delete(uri)
    this.#untold.delete(uri)
  }

  /** To be called when what there is for this agent has changed. Undefined: nothing is. */
  refresh(offering: Offering | undefined): void {
    if (this.#watched.size === 0) return
    const bySlug = new Map(offering?.integrations.map((integration) => [integration.slug, integration]))
    for (const [uri, watched] of this.#watched) {
      const integration = bySlug.get(watched.slug)
      if (integration?.upstream === watched.from?.upstream) continue
      watched.from?.release()
      watched.from = undefined
      if (integration !== undefined) this.#subscribe(uri, watched, integration)
    }
  }

  /** Tells what waits, as far as the agent reads. */
  tell(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const stream = this.#options.stream()
    // Without a stream it waits for one; an agent that is behind is told when it has caught up.
    if (stream === undefined || this.#untold.size === 0) return
    if (stream.isBehind) {
      this.#tellSoon()
      return
    }
    for (const message of this.#untold.values()) stream.send(message)
    this.#untold.clear()
  }

  end(): void {
    clearTimeout(this.#timer)
    for (const { from } of this.#watched.values()) from?.release()
    this.#watched.clear()
    this.#untold.clear()
  }

  #subscribe(uri: string, watched: Watched, integration: ServedIntegration): void {
    const { upstream } = integration
    const changed = (notification: ServerNotification): void => this.#changed(uri, watched, notification)
    const release = upstream.subscribe(watched.key, changed, this.#options.principalOf?.(integration))
    watched.from = { upstream, release }
  }

  #changed(uri: string, watched: Watched, notification: ServerNotification): void {
    if (this.#watched.get(uri) !== watched) return
    const told = updatedUri(notification, { uri, ...watched })
    if (this.#untold.size >= MOST_WATCHED && !this.#untold.has(told)) return
    const isLong = (notification.params?.length ?? 0) > LONGEST_PARAMS
    const said = isLong ? { ...notification, params: undefined } : notification
    this.#untold.set(told, updatedMessage(said, told, this.#options.subscriptionId))
    this.#tellSoon()
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.tell(), this.#options.coalesceMs).unref()
  }
}
