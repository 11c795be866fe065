import { createStore } from 'zustand/vanilla'
import type { Tool } from '../../shared/contract/tools.ts'

export interface ToolsState {
  /** The last list of each integration that a screen asked for. */
  byIntegration: Readonly<Record<string, readonly Tool[]>>
  /** Grows each time the core says that a list changed; a screen that shows it loads again. */
  revisions: Readonly<Record<string, number>>
  put: (integration: string, tools: readonly Tool[]) => void
  invalidate: (integration: string) => void
  remove: (integration: string) => void
  clear: () => void
}

/** Tools by integration: lists can hold 10,000, so only those that are looked at are loaded. */
export function createToolsStore() {
  return createStore<ToolsState>()((set) => ({
    byIntegration: {},
    revisions: {},
    put: (integration, tools) =>
      set(({ byIntegration }) => ({ byIntegration: { ...byIntegration, [integration]: tools } })),
    invalidate: (integration) =>
      set(({ revisions }) => ({ revisions: { ...revisions, [integration]: (revisions[integration] ?? 0) + 1 } })),
    remove: (integration) =>
      set(({ byIntegration }) => {
        const { [integration]: _gone, ...rest } = byIntegration
        return { byIntegration: rest }
      }),
    clear: () => set({ byIntegration: {}, revisions: {} }),
  }))
}
