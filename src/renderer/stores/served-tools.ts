import { createStore } from 'zustand/vanilla'
import type { Integration } from '../../shared/contract/integrations.ts'
import type { ToolSummary } from '../../shared/contract/tools.ts'

export interface ServedToolsState {
  /** Null until a screen asked for them. */
  items: readonly ToolSummary[] | null
  /** Grows when they are no longer what the gateway serves; whoever shows them loads again. */
  revision: number
  put: (items: readonly ToolSummary[]) => void
  invalidate: () => void
  clear: () => void
}

/** All tools that the gateway serves in this workspace: what an agent without a profile sees. */
export function createServedToolsStore() {
  return createStore<ServedToolsState>()((set) => ({
    items: null,
    revision: 0,
    put: (items) => set({ items }),
    invalidate: () => set(({ revision }) => ({ revision: revision + 1 })),
    clear: () => set(({ revision }) => ({ items: null, revision: revision + 1 })),
  }))
}

/** Whether a change of an integration changes which of its tools are served: most events tell of its connection only. */
export function servesOtherTools(before: Integration | undefined, after: Integration): boolean {
  return (
    before?.status !== after.status ||
    before.connection.tool_count !== after.connection.tool_count ||
    !sameEntries(before.enabled_tools, after.enabled_tools) ||
    !sameEntries(before.disabled_tools, after.disabled_tools)
  )
}

function sameEntries(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((entry, index) => entry === other[index])
}
