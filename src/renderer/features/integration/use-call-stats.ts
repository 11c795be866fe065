import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { CallStats } from '../../../shared/contract/calls.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { useVisibleInterval } from '../../ui/use-visible-interval.ts'

const REFRESH_MS = 10_000

/** The last hour of an integration in figures, refreshed while it can be seen. What was known stays when asking fails. */
export function useCallStats(integration: string): { stats: CallStats | undefined; problem: Problem | undefined } {
  const { client } = useConsole()
  const [stats, setStats] = useState<CallStats>()
  const [problem, setProblem] = useState<Problem>()
  const asking = useRef<AbortController>(undefined)
  const ask = (): void => {
    asking.current?.abort()
    const run = new AbortController()
    asking.current = run
    client.calls.stats({ integration }, { signal: run.signal }).then(
      (answer) => {
        setStats(answer)
        setProblem(undefined)
      },
      (cause: unknown) => {
        if (!run.signal.aborted) setProblem(problemOf(cause))
      },
    )
  }
  const askAtOnce = useEffectEvent(ask)
  useEffect(() => {
    askAtOnce()
    return () => asking.current?.abort()
  }, [client, integration])
  useVisibleInterval(ask, REFRESH_MS)
  return { stats, problem }
}
