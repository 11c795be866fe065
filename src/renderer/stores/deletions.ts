import { createStore } from 'zustand/vanilla'

/** An integration that was deleted a moment ago and can still be brought back. */
export interface Deletion {
  name: string
  /** What people call it. */
  label: string
  /** Settles once the core has answered: whether it is deleted. */
  deleted: Promise<boolean>
}

export interface DeletionsState {
  /** Oldest first. */
  pending: readonly Deletion[]
  add: (deletion: Deletion) => void
  /** It was brought back, has failed, or its time is over. */
  drop: (deletion: Deletion) => void
  clear: () => void
}

/** What can be undone now. */
export function createDeletionsStore() {
  return createStore<DeletionsState>()((set) => ({
    pending: [],
    add: (deletion) => set(({ pending }) => ({ pending: [...pending, deletion] })),
    drop: (deletion) => set(({ pending }) => ({ pending: pending.filter((other) => other !== deletion) })),
    clear: () => set({ pending: [] }),
  }))
}
