import { useEffect, useRef, useState } from 'react'
import type { DoctorReport, DoctorStep } from '../../../shared/contract/oauth.ts'
import { raceSignal } from '../../host/race-signal.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

export interface Diagnosis {
  running: boolean
  steps: readonly DoctorStep[]
  report: DoctorReport | undefined
  /** The diagnosis itself could not be run. */
  problem: Problem | undefined
}

const none: Diagnosis = { running: false, steps: [], report: undefined, problem: undefined }

/** Goes through the sign-in of an integration a step at a time; leaving stops it. */
export function useDiagnosis(name: string) {
  const { client } = useConsole()
  const [diagnosis, setDiagnosis] = useState(none)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  const run = async (): Promise<void> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setDiagnosis({ ...none, running: true })
    try {
      const steps = await client.integrations.diagnose({ name }, { signal })
      for (;;) {
        const next = await raceSignal(steps.next(), signal)
        if (next.done) {
          setDiagnosis({ running: false, steps: next.value.steps, report: next.value, problem: undefined })
          return
        }
        const step = next.value
        setDiagnosis((before) => ({ ...before, steps: withStep(before.steps, step) }))
      }
    } catch (cause) {
      // Of another run, or of nobody any more.
      if (running.current !== controller || signal.aborted) return
      setDiagnosis((before) => ({ ...before, running: false, problem: problemOf(cause) }))
    }
  }
  return { diagnosis, run }
}

/** Each step is told when it starts and when it ends: the later word stands. */
function withStep(steps: readonly DoctorStep[], step: DoctorStep): DoctorStep[] {
  const index = steps.findIndex((other) => other.step === step.step)
  return index < 0 ? [...steps, step] : steps.with(index, step)
}
