import type { NoticeAction } from '../../shared/contract/deliveries.ts'
import type { Happening } from '../incidents/happening.ts'
import type { ToldRow } from '../store/plan-store.ts'
import { quietKey, stormKey, waitKey } from './group-key.ts'
import type { CompiledRule } from './rule-decision.ts'
import type { Verdicts } from './verdicts.ts'

/** Actions by which rules tell of something, and what makes them. */
const ANNOUNCED: Partial<Record<Happening['change'], NoticeAction>> = {
  opened: 'open',
  severity: 'open',
  notice: 'notice',
  rca: 'rca',
}
const FOLLOWS: Partial<Record<Happening['change'], NoticeAction>> = {
  severity: 'severity',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
}

/**
 * Keys of the groups that something of this may join, and some more: of everything that waits only those have to be looked
 * at. Says nothing of what joins them.
 */
export function possibleKeys(
  happenings: readonly Happening[],
  verdicts: Verdicts,
  told: readonly ToldRow[],
): Set<string> {
  const keys = new Set<string>()
  for (const happening of happenings) {
    const { change, incident } = happening
    const announced = ANNOUNCED[change]
    const follows = FOLLOWS[change]
    if (announced !== undefined) addAnnounced(keys, happening, announced, verdicts)
    if (follows !== undefined) keys.add(stormKey(follows))
    if (follows !== 'severity') continue
    for (const row of told) {
      if (row.incidentId === incident?.id) keys.add(quietKey(idsOf(row.rules), follows))
    }
  }
  return keys
}

function addAnnounced(keys: Set<string>, happening: Happening, action: NoticeAction, verdicts: Verdicts): void {
  keys.add(stormKey(action))
  const byChannel = new Map<string, CompiledRule[]>()
  for (const [compiled, { matched }] of verdicts.of(happening)) {
    if (!matched) continue
    for (const id of compiled.rule.channels) byChannel.set(id, [...(byChannel.get(id) ?? []), compiled])
  }
  for (const rules of byChannel.values()) {
    const ids = idsOf(rules.map(({ rule }) => rule))
    for (const { rule, quiet } of rules) {
      if (quiet !== undefined) keys.add(quietKey(ids, action))
      const { wait_s, by } = rule.grouping
      if (wait_s > 0 && action === 'open') keys.add(waitKey(ids, by, happening.event))
    }
  }
}

function idsOf(rules: readonly { id: string }[]): string[] {
  return rules.map(({ id }) => id)
}
