import { createStore } from 'zustand/vanilla'
import type { Integration } from '../../shared/contract/integrations.ts'

export interface IntegrationsState {
  byName: Readonly<Record<string, Integration>>
  replaceAll: (items: readonly Integration[]) => void
  put: (integration: Integration) => void
  remove: (name: string) => void
}

/** Every integration by name. */
export function createIntegrationsStore() {
  return createStore<IntegrationsState>()((set) => ({
    byName: {},
    replaceAll: (items) => set({ byName: Object.fromEntries(items.map((item) => [item.name, item])) }),
    put: (integration) => set(({ byName }) => ({ byName: { ...byName, [integration.name]: integration } })),
    remove: (name) =>
      set(({ byName }) => {
        if (!(name in byName)) return {}
        const { [name]: _gone, ...rest } = byName
        return { byName: rest }
      }),
  }))
}
