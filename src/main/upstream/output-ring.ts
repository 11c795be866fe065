import { setTimeout as wait } from 'node:timers/promises'
import type { OutputLine } from '../../shared/contract/integrations.ts'
import { stripControls } from './text-tail.ts'

interface OutputLimits {
  lines: number
  /** Of all texts together: many long lines push the oldest out before their number does. */
  characters: number
  /** A follower gets one batch in this time and no more. */
  batchMs: number
}

const defaultOutputLimits: OutputLimits = { lines: 2_000, characters: 2 * 1024 * 1024, batchMs: 250 }

const EVENT_CHARACTERS = 1_000

/**
 * The last lines of one integration: what its process wrote to stderr, and what happened to its connection. It belongs to
 * the integration and outlives connections. Followers read from it where they stand, so a slow one holds nothing.
 */
export class OutputRing {
  readonly #limits: OutputLimits
  readonly #closing = new AbortController()
  #lines: OutputLine[] = []
  #characters = 0
  #next = 0
  #waiting: (() => void)[] = []

  constructor(limits: OutputLimits = defaultOutputLimits) {
    this.#limits = limits
  }

  /** Something that happened. Words of a server in it become one line of plain text. */
  event(text: string): void {
    this.#add('event', [stripControls(text).replaceAll('\n', ' ').slice(0, EVENT_CHARACTERS)])
  }

  /** Lines of a process, ready to be shown. */
  stderr(lines: readonly string[]): void {
    this.#add('stderr', lines)
  }

  /** Lines that nobody will see: a gap in the numbers, and one line that says so. */
  drop(count: number): void {
    this.#next += count
    this.event(count === 1 ? '1 line dropped.' : `${count} lines dropped.`)
  }

  /** What is kept after line `after`, oldest first. A number that was not given yet is one of an earlier run: all then. */
  lines(after = -1): OutputLine[] {
    if (after >= this.#next) return [...this.#lines]
    const from = this.#lines.findIndex(({ seq }) => seq > after)
    return from === -1 ? [] : this.#lines.slice(from)
  }

  /** What is kept after line `after`, then every new line, in batches. Ends with its signal, or with the integration. */
  follow(after: number, signal: AbortSignal): AsyncIterableIterator<OutputLine[], void> {
    const stopping = new AbortController()
    const batches = this.#batches(after, AbortSignal.any([signal, stopping.signal, this.#closing.signal]))
    return {
      next: () => batches.next(),
      return: async () => {
        // A generator that waits for a line would take its end only after that line.
        stopping.abort()
        await batches.return()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  /** Ends everyone who follows. */
  close(): void {
    this.#closing.abort()
  }

  #add(kind: OutputLine['kind'], texts: readonly string[]): void {
    const at = new Date().toISOString()
    for (const text of texts) {
      this.#lines.push({ seq: this.#next++, at, kind, text })
      this.#characters += text.length
    }
    this.#trim()
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async *#batches(after: number, end: AbortSignal): AsyncGenerator<OutputLine[], void> {
    let seen = after
    while (!end.aborted) {
      const batch = this.lines(seen)
      const last = batch.at(-1)
      if (last === undefined) {
        seen = Math.min(seen, this.#next - 1)
        await this.#more(end)
        continue
      }
      seen = last.seq
      yield batch
      await wait(this.#limits.batchMs, undefined, { signal: end }).catch(() => undefined)
    }
  }

  #trim(): void {
    let surplus = Math.max(0, this.#lines.length - this.#limits.lines)
    let characters = this.#characters
    for (const [index, { text }] of this.#lines.entries()) {
      if (index >= surplus && characters <= this.#limits.characters) break
      characters -= text.length
      surplus = Math.max(surplus, index + 1)
    }
    this.#characters = characters
    if (surplus > 0) this.#lines = this.#lines.slice(surplus)
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done)
        this.#waiting = this.#waiting.filter((waiting) => waiting !== done)
        resolve()
      }
      this.#waiting.push(done)
      signal.addEventListener('abort', done, { once: true })
      if (signal.aborted) done()
    })
  }
}
