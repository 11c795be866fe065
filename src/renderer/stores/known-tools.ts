import { createStore } from 'zustand/vanilla'
import type { ToolSummary } from '../../shared/contract/tools.ts'

export interface KnownToolsState {
  /** As which agent sees them: its id; undefined: one without a profile. */
  agent: string | undefined
  /** Null until a screen asked for them. */
  items: readonly ToolSummary[] | null
  put: (agent: string | undefined, items: readonly ToolSummary[]) => void
  clear: () => void
}

/** Every tool of every integration, the hidden ones with the reason: the last such list that a screen showed. */
export function createKnownToolsStore() {
  return createStore<KnownToolsState>()((set) => ({
    agent: undefined,
    items: null,
    put: (agent, items) => set({ agent, items }),
    clear: () => set({ agent: undefined, items: null }),
  }))
}
