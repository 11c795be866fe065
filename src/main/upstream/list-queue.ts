import type { ListKind } from './upstream.ts'

/**
 * Lists again what is due: one list after the other, and at most one in `everyMs`. A server may say `list_changed` a
 * thousand times a second and is asked for ten lists.
 */
export class ListQueue {
  readonly #list: (kind: ListKind) => Promise<void>
  readonly #everyMs: number
  readonly #due = new Set<ListKind>()
  #timer: NodeJS.Timeout | undefined
  #state: 'waiting' | 'free' | 'listing' | 'closed' = 'waiting'

  /** `list` must not reject. */
  constructor(list: (kind: ListKind) => Promise<void>, everyMs: number) {
    this.#list = list
    this.#everyMs = everyMs
  }

  /** What is due before this has been called waits for it. */
  start(): void {
    if (this.#state !== 'waiting') return
    this.#state = 'free'
    this.#next()
  }

  /** Asks for a list; many close together are one. */
  add(kind: ListKind): void {
    this.#due.add(kind)
    this.#next()
  }

  close(): void {
    this.#state = 'closed'
    clearTimeout(this.#timer)
  }

  #next(): void {
    if (this.#state !== 'free' || this.#timer !== undefined || this.#due.size === 0) return
    this.#timer = setTimeout(() => void this.#run(), this.#everyMs)
  }

  async #run(): Promise<void> {
    this.#timer = undefined
    this.#state = 'listing'
    for (const kind of this.#due) {
      this.#due.delete(kind)
      await this.#list(kind)
      break
    }
    if (this.#isClosed) return
    this.#state = 'free'
    this.#next()
  }

  get #isClosed(): boolean {
    return this.#state === 'closed'
  }
}
