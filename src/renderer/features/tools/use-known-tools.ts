import { useStore } from 'zustand'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { useAgents, useConsole, useProfiles, useSystem } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'
import { SETTLE_MS } from '../../stores/use-served-tools.ts'

/** Every tool as an agent (or one without a profile) sees it, loaded while it is shown and again after it changed. */
export function useKnownTools(agent: string | undefined): {
  tools: readonly ToolSummary[] | null
  problem: Problem | undefined
  reload: () => void
} {
  const { client, stores } = useConsole()
  const tools = useStore(stores.knownTools, (state) => (state.agent === agent ? state.items : null))
  const revision = useStore(stores.servedTools, (state) => state.revision)
  const profileId = useAgents((state) => (agent === undefined ? undefined : state.byId[agent]?.profile_id))
  const profile = useProfiles((state) => (profileId ? state.byId[profileId] : undefined))
  const online = useSystem((state) => state.link === 'online')
  const { problem, reload } = useLoad({
    version: JSON.stringify([revision, agent, profileId, profile]),
    wanted: online,
    pauseMs: () => {
      const known = stores.knownTools.getState()
      return known.items === null || known.agent !== agent ? 0 : SETTLE_MS
    },
    load: (signal) => client.tools.list({ hidden: true, ...(agent !== undefined && { agent }) }, { signal }),
    keep: ({ items }) => stores.knownTools.getState().put(agent, items),
  })
  return { tools, problem, reload }
}
