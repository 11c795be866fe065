import type { Tool } from '../../../shared/contract/tools.ts'
import { useConsole, useSystem, useTools } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'

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
  const { problem, reload } = useLoad({
    version: JSON.stringify([integration, revision]),
    wanted: online,
    load: (signal) => client.tools.of_integration({ name: integration }, { signal }),
    keep: ({ items }) => stores.tools.getState().put(integration, items),
  })
  return { tools, problem, reload }
}
