import { PagerDutySeverity } from '../../../shared/contract/channels.ts'
import type { Severity } from '../../../shared/contract/incidents.ts'
import { isObject } from '../../base/is-object.ts'

const defaults: Readonly<Record<Severity, PagerDutySeverity>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'warning',
  info: 'info',
}

/** One of ours in PagerDuty's words, as it was mapped at the setup. */
export function pagerDutySeverity(severity: Severity, mapped: unknown): PagerDutySeverity {
  const chosen = PagerDutySeverity.safeParse(isObject(mapped) ? mapped[severity] : undefined)
  return chosen.success ? chosen.data : defaults[severity]
}
