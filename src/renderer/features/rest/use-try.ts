import { useEffect, useRef, useState } from 'react'
import type { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import type { RestTry } from '../../../shared/contract/openapi.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

export type Trial =
  | { state: 'idle' }
  | { state: 'running' }
  | { state: 'done'; answer: RestTry }
  | { state: 'failed'; problem: Problem }
  | { state: 'stopped' }

/** One call of a tool that is not stored, against the real API. Leaving the screen gives it up. */
export function useTry() {
  const { client } = useConsole()
  const [trial, setTrial] = useState<Trial>({ state: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const run = async (connection: RestConnectionDraft, tool: RestTool, args: Record<string, unknown>): Promise<void> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setTrial({ state: 'running' })
    try {
      const answer = await client.openapi.try_tool({ connection, tool, arguments: args }, { signal })
      if (running.current === controller) setTrial({ state: 'done', answer })
    } catch (cause) {
      if (running.current !== controller) return
      setTrial(signal.aborted ? { state: 'stopped' } : { state: 'failed', problem: problemOf(cause) })
    }
  }
  return { trial, run, stop: () => running.current?.abort() }
}
