import type { ItemList } from '../upstream/offer.ts'
import type { Endpoint } from './endpoints.ts'

/** A list that agents hear changes of. That of the resource templates counts as part of that of the resources. */
export const WATCHED_LISTS = ['tools', 'prompts', 'resources'] as const
export type WatchedList = (typeof WATCHED_LISTS)[number]

const NOTHING = Buffer.alloc(0)

/** What a list was at one moment. Immutable. */
interface ListState {
  isSame(other: this): boolean
}

/** What a list of prompts or resources is put together from: it is the same while all of this is, and need not be built. */
export class Sources implements ListState {
  readonly #slugs: string
  readonly #lists: readonly ItemList[]

  constructor(slugs: readonly string[], lists: readonly ItemList[]) {
    this.#slugs = slugs.join()
    this.#lists = lists
  }

  isSame(other: Sources): boolean {
    if (this.#slugs !== other.#slugs || this.#lists.length !== other.#lists.length) return false
    return this.#lists.every((list, index) => list.bytes.equals(other.#lists[index]?.bytes ?? NOTHING))
  }
}

/** The lists that one agent hears changes of, each as it was last given or told of. */
export class KnownLists {
  /** Undefined: its endpoint was not there. */
  readonly #states = new Map<WatchedList, ListState | undefined>()
  /** Made when it is needed: there is one of these for each session. */
  #untold: Set<WatchedList> | undefined

  constructor(watched: readonly WatchedList[], endpoint: Endpoint) {
    for (const kind of watched) this.#states.set(kind, stateOf(kind, endpoint))
  }

  /** The agent has just got this list. */
  given(kind: WatchedList, endpoint: Endpoint): void {
    if (!this.#states.has(kind)) return
    this.#states.set(kind, stateOf(kind, endpoint))
    this.#untold?.delete(kind)
  }

  /** Which lists are other ones now. They count as known from here on: who asks has to tell the agent. */
  changes(endpoint: Endpoint | undefined, compare: Comparison): WatchedList[] {
    const changed: WatchedList[] = []
    for (const [kind, before] of this.#states) {
      const now = endpoint && stateOf(kind, endpoint)
      if (!compare.isSame(before, now)) changed.push(kind)
      // The same list may stand in another buffer by now, and the former one must not be kept.
      this.#states.set(kind, now)
    }
    return changed
  }

  /** The agent can't be told at the moment. */
  later(changed: readonly WatchedList[]): void {
    for (const kind of changed) (this.#untold ??= new Set()).add(kind)
  }

  /** What it has to be told now that it can be. */
  takeUntold(): WatchedList[] {
    const untold = [...(this.#untold ?? [])]
    this.#untold = undefined
    return untold
  }
}

/** Compares each pair of long lists once, however many agents have it. */
export class Comparison {
  readonly #known = new Map<ListState, Map<ListState, boolean>>()

  isSame(one: ListState | undefined, other: ListState | undefined): boolean {
    if (one === other) return true
    if (one === undefined || other === undefined) return false
    let known = this.#known.get(one)
    if (known === undefined) this.#known.set(one, (known = new Map<ListState, boolean>()))
    let same = known.get(other)
    if (same === undefined) known.set(other, (same = one.isSame(other)))
    return same
  }
}

function stateOf(kind: WatchedList, { list, offering }: Endpoint): ListState {
  return kind === 'tools' ? list : offering.sources(kind)
}
