import { createStore } from 'zustand/vanilla'
import type { OutputLine } from '../../../shared/contract/integrations.ts'
import type { Client } from '../../client.ts'
import { followStream } from '../../stores/follow-stream.ts'
import type { Problem } from '../../stores/problem.ts'
import { MAX_LINES, newLines, type OutputPlace, type ShownLine } from './output-lines.ts'

export interface OutputFeedState {
  lines: readonly ShownLine[]
  /** How many came while it was paused. */
  waitingCount: number
  /** False until the stream was open for the first time. */
  loaded: boolean
  problem: Problem | null
}

type FeedClient = Pick<Client, 'integrations'>

/** The output of one integration: what is kept of it, and every line that follows. Taken in once a frame, and bounded. */
export class OutputFeed {
  readonly store = createStore<OutputFeedState>()(() => ({ lines: [], waitingCount: 0, loaded: false, problem: null }))
  readonly #ended = new AbortController()
  #place: OutputPlace
  #paused = false
  #arrived: ShownLine[] = []
  #arrivedCount = 0
  #frame: number | undefined

  constructor(client: FeedClient, name: string) {
    void followStream(
      {
        // From the beginning also after a loss: the numbers of a gateway that was restarted are others.
        open: (signal) => client.integrations.follow_output({ name }, { signal }),
        onOpen: () => this.store.setState({ loaded: true, problem: null }),
        onBatch: (batch) => this.#arrive(batch),
        onLost: (problem) => this.store.setState({ problem }),
      },
      this.#ended.signal,
    )
  }

  pause(paused: boolean): void {
    this.#paused = paused
    this.#takeIn()
  }

  /** Empties the view. What was in it does not come back. */
  clear(): void {
    this.#arrived = []
    this.#arrivedCount = 0
    this.store.setState({ lines: [], waitingCount: 0 })
  }

  close(): void {
    this.#ended.abort()
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
  }

  #arrive(batch: readonly OutputLine[]): void {
    const [lines, place] = newLines(batch, this.#place)
    this.#place = place
    this.#arrived = [...this.#arrived, ...lines].slice(-MAX_LINES)
    this.#arrivedCount += lines.length
    this.#frame ??= requestAnimationFrame(() => this.#takeIn())
  }

  #takeIn(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    if (this.#paused) {
      this.store.setState({ waitingCount: this.#arrivedCount })
      return
    }
    const arrived = this.#arrived
    this.#arrived = []
    this.#arrivedCount = 0
    this.store.setState(({ lines }) => ({
      lines: arrived.length === 0 ? lines : [...lines, ...arrived].slice(-MAX_LINES),
      waitingCount: 0,
    }))
  }
}
