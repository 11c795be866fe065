import { useStore } from 'zustand'
import type { ToolSummary } from '../../shared/contract/tools.ts'
import { useConsole, useSystem } from './console.tsx'
import type { Problem } from './problem.ts'
import { useLoad } from './use-load.ts'

/** A server that starts tells of its tools in several steps: one answer serves them all. */
export const SETTLE_MS = 300

/** The tools that the gateway serves, loaded while somebody shows them and again after they changed. */
export function useServedTools(): {
  tools: readonly ToolSummary[] | null
  problem: Problem | undefined
  reload: () => void
} {
  const { client, stores } = useConsole()
  const tools = useStore(stores.servedTools, (state) => state.items)
  const revision = useStore(stores.servedTools, (state) => state.revision)
  const online = useSystem((state) => state.link === 'online')
  const { problem, reload } = useLoad({
    version: String(revision),
    wanted: online,
    pauseMs: () => (stores.servedTools.getState().items === null ? 0 : SETTLE_MS),
    load: (signal) => client.tools.list({}, { signal }),
    keep: ({ items }) => stores.servedTools.getState().put(items),
  })
  return { tools, problem, reload }
}
