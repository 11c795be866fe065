import { useState } from 'react'
import { useStore } from 'zustand'
import type { Tool } from '../../../shared/contract/tools.ts'
import { useConsole, useSystem } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'

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
  const [tool, setTool] = useState<Tool>()
  const { problem, reload } = useLoad({
    version: JSON.stringify([gatewayName, revision]),
    wanted: online,
    load: (signal) => client.tools.get({ gateway_name: gatewayName }, { signal }),
    // The same as before: its form and what was checked by it stay as they are.
    keep: (loaded) => setTool((before) => (JSON.stringify(before) === JSON.stringify(loaded) ? before : loaded)),
  })
  return { tool, problem, reload }
}
