import { createStore } from 'zustand/vanilla'

export interface ByIdState<Item> {
  byId: Readonly<Record<string, Item>>
  /** False until a screen asked for them. */
  loaded: boolean
  replaceAll: (items: readonly Item[]) => void
  put: (item: Item) => void
  remove: (id: string) => void
  clear: () => void
}

/** A short list that is loaded by the first screen that shows it; afterwards the events keep it. */
export function createByIdStore<Item extends { id: string }>() {
  return createStore<ByIdState<Item>>()((set) => ({
    byId: {},
    loaded: false,
    replaceAll: (items) => set({ byId: Object.fromEntries(items.map((item) => [item.id, item])), loaded: true }),
    put: (item) => set(({ byId }) => ({ byId: { ...byId, [item.id]: item } })),
    remove: (id) =>
      set(({ byId }) => {
        if (!(id in byId)) return {}
        const { [id]: _gone, ...rest } = byId
        return { byId: rest }
      }),
    clear: () => set({ byId: {}, loaded: false }),
  }))
}
