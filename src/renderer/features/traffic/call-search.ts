import { type CallFilter, CallOutcome } from '../../../shared/contract/calls.ts'

/** The filters and the open call, as they stand in the address. */
export interface CallSearch {
  q?: string
  status?: string
  agent?: string
  integration?: string
  call?: string
}

/** The filters as the API wants them. A status that there is not, from an old or mistyped address, filters nothing. */
export function filterOf({ q, status, agent, integration }: CallSearch): CallFilter {
  const outcome = CallOutcome.safeParse(status)
  const query = q?.trim().slice(0, 500)
  return {
    ...(query ? { query } : {}),
    ...(agent ? { agent } : {}),
    ...(integration ? { integration } : {}),
    ...(outcome.success ? { outcome: outcome.data } : {}),
  }
}

/** The search of an address after a change: what is empty is left out. */
export function changedSearch(before: CallSearch, changes: CallSearch): CallSearch {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value))
}
