import type { NoticeAction } from '../../shared/contract/deliveries.ts'
import { valueOf, type MatchedEvent } from './matchers.ts'

/** Beyond that many notices that are next to be sent, a channel gets one that tells of the others together. */
export const STORM_FROM = 20

/** Groups wait together: for others like them, or for the end of quiet hours. */
export function waitKey(ruleIds: readonly string[], by: readonly string[], event: MatchedEvent): string {
  return `group:${JSON.stringify([sorted(ruleIds), by.map((label) => [label, valueOf(event, label)])])}`
}

export function quietKey(ruleIds: readonly string[], action: NoticeAction): string {
  return `quiet:${action}:${JSON.stringify(sorted(ruleIds))}`
}

export function stormKey(action: NoticeAction): string {
  return `storm:${action}`
}

/** Of what waits for others like it, and not for a time of day. */
export function isGroupKey(key: string | null): boolean {
  return key?.startsWith('group:') === true
}

export function isStormKey(key: string): boolean {
  return key.startsWith('storm:')
}

function sorted(ids: readonly string[]): string[] {
  return [...ids].sort()
}
