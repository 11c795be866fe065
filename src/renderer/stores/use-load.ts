import { useEffect, useEffectEvent, useState } from 'react'
import { type Problem, problemOf } from './problem.ts'

interface LoadOptions<Value> {
  /** What is loaded; another one is loaded anew. */
  version: string
  /** False: not now, for example because the core cannot be reached. */
  wanted?: boolean
  /** Asked when a load is due: how long to wait for more changes first. */
  pauseMs?: () => number
  load: (signal: AbortSignal) => Promise<Value>
  /** Not called once nobody waits for it any more. */
  keep: (value: Value) => void
}

interface Load {
  /** Why the last attempt failed. What came before is still there. */
  problem: Problem | undefined
  /** Loads again; a problem stays in view until that went well. */
  reload: () => void
  /** Loads again as if for the first time. */
  retry: () => void
}

/** Loads while a screen shows something, and again when that is another one or somebody asks for it. */
export function useLoad<Value>({ version, wanted = true, pauseMs, load, keep }: LoadOptions<Value>): Load {
  const [attempt, setAttempt] = useState(0)
  const [problem, setProblem] = useState<Problem>()
  const ask = useEffectEvent(async (signal: AbortSignal) => await load(signal))
  const take = useEffectEvent((value: Value) => keep(value))
  const pause = useEffectEvent(() => pauseMs?.() ?? 0)
  useEffect(() => {
    if (!wanted) return
    const left = new AbortController()
    const start = (): void => {
      ask(left.signal).then(
        (value) => {
          if (left.signal.aborted) return
          take(value)
          setProblem(undefined)
        },
        (cause: unknown) => {
          if (!left.signal.aborted) setProblem(problemOf(cause))
        },
      )
    }
    const waitMs = pause()
    const timer = waitMs > 0 ? setTimeout(start, waitMs) : undefined
    if (timer === undefined) start()
    return () => {
      clearTimeout(timer)
      left.abort()
    }
  }, [version, wanted, attempt])
  const reload = (): void => setAttempt((before) => before + 1)
  return {
    problem,
    reload,
    retry: () => {
      setProblem(undefined)
      reload()
    },
  }
}
