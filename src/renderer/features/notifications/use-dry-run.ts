import { useEffect, useEffectEvent, useState } from 'react'
import type { PreviewedEvent } from '../../../shared/contract/rules.ts'
import { useConsole, useIncidents } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { ruleOfDraft, type RuleDraft } from './rule-draft.ts'

/** After the last change: nobody reads what half a word would match. */
const SETTLE_MS = 350

export interface DryRun {
  examined: number
  matched: number
  items: readonly PreviewedEvent[]
}

/** What a rule would have made of the last events, shortly after it stops changing. `draft` undefined: it has faults. */
export function useDryRun(draft: RuleDraft | undefined): { run: DryRun | undefined; problem: Problem | undefined } {
  const { client } = useConsole()
  // Another event is another dry run.
  const revision = useIncidents((state) => state.revision)
  const [told, setTold] = useState<{ run: DryRun | undefined; problem: Problem | undefined }>({
    run: undefined,
    problem: undefined,
  })
  const key = draft ? JSON.stringify(ruleOfDraft(draft)) : ''
  const ask = useEffectEvent(async (signal: AbortSignal) => {
    if (!draft) return
    try {
      // What is not named yet can be tried.
      const { name, ...rule } = ruleOfDraft(draft)
      const run = await client.rules.preview({ rule: { name: name === '' ? 'New rule' : name, ...rule } }, { signal })
      if (!signal.aborted) setTold({ run, problem: undefined })
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
  }, [key, revision])
  return told
}
