import type { ChangeEvent } from '../../shared/contract/events.ts'

/** What a reader may fall behind before it is told to load everything again. */
const MAX_QUEUED = 1_000

/**
 * Tells the doors what changed, workspace by workspace. Nothing in the core waits for these events or does work on them:
 * a slow or stuck reader costs its own queue and no more.
 */
export class Emitter {
  readonly #subscriptions = new Set<Subscription>()

  emit(workspace: string, event: ChangeEvent): void {
    for (const subscription of this.#subscriptions) if (subscription.workspace === workspace) subscription.push(event)
  }

  /** For what all workspaces share, for example the vault. */
  emitToAll(event: ChangeEvent): void {
    for (const subscription of this.#subscriptions) subscription.push(event)
  }

  /** Every change from this moment until `signal` aborts or the reader stops. A reader that falls behind gets one `resync`. */
  subscribe(workspace: string, signal: AbortSignal): AsyncIterableIterator<ChangeEvent> {
    const subscription = new Subscription(workspace, () => {
      this.#subscriptions.delete(subscription)
      signal.removeEventListener('abort', subscription.end)
    })
    if (signal.aborted) subscription.end()
    else {
      this.#subscriptions.add(subscription)
      signal.addEventListener('abort', subscription.end, { once: true })
    }
    return subscription
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.end()
  }
}

class Subscription implements AsyncIterableIterator<ChangeEvent> {
  readonly workspace: string
  readonly #ended: () => void
  #queue: ChangeEvent[] = []
  #waiting: ((result: IteratorResult<ChangeEvent, undefined>) => void)[] = []
  #done = false

  constructor(workspace: string, ended: () => void) {
    this.workspace = workspace
    this.#ended = ended
  }

  push(event: ChangeEvent): void {
    const reader = this.#waiting.shift()
    if (reader !== undefined) reader({ done: false, value: event })
    else if (this.#queue.length < MAX_QUEUED) this.#queue.push(event)
    // What was missed can't be told apart any more: all that is queued gives way to one word.
    else this.#queue = [{ type: 'resync' }]
  }

  readonly end = (): void => {
    if (this.#done) return
    this.#done = true
    this.#queue = []
    for (const reader of this.#waiting.splice(0)) reader({ done: true, value: undefined })
    this.#ended()
  }

  next(): Promise<IteratorResult<ChangeEvent, undefined>> {
    const event = this.#queue.shift()
    if (event !== undefined) return Promise.resolve({ done: false, value: event })
    if (this.#done) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  return(): Promise<IteratorResult<ChangeEvent, undefined>> {
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
