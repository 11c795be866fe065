/**
 * What a reader finds when it comes: what is queued for it, and one item more. A slow or stuck reader costs its own queue
 * and no more, so this keeps that within a bound.
 */
type Enqueue<Item> = (queued: readonly Item[], item: Item) => Item[]

/** Those who read what happens from the moment at which they came. `News` is what is told, `Item` what one of them gets of it. */
export class Subscriptions<News, Item> {
  readonly #enqueue: Enqueue<Item>
  readonly #readers = new Set<Subscription<News, Item>>()

  constructor(enqueue: Enqueue<Item>) {
    this.#enqueue = enqueue
  }

  /** Until `signal` aborts, the reader stops or all are ended. `pick`: what it gets of some news, undefined for nothing. */
  add(pick: (news: News) => Item | undefined, signal: AbortSignal): AsyncIterableIterator<Item> {
    const reader = new Subscription<News, Item>(pick, this.#enqueue, () => {
      this.#readers.delete(reader)
      signal.removeEventListener('abort', reader.end)
    })
    if (signal.aborted) reader.end()
    else {
      this.#readers.add(reader)
      signal.addEventListener('abort', reader.end, { once: true })
    }
    return reader
  }

  tell(news: News): void {
    for (const reader of this.#readers) reader.hear(news)
  }

  /** Ends all of them. */
  close(): void {
    for (const reader of this.#readers) reader.end()
  }
}

/** Not a generator: one that waits would take its end only after the next item. */
class Subscription<News, Item> implements AsyncIterableIterator<Item> {
  readonly #pick: (news: News) => Item | undefined
  readonly #enqueue: Enqueue<Item>
  readonly #ended: () => void
  #queue: Item[] = []
  #waiting: ((result: IteratorResult<Item, undefined>) => void)[] = []
  #done = false

  constructor(pick: (news: News) => Item | undefined, enqueue: Enqueue<Item>, ended: () => void) {
    this.#pick = pick
    this.#enqueue = enqueue
    this.#ended = ended
  }

  hear(news: News): void {
    const item = this.#pick(news)
    if (item === undefined) return
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#queue = this.#enqueue(this.#queue, item)
    else waiting({ done: false, value: item })
  }

  readonly end = (): void => {
    if (this.#done) return
    this.#done = true
    this.#queue = []
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined })
    this.#ended()
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    const item = this.#queue.shift()
    if (item !== undefined) return Promise.resolve({ done: false, value: item })
    if (this.#done) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
