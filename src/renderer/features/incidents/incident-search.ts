import type { IncidentFilter } from '../../../shared/contract/incidents.ts'

/** The filters and the open incident, as they stand in the address. */
export interface IncidentSearch {
  q?: string
  status?: string
  severity?: string
  type?: string
  incident?: string
  /** Something is being reported. */
  report?: string
}

const STATUSES = ['active', 'open', 'acknowledged', 'resolved'] as const
const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
const TYPES = ['incident', 'cluster_disconnected', 'integration_state'] as const

/** The filters as the API wants them. What there is not, from an old or mistyped address, filters nothing. */
export function filterOf({ q, status, severity, type }: IncidentSearch): IncidentFilter {
  const query = q?.trim().slice(0, 500)
  const its = {
    status: STATUSES.find((known) => known === status),
    min_severity: SEVERITIES.find((known) => known === severity),
    type: TYPES.find((known) => known === type),
  }
  return {
    ...(query ? { query } : {}),
    ...(its.status ? { status: its.status } : {}),
    ...(its.min_severity ? { min_severity: its.min_severity } : {}),
    ...(its.type ? { type: its.type } : {}),
  }
}

/** The search of an address after a change: what is empty is left out. */
export function changedSearch<Search extends object>(before: Search, changes: Partial<Search>): Search {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value)) as Search
}
