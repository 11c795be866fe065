import { useEffect, useRef, useState } from 'react'
import type { SetupCheck, SetupResult } from '../../../shared/contract/setup.ts'
import { raceSignal } from '../../host/race-signal.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

export interface SetupRun {
  running: boolean
  /** Each with its latest word, in the order in which they began. */
  checks: readonly SetupCheck[]
  result: SetupResult | undefined
  /** It was refused, or could not be run. */
  problem: Problem | undefined
}

type Client = ReturnType<typeof useConsole>['client']
type Input = Parameters<Client['setup']['apply']>[0]

const none: SetupRun = { running: false, checks: [], result: undefined, problem: undefined }

/** Sets up, or verifies what is stored, a check at a time; leaving stops it. */
export function useSetup(name: string) {
  const { client, stores } = useConsole()
  const [run, setRun] = useState(none)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  const follow = async (
    begin: (signal: AbortSignal) => Promise<AsyncIterator<SetupCheck, SetupResult>>,
  ): Promise<SetupResult | undefined> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setRun({ ...none, running: true })
    try {
      const checks = await begin(signal)
      for (;;) {
        const next = await raceSignal(checks.next(), signal)
        if (next.done === true) {
          stores.integrations.getState().put(next.value.integration)
          setRun((before) => ({ ...before, running: false, result: next.value }))
          return next.value
        }
        const check = next.value
        setRun((before) => ({ ...before, checks: withCheck(before.checks, check) }))
      }
    } catch (cause) {
      // Of another run, or of nobody any more.
      if (running.current !== controller || signal.aborted) return undefined
      setRun((before) => ({ ...before, running: false, problem: problemOf(cause) }))
      return undefined
    }
  }
  return {
    run,
    apply: (input: Omit<Input, 'name'>) => follow((signal) => client.setup.apply({ ...input, name }, { signal })),
    verify: () => follow((signal) => client.setup.verify({ name }, { signal })),
    stop: () => {
      running.current?.abort()
      setRun((before) => ({ ...before, running: false }))
    },
    /** Nothing of the last run holds any more. */
    clear: () => {
      running.current?.abort()
      setRun(none)
    },
  }
}

/** Each check is told when it starts and when it ends: the later word stands. */
function withCheck(checks: readonly SetupCheck[], check: SetupCheck): SetupCheck[] {
  const index = checks.findIndex(({ id }) => id === check.id)
  return index < 0 ? [...checks, check] : checks.with(index, check)
}
