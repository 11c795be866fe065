import { useState } from 'react'
import type { PreviewedEvent } from '../../../shared/contract/rules.ts'
import { useConsole, useIncidents } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'
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
  const [run, setRun] = useState<DryRun>()
  const rule = draft && ruleOfDraft(draft)
  const { problem } = useLoad({
    version: JSON.stringify([rule, revision]),
    wanted: rule !== undefined,
    pauseMs: () => SETTLE_MS,
    // What is not named yet can be tried.
    load: async (signal) =>
      rule && (await client.rules.preview({ rule: { ...rule, name: rule.name || 'New rule' } }, { signal })),
    keep: setRun,
  })
  return { run, problem }
}
