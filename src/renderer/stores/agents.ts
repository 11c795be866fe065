import { createStore } from 'zustand/vanilla'
import type { Agent } from '../../shared/contract/agents.ts'

export interface AgentsState {
  byId: Readonly<Record<string, Agent>>
  replaceAll: (items: readonly Agent[]) => void
  put: (agent: Agent) => void
  remove: (id: string) => void
}

/** Every agent by id. Tokens never enter a store: the dialog that shows one holds it alone. */
export function createAgentsStore() {
  return createStore<AgentsState>()((set) => ({
    byId: {},
    replaceAll: (items) => set({ byId: Object.fromEntries(items.map((item) => [item.id, item])) }),
    put: ({ id, name, profile_id, discovery_mode, created_at, last_seen_at }) =>
      set(({ byId }) => ({
        byId: { ...byId, [id]: { id, name, profile_id, discovery_mode, created_at, last_seen_at } },
      })),
    remove: (id) =>
      set(({ byId }) => {
        if (!(id in byId)) return {}
        const { [id]: _gone, ...rest } = byId
        return { byId: rest }
      }),
  }))
}
