import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { Tool } from '../../../shared/contract/tools.ts'
import { useConsole, useSystem } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

export interface ToolLoad {
  tool: Tool | undefined
  problem: Problem | undefined
  reload: () => void
}

/** One tool with its schemas, loaded anew when the gateway serves other tools than before. */
export function useTool(gatewayName: string): ToolLoad {
  const { client, stores } = useConsole()
  const revision = useStore(stores.servedTools, (state) => state.revision)
  const online = useSystem((state) => state.link === 'online')
  const [attempt, setAttempt] = useState(0)
  const [loaded, setLoaded] = useState<{ tool: Tool | undefined; problem: Problem | undefined }>()

  useEffect(() => {
    if (!online) return
    const left = new AbortController()
    client.tools.get({ gateway_name: gatewayName }, { signal: left.signal }).then(
      (tool) =>
        // The same as before: its form and what was checked by it stay as they are.
        setLoaded((before) =>
          JSON.stringify(before?.tool) === JSON.stringify(tool) ? before : { tool, problem: undefined },
        ),
      (cause: unknown) => {
        if (!left.signal.aborted) setLoaded((before) => ({ tool: before?.tool, problem: problemOf(cause) }))
      },
    )
    return () => left.abort()
  }, [client, gatewayName, revision, attempt, online])

  return { tool: loaded?.tool, problem: loaded?.problem, reload: () => setAttempt((before) => before + 1) }
}
