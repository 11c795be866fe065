import { useState } from 'react'
import type { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import type { RestToolPreview } from '../../../shared/contract/openapi.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { useConsole } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'

/** After the last change: nobody reads what half a word would send. */
const SETTLE_MS = 250

interface Told {
  preview: RestToolPreview | undefined
  problem: Problem | undefined
}

/** What a tool looks like to an agent and the request that it makes, shortly after it stops changing. */
export function useToolPreview(
  connection: RestConnectionDraft,
  tool: RestTool | undefined,
  args: Record<string, unknown> | undefined,
): Told {
  const { client } = useConsole()
  const [preview, setPreview] = useState<RestToolPreview>()
  const request = tool && args && { connection, tool, arguments: args }
  const { problem } = useLoad({
    // Secrets take part: they decide which headers there are.
    version: JSON.stringify([request]),
    wanted: request !== undefined,
    pauseMs: () => SETTLE_MS,
    load: async (signal) => request && (await client.openapi.preview_tool(request, { signal })),
    keep: setPreview,
  })
  return { preview, problem }
}
