import type { Call } from '../../shared/contract/calls.ts'
import type { CallRow } from '../store/calls-store.ts'
import { toCall } from './call.ts'

/** What a follower may fall behind; older calls are left out then. */
const MAX_BEHIND = 5_000

/** Those who read calls as they end. A slow one costs its own queue and no more. */
export class CallFollowers {
  readonly #followers = new Set<Follower>()

  add(wants: (row: CallRow) => boolean, signal: AbortSignal): AsyncIterableIterator<Call[]> {
    const follower = new Follower(wants, () => {
      this.#followers.delete(follower)
      signal.removeEventListener('abort', follower.end)
    })
    if (signal.aborted) follower.end()
    else {
      this.#followers.add(follower)
      signal.addEventListener('abort', follower.end, { once: true })
    }
    return follower
  }

  tell(rows: readonly CallRow[]): void {
    for (const follower of this.#followers) follower.push(rows)
  }

  close(): void {
    for (const follower of this.#followers) follower.end()
  }
}

class Follower implements AsyncIterableIterator<Call[]> {
  readonly #wants: (row: CallRow) => boolean
  readonly #ended: () => void
  #behind: Call[] = []
  #waiting: ((result: IteratorResult<Call[], undefined>) => void) | undefined
  #done = false

  constructor(wants: (row: CallRow) => boolean, ended: () => void) {
    this.#wants = wants
    this.#ended = ended
  }

  push(rows: readonly CallRow[]): void {
    const wanted = rows.filter(this.#wants)
    if (wanted.length === 0) return
    this.#behind = [...this.#behind, ...wanted.map(toCall)].slice(-MAX_BEHIND)
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    waiting({ done: false, value: this.#take() })
  }

  readonly end = (): void => {
    if (this.#done) return
    this.#done = true
    this.#behind = []
    this.#waiting?.({ done: true, value: undefined })
    this.#waiting = undefined
    this.#ended()
  }

  next(): Promise<IteratorResult<Call[], undefined>> {
    if (this.#done) return Promise.resolve({ done: true, value: undefined })
    if (this.#behind.length > 0) return Promise.resolve({ done: false, value: this.#take() })
    return new Promise((resolve) => {
      this.#waiting = resolve
    })
  }

  return(): Promise<IteratorResult<Call[], undefined>> {
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #take(): Call[] {
    const calls = this.#behind
    this.#behind = []
    return calls
  }
}
