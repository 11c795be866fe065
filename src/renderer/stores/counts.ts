import { createStore } from 'zustand/vanilla'

export interface CountsState<Counts> {
  /** Of the whole workspace; null until they are known. */
  counts: Counts | null
  /** Grows with each change; a screen that shows some of them loads its page again. */
  revision: number
  /** They changed, and so many there are now. */
  changed: (counts: Counts) => void
  clear: () => void
}

/** Of lists that may be long, the console holds how many there are; a screen holds the part that it shows. */
export function createCountsStore<Counts>() {
  return createStore<CountsState<Counts>>()((set) => ({
    counts: null,
    revision: 0,
    changed: (counts) => set(({ revision }) => ({ counts, revision: revision + 1 })),
    clear: () => set(({ revision }) => ({ counts: null, revision: revision + 1 })),
  }))
}
