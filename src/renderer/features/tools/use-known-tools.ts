import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { useAgents, useConsole, useProfiles, useSystem } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

/** A server that starts tells of its tools in several steps: one answer serves them all. */
const SETTLE_MS = 300

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
  const [attempt, setAttempt] = useState(0)
  const [problem, setProblem] = useState<Problem>()

  useEffect(() => {
    if (!online) return
    const left = new AbortController()
    const load = async (): Promise<void> => {
      try {
        const wanted = agent === undefined ? { hidden: true } : { hidden: true, agent }
        const { items } = await client.tools.list(wanted, { signal: left.signal })
        if (left.signal.aborted) return
        stores.knownTools.getState().put(agent, items)
        setProblem(undefined)
      } catch (cause) {
        if (!left.signal.aborted) setProblem(problemOf(cause))
      }
    }
    const { items, agent: known } = stores.knownTools.getState()
    const timer = setTimeout(() => void load(), items === null || known !== agent ? 0 : SETTLE_MS)
    return () => {
      clearTimeout(timer)
      left.abort()
    }
  }, [client, stores, agent, revision, profileId, profile, online, attempt])

  return { tools, problem, reload: () => setAttempt((before) => before + 1) }
}
