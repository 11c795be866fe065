import { useState } from 'react'
import type { Tool } from '../../../shared/contract/tools.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

export interface Approval {
  /** Exactly what is on the screen: one that changed since is refused, and shown anew. */
  approve: (tools: readonly Tool[]) => void
  busy: boolean
  /** Why the last approval failed. */
  problem: Problem | undefined
}

/** Approves tools of an integration as the console shows them. The list follows by the core's own news. */
export function useApproval(integration: string): Approval {
  const { client, stores } = useConsole()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const run = async (tools: readonly Tool[]): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      await client.tools.approve({
        name: integration,
        names: tools.map(({ name }) => name),
        seen: Object.fromEntries(tools.flatMap(({ name, change }) => (change ? [[name, change.sha256]] : []))),
      })
    } catch (cause) {
      setProblem(problemOf(cause))
      stores.tools.getState().invalidate(integration)
    } finally {
      setBusy(false)
    }
  }
  return { approve: (tools) => void run(tools), busy, problem }
}
