import type { EventStream } from './exchange.ts'
import type { GatewayLimits } from './limits.ts'
import type { WatchedList } from './known-lists.ts'
import type { Watcher } from './list-changed.ts'

interface SubscriptionTarget extends Watcher {
  stream: EventStream
  /** The whole `notifications/…/list_changed` message for this stream. */
  listChanged: (list: WatchedList) => Buffer
  /** Sent when the gateway ends the stream by itself: a modern agent then knows that it was not a lost connection. */
  farewell?: Buffer
}

/** An open stream of notifications: the GET stream of a legacy session or a modern `subscriptions/listen`. */
export interface Subscription extends SubscriptionTarget {
  end(): void
}

/** All open notification streams. They are the gateway's only long answers, so it can end them before it closes. */
export class Subscriptions {
  readonly #limits: Pick<GatewayLimits, 'keepAliveMs' | 'streamsPerAgent'>
  readonly #open = new Set<Subscription>()
  #keepAlive: NodeJS.Timeout | undefined

  constructor(limits: Pick<GatewayLimits, 'keepAliveMs' | 'streamsPerAgent'>) {
    this.#limits = limits
  }

  hasRoom(agentId: string): boolean {
    let open = 0
    for (const subscription of this.#open) if (subscription.agentId === agentId) open++
    return open < this.#limits.streamsPerAgent
  }

  open(target: SubscriptionTarget): Subscription {
    const subscription: Subscription = { ...target, end: () => this.#end(subscription) }
    this.#open.add(subscription)
    this.#keepAlive ??= setInterval(() => {
      for (const { stream } of this.#open) stream.keepAlive()
    }, this.#limits.keepAliveMs).unref()
    target.stream.onClose(() => this.#forget(subscription))
    return subscription
  }

  all(): Iterable<Subscription> {
    return this.#open
  }

  endOf(agentId: string): void {
    for (const subscription of this.#open) if (subscription.agentId === agentId) this.#end(subscription)
  }

  close(): void {
    for (const subscription of this.#open) this.#end(subscription)
  }

  #end(subscription: Subscription): void {
    if (!this.#open.has(subscription)) return
    this.#forget(subscription)
    if (subscription.farewell !== undefined) subscription.stream.send(subscription.farewell)
    subscription.stream.end()
  }

  #forget(subscription: Subscription): void {
    this.#open.delete(subscription)
    subscription.resources?.end()
    if (this.#open.size > 0) return
    clearInterval(this.#keepAlive)
    this.#keepAlive = undefined
  }
}
