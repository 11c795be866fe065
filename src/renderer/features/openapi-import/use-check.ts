import { useEffect, useRef, useState } from 'react'
import type { ImportDiff } from '../../../shared/contract/openapi.ts'
import { raceSignal } from '../../host/race-signal.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import type { Spec } from './spec-files.ts'

interface Check {
  state: 'idle' | 'checking' | 'done' | 'failed'
  /** What is compared with; undefined: what is at the address that the document came from. */
  spec: Spec | undefined
  diff: ImportDiff | undefined
  problem: Problem | undefined
}

const idle: Check = { state: 'idle', spec: undefined, diff: undefined, problem: undefined }

/** Compares an integration with a newer document, which the core does; it can be cancelled. */
export function useDocumentCheck(name: string) {
  const { client } = useConsole()
  const [check, setCheck] = useState(idle)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  const run = async (spec?: Spec): Promise<ImportDiff | undefined> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setCheck({ ...idle, state: 'checking', spec })
    try {
      const diff = await raceSignal(client.openapi.check({ name, ...documentOf(spec) }, { signal }), signal)
      setCheck({ state: 'done', spec, diff, problem: undefined })
      return diff
    } catch (cause) {
      if (running.current !== controller) return undefined
      setCheck(signal.aborted ? idle : { ...idle, state: 'failed', spec, problem: problemOf(cause) })
      return undefined
    }
  }
  return {
    check,
    run,
    cancel: () => running.current?.abort(),
    forget: () => {
      running.current?.abort()
      setCheck(idle)
    },
  }
}

/** How a call names the document: its text, or nothing where it is fetched again. */
export function documentOf(spec: Spec | undefined): { spec?: string; files?: Record<string, string> } {
  if (!spec) return {}
  return { spec: spec.text, ...(Object.keys(spec.files).length > 0 ? { files: spec.files } : {}) }
}
