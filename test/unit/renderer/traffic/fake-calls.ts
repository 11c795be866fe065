import type { Client } from '../../../../src/renderer/client.ts'
import type { Call } from '../../../../src/shared/contract/calls.ts'

/** A stream that a test feeds; it ends with its signal. */
class FakeStream<Item> implements AsyncIterableIterator<Item> {
  #items: (Item | Error)[] = []
  #wake = (): void => undefined
  #ended = false
  readonly #onEnd: () => void

  constructor(signal: AbortSignal | undefined, onEnd: () => void) {
    this.#onEnd = onEnd
    signal?.addEventListener('abort', () => this.#end())
  }

  get unread(): number {
    return this.#items.length
  }

  push(item: Item | Error): void {
    this.#items.push(item)
    this.#wake()
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    while (this.#items.length === 0 && !this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve))
    const item = this.#items.shift()
    if (item instanceof Error) {
      this.#end()
      throw item
    }
    return item === undefined || this.#ended ? { done: true, value: undefined } : { done: false, value: item }
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.#end()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#onEnd()
    this.#wake()
  }
}

/** Streams of one operation, and how many of them are open. */
export class FakeStreams<Item> {
  #open: FakeStream<Item>[] = []

  get opened(): number {
    return this.#open.length
  }

  get unread(): number {
    return this.#open.reduce((sum, { unread }) => sum + unread, 0)
  }

  open(signal?: AbortSignal): AsyncIterableIterator<Item> {
    const stream = new FakeStream<Item>(signal, () => {
      this.#open = this.#open.filter((other) => other !== stream)
    })
    this.#open.push(stream)
    return stream
  }

  push(item: Item | Error): void {
    for (const stream of this.#open) stream.push(item)
  }
}

/** A call log of a few lines: pages from what a test sets, and a stream that it feeds. */
export class FakeCalls {
  log: Call[]
  readonly #streams = new FakeStreams<Call[]>()

  constructor(log: Call[]) {
    this.log = log
  }

  get opened(): number {
    return this.#streams.opened
  }

  get unread(): number {
    return this.#streams.unread
  }

  tell(calls: Call[]): void {
    this.#streams.push(calls)
  }

  lose(cause: Error): void {
    this.#streams.push(cause)
  }

  readonly calls = {
    follow: (_filter: unknown, { signal }: { signal?: AbortSignal } = {}) =>
      Promise.resolve(this.#streams.open(signal)),
    list: ({ limit = 100, cursor, agent, integration, outcome, query = '' }: Record<string, unknown>) => {
      const fits = (call: Call): boolean =>
        (agent === undefined || call.agent === agent) &&
        (integration === undefined || call.integration === integration) &&
        (outcome === undefined || call.outcome === outcome) &&
        call.tool.includes(String(query))
      const matching = this.log.filter(fits)
      const older = matching.filter(({ id }) => cursor === undefined || Number(id) < Number(cursor))
      const items = older.slice(0, Number(limit))
      const next_cursor = items.length < older.length ? (items.at(-1)?.id ?? null) : null
      return Promise.resolve({ items, next_cursor, total: matching.length })
    },
    get: ({ id }: { id: string }) => {
      const found = this.log.find((call) => call.id === id)
      if (!found) return Promise.reject(new Error('This call is not in the log (any more): old calls are deleted.'))
      return Promise.resolve({ ...found, request: null, response: null, truncated: false })
    },
    clear: () => {
      this.log = []
      return Promise.resolve()
    },
  }

  readonly client = { calls: this.calls } as unknown as Client
}
