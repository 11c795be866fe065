import type { CandidateRow } from '../store/outbox-store.ts'

/** Tried so often, a delivery lets those of other incidents pass. */
const ATTEMPTS_BEFORE_OTHERS_PASS = 5

export interface Candidate {
  id: string
  attempts: number
  /** Null: at once. */
  nextAttemptMs: number | null
  incidentIds: readonly string[]
}

export function candidateOf({ nextAttemptAt, ...rest }: CandidateRow): Candidate {
  return { ...rest, nextAttemptMs: nextAttemptAt === null ? null : Date.parse(nextAttemptAt) }
}

/** `take`: the one to send now. Else `untilMs`: when to look again; undefined: there is nothing. */
export interface Choice {
  take?: string
  untilMs?: number
}

/**
 * The next of a channel, whose deliveries are given in their order. That order holds: one whose time has not come keeps
 * the others waiting, until it has failed so often that it may be the one that can't be delivered. Then others go before
 * it, but never a later word on the same incident. `isTrial`: the channel failed, and one notice has to show whether it
 * works again; one that may itself be the trouble would show nothing.
 */
export function chooseNext(candidates: readonly Candidate[], nowMs: number, isTrial: boolean): Choice {
  const passed = new Set<string>()
  let [untilMs, fallback]: [number | undefined, string | undefined] = [undefined, undefined]
  for (const { id, attempts, nextAttemptMs, incidentIds } of candidates) {
    const isBehind = incidentIds.some((incidentId) => passed.has(incidentId))
    const isDue = nextAttemptMs === null || nextAttemptMs <= nowMs
    const mayBePassed = attempts >= ATTEMPTS_BEFORE_OTHERS_PASS
    if (!isBehind && isDue && !(isTrial && mayBePassed)) return { take: id }
    if (!isBehind && isDue) fallback ??= id
    if (!isBehind && !isDue) untilMs = Math.min(untilMs ?? Infinity, nextAttemptMs)
    if (!isBehind && !mayBePassed) break
    for (const incidentId of incidentIds) passed.add(incidentId)
  }
  if (fallback !== undefined) return { take: fallback }
  return untilMs === undefined ? {} : { untilMs }
}
