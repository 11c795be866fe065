import { AppError } from '../base/app-error.ts'
import { Outcome } from './outcome.ts'
import type { ServerNotification, Subscribed } from './upstream.ts'

/** How a server is told, on one connection. Neither rejects: an answer of any kind is the end of it. */
export interface ResourceSubscriber {
  /** Resolves with the reason where the server refused. */
  subscribe(uri: string): Promise<AppError | undefined>
  unsubscribe(uri: string): Promise<void>
}

type Changed = (notification: ServerNotification) => void

/** One URI that somebody wants to hear of. */
interface Wished {
  readonly listeners: Set<{ changed: Changed }>
  /** The connection on which the server knows of it. */
  told: ResourceSubscriber | undefined
  /** A former connection knew of it: what changed since then was not heard. */
  isStale: boolean
  /** Why the server tells nothing of it. */
  failure: AppError | undefined
  work: Outcome<AppError | undefined> | undefined
}

const UPDATED = 'notifications/resources/updated'
const MAX_URIS = 10_000
const MAX_URI_LENGTH = 8_192
/** New connections are told so many at a time. */
const PARALLEL = 16
/** Of a URI whose beginnings are looked up. */
const MAX_BOUNDARIES = 64

/**
 * Which resources of one connection somebody wants to hear of: each is subscribed once, however many want it, and again on
 * the connection that follows. Whoever waits is told then as well, because what changed in between was not heard.
 */
export class ResourceSubscriptions {
  readonly #wished = new Map<string, Wished>()
  #subscriber: ResourceSubscriber | undefined

  /** What is wanted now. */
  get uris(): string[] {
    return [...this.#wished].flatMap(([uri, { listeners }]) => (listeners.size > 0 ? [uri] : []))
  }

  get isWanted(): boolean {
    for (const { listeners } of this.#wished.values()) if (listeners.size > 0) return true
    return false
  }

  want(uri: string, changed: Changed): Subscribed {
    const fault = this.#wished.has(uri) ? undefined : this.#faultOf(uri)
    if (fault) return Object.assign(() => undefined, { active: Promise.resolve(fault) })
    const wished = this.#wished.get(uri) ?? newWish()
    this.#wished.set(uri, wished)
    const listener = { changed }
    wished.listeners.add(listener)
    const active = this.#reconcile(uri, wished)
    const release = () => {
      if (wished.listeners.delete(listener)) void this.#reconcile(uri, wished)
    }
    return Object.assign(release, { active })
  }

  /** There is a new connection. `knowsAll`: it has been told of all that is wanted now. */
  attach(subscriber: ResourceSubscriber, { knowsAll = false } = {}): void {
    this.#subscriber = subscriber
    for (const wished of this.#wished.values()) {
      if (wished.told !== undefined) wished.isStale = true
      wished.told = knowsAll ? subscriber : undefined
    }
    if (!knowsAll) void this.#tellAll()
  }

  detach(): void {
    this.#subscriber = undefined
  }

  /** News may have been missed on the connection that there is. */
  interrupted(): void {
    for (const wished of this.#wished.values()) wished.isStale = true
  }

  /** The connection hears of everything again: whoever may have missed something is told. */
  caughtUp(): void {
    for (const [uri, wished] of this.#wished) catchUp(uri, wished)
  }

  /** The server says that a resource has changed: one that was subscribed to, or a part of one. */
  updated(notification: ServerNotification): void {
    const { uri } = notification.value
    if (typeof uri !== 'string' || uri.length > MAX_URI_LENGTH) return
    for (const part of beginningsOf(uri)) {
      for (const { changed } of [...(this.#wished.get(part)?.listeners ?? [])]) changed(notification)
    }
  }

  /** Why it is not subscribed to. */
  #faultOf(uri: string): AppError | undefined {
    if (uri.length > MAX_URI_LENGTH) {
      return new AppError('invalid_input', { message: `The URI is longer than ${MAX_URI_LENGTH} characters.` })
    }
    if (this.#wished.size < MAX_URIS) return undefined
    const message = `${MAX_URIS} resources of this integration are subscribed to, the most that is possible. Unsubscribe from some.`
    return new AppError('rate_limited', { message })
  }

  async #tellAll(): Promise<void> {
    const rest = this.#wished.entries()
    const tell = async () => {
      for (const [uri, wished] of rest) await this.#reconcile(uri, wished)
    }
    await Promise.all(Array.from({ length: PARALLEL }, tell))
  }

  /** One question at a time about a URI, until the server knows what is wanted. The first is sent before this returns. */
  #reconcile(uri: string, wished: Wished): Promise<AppError | undefined> {
    if (wished.work) return wished.work.promise
    const work = new Outcome<AppError | undefined>()
    wished.work = work
    void this.#work(uri, wished, work)
    return work.promise
  }

  async #work(uri: string, wished: Wished, work: Outcome<AppError | undefined>): Promise<void> {
    for (;;) {
      const subscriber = this.#subscriber
      const isWanted = wished.listeners.size > 0
      if (subscriber === undefined || wished.told === (isWanted ? subscriber : undefined)) break
      wished.told = isWanted ? subscriber : undefined
      wished.failure = isWanted ? await subscriber.subscribe(uri) : undefined
      if (!isWanted) await subscriber.unsubscribe(uri)
      if (wished.told !== undefined && wished.told === this.#subscriber) catchUp(uri, wished)
    }
    if (wished.listeners.size === 0) this.#wished.delete(uri)
    wished.work = undefined
    work.resolve(wished.failure)
  }
}

function newWish(): Wished {
  return { listeners: new Set(), told: undefined, isStale: false, failure: undefined, work: undefined }
}

function catchUp(uri: string, wished: Wished): void {
  if (!wished.isStale) return
  wished.isStale = false
  const value = { uri }
  const notification = { method: UPDATED, params: Buffer.from(JSON.stringify(value)), value }
  for (const { changed } of [...wished.listeners]) changed(notification)
}

/** The URI and what it is a part of: `a://b/c?d` is one of `a://b/c`, `a://b/`, `a://b`, … */
function* beginningsOf(uri: string): Generator<string> {
  yield uri
  let count = 0
  for (let at = uri.length - 1; at > 0 && count < MAX_BOUNDARIES; at--) {
    if (!'/?#'.includes(uri.charAt(at))) continue
    count++
    if (at + 1 < uri.length) yield uri.slice(0, at + 1)
    yield uri.slice(0, at)
  }
}
