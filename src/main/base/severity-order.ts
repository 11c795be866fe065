import type { Severity } from '../../shared/contract/incidents.ts'
import { SEVERITIES } from '../../shared/contract/words.ts'

/** 0 is the worst. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity)
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severityRank(severity) <= severityRank(least)
}

export function worse(one: Severity, other: Severity): Severity {
  return isAtLeast(one, other) ? one : other
}
