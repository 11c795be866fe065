import { useEffect, useState } from 'react'
import type { Tool } from '../../../shared/contract/tools.ts'
import { useConsole, useSystem, useTools } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

export interface ToolsLoad {
  tools: readonly Tool[] | undefined
  problem: Problem | undefined
  reload: () => void
}

/** The tools of an integration, loaded when the screen opens and again when the core says that they changed. */
export function useToolsOf(integration: string): ToolsLoad {
  const { client, stores } = useConsole()
  const tools = useTools((state) => state.byIntegration[integration])
  const revision = useTools((state) => state.revisions[integration] ?? 0)
  const online = useSystem((state) => state.link === 'online')
  const [attempt, setAttempt] = useState(0)
  const [problem, setProblem] = useState<Problem>()

  useEffect(() => {
    if (!online) return
    const left = new AbortController()
    client.tools.of_integration({ name: integration }, { signal: left.signal }).then(
      ({ items }) => {
        stores.tools.getState().put(integration, items)
        setProblem(undefined)
      },
      (cause: unknown) => {
        if (!left.signal.aborted) setProblem(problemOf(cause))
      },
    )
    return () => left.abort()
  }, [client, stores, integration, revision, attempt, online])

  return { tools, problem, reload: () => setAttempt((before) => before + 1) }
}
