import { isPattern } from '../../../shared/tool-filter.ts'
import type { Verdict } from './tool-filter.ts'

/** Why an integration's filter shows a tool to agents or hides it, with the entry that decided. */
export function verdictWords({ state, by }: Verdict): string {
  if (state === 'held') return 'held for approval'
  if (state === 'in_disabled_tools') return by !== undefined && isPattern(by) ? `blocked by ${by}` : 'blocked'
  if (state === 'not_in_enabled_tools') return 'not in allow list'
  if (by === undefined) return 'by default'
  return isPattern(by) ? `allowed by ${by}` : 'in allow list'
}
