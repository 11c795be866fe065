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
    put: (integration) =>
      set(({ byName }) => {
        // An answer may arrive after an event that is newer.
        const known = byName[integration.name]
        if (known !== undefined && known.revision > integration.revision) return {}
        return { byName: { ...byName, [integration.name]: integration } }
      }),
    remove: (name) =>
      set(({ byName }) => {
        if (!(name in byName)) return {}
        const { [name]: _gone, ...rest } = byName
        return { byName: rest }
      }),
  }))
}
