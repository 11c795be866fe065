import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { ToolSummary } from '../../shared/contract/tools.ts'
import { useConsole, useSystem } from './console.tsx'
import { type Problem, problemOf } from './problem.ts'

/** A server that starts tells of its tools in several steps: one answer serves them all. */
const SETTLE_MS = 300

/** The tools that the gateway serves, loaded while somebody shows them and again after they changed. */
export function useServedTools(wanted = true): {
  tools: readonly ToolSummary[] | null
  problem: Problem | undefined
  reload: () => void
} {
  const { client, stores } = useConsole()
  const items = useStore(stores.servedTools, (state) => state.items)
  const revision = useStore(stores.servedTools, (state) => state.revision)
  const online = useSystem((state) => state.link === 'online')
  const [attempt, setAttempt] = useState(0)
  const [problem, setProblem] = useState<Problem>()

  useEffect(() => {
    if (!wanted || !online) return
    const left = new AbortController()
    const load = async (): Promise<void> => {
      try {
        const { items: loaded } = await client.tools.list({}, { signal: left.signal })
        if (left.signal.aborted) return
        stores.servedTools.getState().put(loaded)
        setProblem(undefined)
      } catch (cause) {
        if (!left.signal.aborted) setProblem(problemOf(cause))
      }
    }
    const timer = setTimeout(() => void load(), stores.servedTools.getState().items === null ? 0 : SETTLE_MS)
    return () => {
      clearTimeout(timer)
      left.abort()
    }
  }, [client, stores, wanted, online, revision, attempt])

  return { tools: items, problem, reload: () => setAttempt((before) => before + 1) }
}
