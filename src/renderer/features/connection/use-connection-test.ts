import { useEffect, useRef, useState } from 'react'
import type { ConnectionDraft, TestResult, TestStep } from '../../../shared/contract/integrations.ts'
import { raceSignal } from '../../host/race-signal.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

export interface ConnectionTest {
  state: 'idle' | 'running' | 'done' | 'cancelled'
  steps: TestStep[]
  result: TestResult | undefined
  /** The test itself could not be run. */
  problem: Problem | undefined
}

const idle: ConnectionTest = { state: 'idle', steps: [], result: undefined, problem: undefined }

/** A connection test that shows each step as it happens and can be cancelled; leaving the screen cancels it too. */
export function useConnectionTest() {
  const { client } = useConsole()
  const [test, setTest] = useState(idle)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  const run = async (draft: ConnectionDraft): Promise<TestResult | undefined> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setTest({ ...idle, state: 'running' })
    try {
      const steps = await client.integrations.test_draft(draft, { signal })
      for (;;) {
        const next = await raceSignal(steps.next(), signal)
        if (next.done) {
          setTest({ state: 'done', steps: next.value.steps, result: next.value, problem: undefined })
          return next.value
        }
        const step = next.value
        setTest((before) => ({ ...before, steps: withStep(before.steps, step) }))
      }
    } catch (cause) {
      // The reader of another run, or nobody: that run speaks for itself.
      if (running.current !== controller) return undefined
      if (signal.aborted) setTest((before) => ({ ...before, state: 'cancelled' }))
      else setTest((before) => ({ ...before, state: 'done', problem: problemOf(cause) }))
      return undefined
    }
  }
  return {
    test,
    run,
    cancel: () => running.current?.abort(),
    reset: () => {
      running.current?.abort()
      running.current = undefined
      setTest(idle)
    },
  }
}

/** Each step is told when it starts and when it ends: the later word stands. */
export function withStep(steps: readonly TestStep[], step: TestStep): TestStep[] {
  const index = steps.findIndex((other) => other.step === step.step)
  return index < 0 ? [...steps, step] : steps.with(index, step)
}
