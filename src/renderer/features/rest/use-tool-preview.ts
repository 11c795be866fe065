import { useEffect, useEffectEvent, useState } from 'react'
import type { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import type { RestToolPreview } from '../../../shared/contract/openapi.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

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
  const [told, setTold] = useState<Told>({ preview: undefined, problem: undefined })
  // Secrets take part: they decide which headers there are.
  const key = tool && args ? JSON.stringify([connection, tool, args]) : ''
  const ask = useEffectEvent(async (signal: AbortSignal) => {
    if (!tool || !args) return
    try {
      const preview = await client.openapi.preview_tool({ connection, tool, arguments: args }, { signal })
      if (!signal.aborted) setTold({ preview, problem: undefined })
    } catch (cause) {
      if (!signal.aborted) setTold((before) => ({ ...before, problem: problemOf(cause) }))
    }
  })
  useEffect(() => {
    if (key === '') return
    const left = new AbortController()
    const timer = setTimeout(() => void ask(left.signal), SETTLE_MS)
    return () => {
      clearTimeout(timer)
      left.abort()
    }
  }, [key])
  return told
}
