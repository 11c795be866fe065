import { createStore } from 'zustand/vanilla'
import { pause } from './pause.ts'
import { type Problem, problemOf } from './problem.ts'

const PAGE = 100
const LARGEST_PAGE = 500
/** What a console holds of a list that may be any length. */
const MAX_ROWS = 2_000
/** In a storm the core tells of changes four times a second: once a second is enough for a reader. */
const REFRESH_EVERY_MS = 1_000

interface Page<Item> {
  items: readonly Item[]
  next_cursor: string | null
}

export interface PagedState<Item, Found extends Page<Item>> {
  rows: readonly Item[]
  /** The newest page as it was answered, for what it says of the whole list; undefined until it came. */
  newest: Found | undefined
  /** Why the newest page is not there, or is old. */
  problem: Problem | null
  more: boolean
  loadingOlder: boolean
  olderProblem: Problem | null
}

export type LoadPage<Found> = (wanted: { limit: number; cursor?: string }, signal: AbortSignal) => Promise<Found>

/**
 * The newest part of a list whose items change and whose length nobody knows: the newest page, older ones as they are asked
 * for, and all that is held anew when the core says that something changed.
 */
export class PagedFeed<Item, Found extends Page<Item>> {
  readonly store = createStore<PagedState<Item, Found>>()(() => ({
    rows: [],
    newest: undefined,
    problem: null,
    more: false,
    loadingOlder: false,
    olderProblem: null,
  }))
  readonly #load: LoadPage<Found>
  readonly #ended = new AbortController()
  #cursor: string | null = null
  /** One request at a time: an older page that came while all was loaded anew would not fit. */
  #work: Promise<void> = Promise.resolve()
  #waiting = false

  constructor(load: LoadPage<Found>) {
    this.#load = load
    this.refresh()
  }

  /** Loads what is held again, soon. Asked for often, it is done once a second. */
  refresh(): void {
    if (this.#waiting) return
    this.#waiting = true
    this.#enqueue(async () => {
      this.#waiting = false
      await this.#reload()
      if (this.store.getState().newest !== undefined) await pause(REFRESH_EVERY_MS, this.#ended.signal)
    })
  }

  loadOlder(): void {
    const { more, loadingOlder } = this.store.getState()
    if (!more || loadingOlder) return
    this.store.setState({ loadingOlder: true, olderProblem: null })
    this.#enqueue(() => this.#append())
  }

  close(): void {
    this.#ended.abort()
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(() => (this.#ended.signal.aborted ? undefined : work()))
  }

  async #reload(): Promise<void> {
    const wanted = Math.max(PAGE, this.store.getState().rows.length)
    try {
      const newest = await this.#page({ limit: Math.min(wanted, LARGEST_PAGE) })
      const rows = [...newest.items]
      let cursor = newest.next_cursor
      while (rows.length < wanted && cursor !== null) {
        const next = await this.#page({ limit: Math.min(wanted - rows.length, LARGEST_PAGE), cursor })
        rows.push(...next.items)
        cursor = next.next_cursor
      }
      this.#cursor = cursor
      this.store.setState({ rows, newest, problem: null, more: this.#hasMore(rows) })
    } catch (cause) {
      this.#fail(cause, (problem) => this.store.setState({ problem }))
    }
  }

  async #append(): Promise<void> {
    try {
      if (this.#cursor === null) return
      const page = await this.#page({ limit: PAGE, cursor: this.#cursor })
      this.#cursor = page.next_cursor
      const rows = [...this.store.getState().rows, ...page.items]
      this.store.setState({ rows, more: this.#hasMore(rows) })
    } catch (cause) {
      this.#fail(cause, (olderProblem) => this.store.setState({ olderProblem }))
    } finally {
      this.store.setState({ loadingOlder: false })
    }
  }

  async #page(wanted: { limit: number; cursor?: string }): Promise<Found> {
    const page = await this.#load(wanted, this.#ended.signal)
    this.#ended.signal.throwIfAborted()
    return page
  }

  #hasMore(rows: readonly Item[]): boolean {
    return this.#cursor !== null && rows.length < MAX_ROWS
  }

  #fail(cause: unknown, tell: (problem: Problem) => void): void {
    if (!this.#ended.signal.aborted) tell(problemOf(cause))
  }
}
