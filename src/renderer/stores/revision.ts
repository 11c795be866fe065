import { createStore } from 'zustand/vanilla'

export interface RevisionState {
  /** Grows each time the core says that something changed; a screen that shows it loads again. */
  revision: number
  invalidate: () => void
}

/** For what no store holds: only the screen that shows it has it, and only needs to know when it is old. */
export function createRevisionStore() {
  return createStore<RevisionState>()((set) => ({
    revision: 0,
    invalidate: () => set(({ revision }) => ({ revision: revision + 1 })),
  }))
}
