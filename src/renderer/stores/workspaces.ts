import { createStore } from 'zustand/vanilla'
import type { Workspace } from '../../shared/contract/workspaces.ts'
import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'

export interface WorkspacesState {
  /** The one that every call is about. */
  current: string
  byName: Readonly<Record<string, Workspace>>
  choose: (name: string) => void
  replaceAll: (items: readonly Workspace[]) => void
  put: (workspace: Workspace) => void
  remove: (name: string) => void
}

const KEY = 'gatehouse.workspace'

/** Every workspace, and which one is in front; that is remembered on this machine. */
export function createWorkspacesStore(storage: Storage) {
  const store = createStore<WorkspacesState>()((set) => ({
    current: storage.getItem(KEY) ?? DEFAULT_WORKSPACE,
    byName: {},
    choose: (current) => set({ current }),
    replaceAll: (items) => set({ byName: Object.fromEntries(items.map((item) => [item.name, item])) }),
    put: (workspace) => set(({ byName }) => ({ byName: { ...byName, [workspace.name]: workspace } })),
    remove: (name) =>
      set(({ byName }) => {
        const { [name]: _gone, ...rest } = byName
        return { byName: rest }
      }),
  }))
  store.subscribe(({ current }) => storage.setItem(KEY, current))
  return store
}
