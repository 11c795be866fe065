import { createStore } from 'zustand/vanilla'
import type { Call, CallFilter } from '../../../shared/contract/calls.ts'
import type { Client } from '../../client.ts'
import { followStream } from '../../stores/follow-stream.ts'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { CallRate } from './call-rate.ts'
import {
  addOlder,
  type CallWindow,
  catchUp,
  emptyWindow,
  isNewer,
  MAX_ROWS,
  receive,
  showWaiting,
  windowOf,
} from './call-window.ts'

const PAGE = 200

export interface CallFeedState {
  window: CallWindow
  /** False until the newest page came for the first time. */
  loaded: boolean
  /** Whether calls that end now are heard of. */
  live: boolean
  /** Why it is not loaded or not live. */
  problem: Problem | null
  /** How many calls match, and how many there are with no filter. */
  matching: number
  all: number
  loadingOlder: boolean
  olderProblem: Problem | null
}

type FeedClient = Pick<Client, 'calls'>
type Filter = Pick<CallFilter, 'query' | 'agent' | 'integration' | 'outcome'>

/**
 * The call log through one filter: the newest page, older ones as they are asked for, and calls as they end. Those are
 * taken in once a frame, however many come, and what is kept of them is bounded also while no frame is drawn.
 */
export class CallFeed {
  readonly store = createStore<CallFeedState>()(() => ({
    window: emptyWindow,
    loaded: false,
    live: false,
    problem: null,
    matching: 0,
    all: 0,
    loadingOlder: false,
    olderProblem: null,
  }))
  readonly rate = new CallRate()
  readonly #client: FeedClient
  readonly #filter: Filter
  /** What counts as all: the screen of an integration is about nothing else. */
  readonly #scope: Filter
  readonly #ended = new AbortController()
  #held = false
  /** The newest call that a page or the stream told of. */
  #newest: Call | undefined
  #arrived: Call[] = []
  #arrivedCount = 0
  #frame: number | undefined

  constructor(client: FeedClient, filter: Filter, scope: Filter) {
    this.#client = client
    this.#filter = filter
    this.#scope = scope
    void followStream(
      {
        open: (signal) => client.calls.follow(filter, { signal }),
        onOpen: async (signal) => {
          await this.#load(signal)
          this.store.setState({ live: true, problem: null })
        },
        onBatch: (calls) => this.#arrive(calls),
        onLost: (problem) => this.store.setState({ live: false, problem }),
      },
      this.#ended.signal,
    )
  }

  /** While it is held, new calls wait: the rows stay where the reader looks at them. */
  hold(held: boolean): void {
    this.#held = held
    if (!held) this.#change(showWaiting)
  }

  /** Shows what waits. Where that cannot be joined to the rows, the newest page takes their place. */
  async showNewest(): Promise<void> {
    this.#takeIn()
    if (this.store.getState().window.gap) await this.reload()
    else this.#change(showWaiting)
  }

  async reload(): Promise<void> {
    try {
      await this.#load(this.#ended.signal, true)
      this.store.setState({ problem: null })
    } catch (cause) {
      this.#fail(cause, (problem) => this.store.setState({ problem }))
    }
  }

  async loadOlder(): Promise<void> {
    const { window, loadingOlder } = this.store.getState()
    const last = window.rows.at(-1)
    if (!window.more || loadingOlder || !last) return
    this.store.setState({ loadingOlder: true, olderProblem: null })
    try {
      const wanted = { ...this.#filter, limit: PAGE, cursor: last.id }
      const page = await this.#client.calls.list(wanted, { signal: this.#ended.signal })
      // Rows may have gone at the end meanwhile; then this page is not the next one any more.
      this.#change((now) => (now.rows.at(-1)?.id === last.id ? addOlder(now, page) : now))
    } catch (cause) {
      this.#fail(cause, (olderProblem) => this.store.setState({ olderProblem }))
    } finally {
      this.store.setState({ loadingOlder: false })
    }
  }

  /** Counts anew: old calls are deleted by age and number, and nobody tells. */
  async count(): Promise<void> {
    const options = { signal: this.#ended.signal }
    try {
      const [matching, all] = await Promise.all([
        this.#client.calls.list({ ...this.#filter, limit: 1 }, options),
        this.#client.calls.list({ ...this.#scope, limit: 1 }, options),
      ])
      this.store.setState({ matching: matching.total, all: all.total })
      // Somebody cleared the log.
      if (matching.total === 0 && this.store.getState().window.rows.length > 0) await this.reload()
    } catch {
      // The stream tells what is wrong; the counts are only as old as before.
    }
  }

  close(): void {
    this.#ended.abort()
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
  }

  async #load(signal: AbortSignal, anew = false): Promise<void> {
    const [page, all] = await Promise.all([
      this.#client.calls.list({ ...this.#filter, limit: PAGE }, { signal }),
      this.#client.calls.list({ ...this.#scope, limit: 1 }, { signal }),
    ])
    this.#takeIn()
    const [newest] = page.items
    if (newest && (!this.#newest || isNewer(newest, this.#newest))) this.#newest = newest
    const { loaded, window } = this.store.getState()
    const fresh = anew || !loaded
    if (!loaded) this.rate.add(wholeSeconds(page), Date.now())
    this.store.setState({
      window: fresh ? windowOf(page) : catchUp(window, page, this.#held),
      loaded: true,
      matching: page.total,
      all: all.total,
    })
  }

  #arrive(batch: readonly Call[]): void {
    // It was subscribed to before the page was loaded, so it may tell the end of that once more.
    const calls = batch.filter((call) => !this.#newest || isNewer(call, this.#newest))
    this.#newest = calls.at(-1) ?? this.#newest
    this.rate.add(calls, Date.now())
    this.#arrived = [...this.#arrived, ...calls].slice(-MAX_ROWS)
    this.#arrivedCount += calls.length
    this.#frame ??= requestAnimationFrame(() => this.#takeIn())
  }

  #takeIn(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    const [arrived, count] = [this.#arrived, this.#arrivedCount]
    this.#arrived = []
    this.#arrivedCount = 0
    if (count === 0) return
    this.store.setState(({ window, matching, all }) => ({
      window: receive(window, arrived, this.#held, count),
      matching: matching + count,
      all: all + count,
    }))
  }

  #change(change: (window: CallWindow) => CallWindow): void {
    this.store.setState(({ window }) => ({ window: change(window) }))
  }

  #fail(cause: unknown, tell: (problem: Problem) => void): void {
    if (!this.#ended.signal.aborted) tell(problemOf(cause))
  }
}

/** Of a page that is not the whole log its oldest second may be there in part only: it would be drawn as a quiet one. */
function wholeSeconds(page: { items: readonly Call[]; next_cursor: string | null }): readonly Call[] {
  const oldest = page.items.at(-1)
  if (page.next_cursor === null || !oldest) return page.items
  const second = oldest.at.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)
  return page.items.filter(({ at }) => !at.startsWith(second))
}
