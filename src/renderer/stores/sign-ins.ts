import { createStore } from 'zustand/vanilla'
import type { Problem } from './problem.ts'

/** A sign-in that was begun here, beyond what the integration itself says of it. */
export type SignIn =
  /** The core is finding out where. */
  | { state: 'starting' }
  /** The browser let no page be opened: a person opens it by this link. Kept in memory only: it is of one sign-in. */
  | { state: 'link'; url: string }
  | { state: 'failed'; problem: Problem }

export interface SignInsState {
  /** By integration. */
  byName: Readonly<Record<string, SignIn>>
  put: (name: string, signIn: SignIn) => void
  remove: (name: string) => void
  clear: () => void
}

export function createSignInsStore() {
  return createStore<SignInsState>()((set) => ({
    byName: {},
    put: (name, signIn) => set(({ byName }) => ({ byName: { ...byName, [name]: signIn } })),
    remove: (name) =>
      set(({ byName }) => {
        const { [name]: _gone, ...rest } = byName
        return { byName: rest }
      }),
    clear: () => set({ byName: {} }),
  }))
}
