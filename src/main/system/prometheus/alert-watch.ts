import { z } from 'zod'
import { Severity } from '../../../shared/contract/incidents.ts'
import { severityRank } from '../../base/severity-order.ts'
import { fingerprintOf, groupOf, type PolledAlert } from './polled-alert.ts'
import type { PrometheusSettings } from './prometheus-settings.ts'

/** Prefix of the dedupe keys of alerts. */
export const ALERT_KEYS = 'prometheus:'
/** Incidents that alerts of one workspace have at a time. Of more the worst ones. */
export const MOST_ALERTS = 2_000
/** Looks for which a restarted server is given time to scrape: a rule that it evaluates before that finds nothing. */
const LOOKS_AFTER_RESTART = 2
/** Annotations may have a value that is another one at each evaluation. */
const UPDATE_MS = 600_000

/** An incident that was told of. */
export const ToldAlert = z.object({
  key: z.string(),
  severity: Severity,
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  /** The alerts that it is made of, by their severity label: since when each is active. */
  active: z.record(z.string(), z.string()),
  /** By the server's clock, in milliseconds since 1970. */
  seenAt: z.number(),
  wordsAt: z.number(),
})
export type ToldAlert = z.infer<typeof ToldAlert>
/** By group: labels without severity. */
export type ToldAlerts = ReadonlyMap<string, ToldAlert>

/** What an answer of `/api/v1/alerts` says, and what has to be known to read it. */
export interface SeenAlerts {
  alerts: readonly PolledAlert[]
  /** Some may be missing: none is over. */
  isPartial: boolean
  serverMs: number
  /** Since when the server runs, where it says so. */
  startedMs: number | undefined
  /** Whether the rules of this name were evaluated since then. */
  wasEvaluated: (alertname: string) => boolean
}

export interface AlertChange {
  kind: 'opened' | 'worse' | 'better' | 'updated' | 'resolved'
  alert: ToldAlert
}

export interface ComparedAlerts {
  told: Map<string, ToldAlert>
  changes: AlertChange[]
  /** Those that do not fire in this answer, whether they count as over or not. */
  missing: ToldAlert[]
  /** Alerts that there was no room for. */
  leftOut: number
}

/**
 * What became of alerts since the last look. An alert is over when it does not fire any more, but for three cases: the
 * answer is not complete; its server was restarted and did not get to its targets or its rule yet, or its `for` begins
 * anew; the rule for another severity of it waits for its `for`. Another replica may say of the same alert that it began at another time.
 */
export function compareAlerts(told: ToldAlerts, seen: SeenAlerts, settings: PrometheusSettings): ComparedAlerts {
  const next = new Map<string, ToldAlert>()
  const changes: AlertChange[] = []
  const missing: ToldAlert[] = []
  const groups = groupsOf(seen.alerts, settings)
  for (const [group, former] of told) {
    const { firing = [], pending = [] } = groups.get(group) ?? {}
    const now = firing.length === 0 ? undefined : describe(firing, seen, settings)
    if (now === undefined) {
      missing.push(former)
      const pends = pending.map(({ labels }) => labels[settings.severityLabel] ?? '')
      if (isStillOpen(former, pends, seen, settings)) next.set(group, former)
      else changes.push({ kind: 'resolved', alert: former })
    } else if (beganAnew(former, now, seen)) {
      changes.push({ kind: 'resolved', alert: former }, { kind: 'opened', alert: now })
      next.set(group, now)
    } else {
      const { alert, kind } = goneOn(former, now)
      if (kind !== undefined) changes.push({ kind, alert })
      next.set(group, alert)
    }
  }
  const fresh = [...groups]
    .filter(([group, { firing }]) => firing.length > 0 && !told.has(group))
    .map(([group, { firing }]) => ({ group, alert: describe(firing, seen, settings) }))
    .sort((a, b) => severityRank(a.alert.severity) - severityRank(b.alert.severity))
  const room = Math.max(0, MOST_ALERTS - next.size)
  for (const { group, alert } of fresh.slice(0, room)) {
    changes.push({ kind: 'opened', alert })
    next.set(group, alert)
  }
  return { told: next, changes, missing, leftOut: Math.max(0, fresh.length - room) }
}

/** What is open, where it is not known any more what was told: alerts that have these keys now. */
export function recalledAlerts(
  openKeys: readonly string[],
  seen: SeenAlerts,
  settings: PrometheusSettings,
): Map<string, ToldAlert> {
  const open = new Set(openKeys)
  const recalled = new Map<string, ToldAlert>()
  for (const [group, { firing }] of groupsOf(seen.alerts, settings)) {
    const key = firing.map(keyOf).find((candidate) => open.has(candidate))
    if (key === undefined) continue
    open.delete(key)
    recalled.set(group, { ...describe(firing, seen, settings), key })
  }
  for (const key of open) {
    // Of an alert that is over: nothing of it is known but that.
    const active = { '': key.split(':').slice(2).join(':') }
    recalled.set(key, { key, severity: 'medium', labels: {}, annotations: {}, active, seenAt: 0, wordsAt: 0 })
  }
  return recalled
}

interface Group {
  /** The worst first. */
  firing: PolledAlert[]
  pending: PolledAlert[]
}

function groupsOf(alerts: readonly PolledAlert[], settings: PrometheusSettings): Map<string, Group> {
  const groups = new Map<string, Group>()
  const severity = ({ labels }: PolledAlert) => severityRank(settings.severityOf(labels[settings.severityLabel]))
  for (const alert of [...alerts].sort((a, b) => severity(a) - severity(b))) {
    const key = groupOf(alert, settings.severityLabel)
    const group = groups.get(key) ?? { firing: [], pending: [] }
    groups.set(key, group)
    if (alert.state === 'firing') group.firing.push(alert)
    else if (alert.state === 'pending') group.pending.push(alert)
  }
  return groups
}

/** The alerts of one group as one incident; there is at least one. */
function describe(
  firing: readonly PolledAlert[],
  { serverMs }: SeenAlerts,
  { severityLabel, severityOf }: PrometheusSettings,
): ToldAlert {
  const [worst] = firing
  if (worst === undefined) throw new Error('A group of alerts without one that fires.')
  const { labels, annotations } = worst
  return {
    key: keyOf(worst),
    severity: severityOf(labels[severityLabel]),
    labels,
    annotations,
    active: Object.fromEntries(firing.map((alert) => [alert.labels[severityLabel] ?? '', alert.activeAt])),
    seenAt: serverMs,
    wordsAt: serverMs,
  }
}

function keyOf({ labels, activeAt }: PolledAlert): string {
  return `${ALERT_KEYS}${fingerprintOf(labels)}:${activeAt}`
}

/** The same incident, as it is now, and what is to be told of it. */
function goneOn(former: ToldAlert, now: ToldAlert): { alert: ToldAlert; kind?: 'worse' | 'better' | 'updated' } {
  const alert = { ...now, key: former.key }
  const change = severityRank(now.severity) - severityRank(former.severity)
  if (change !== 0) return { alert, kind: change < 0 ? 'worse' : 'better' }
  const isSame = JSON.stringify(now.annotations) === JSON.stringify(former.annotations)
  if (isSame || now.seenAt - former.wordsAt < UPDATE_MS) {
    return { alert: { ...alert, annotations: former.annotations, wordsAt: former.wordsAt } }
  }
  return { alert, kind: 'updated' }
}

/** Whether all that fires ended and began again since the last look. One with another severity goes on with what was. */
function beganAnew(former: ToldAlert, now: ToldAlert, { startedMs }: SeenAlerts): boolean {
  return Object.entries(now.active).every(([severity, activeAt]) => {
    const before = Object.hasOwn(former.active, severity) ? former.active[severity] : undefined
    if (before === undefined || before === activeAt) return false
    const [was, is] = [Date.parse(before), Date.parse(activeAt)]
    const wasRestarted = startedMs !== undefined && was < startedMs && is >= startedMs
    return is > former.seenAt && !wasRestarted
  })
}

/** `pending`: severity labels of those of the same group that wait for their time. */
function isStillOpen(
  former: ToldAlert,
  pending: readonly string[],
  seen: SeenAlerts,
  { intervalMs }: PrometheusSettings,
): boolean {
  if (seen.isPartial) return true
  // It became better or worse, and the rule for that has a `for`.
  if (pending.some((severity) => !Object.hasOwn(former.active, severity))) return true
  if (!isOlder(former, seen)) return false
  if (seen.serverMs - (seen.startedMs ?? 0) < LOOKS_AFTER_RESTART * intervalMs) return true
  return pending.length > 0 || !seen.wasEvaluated(former.labels.alertname ?? '')
}

/** Whether it began before the server did. */
export function isOlder({ active }: ToldAlert, { startedMs }: Pick<SeenAlerts, 'startedMs'>): boolean {
  return startedMs !== undefined && Object.values(active).some((activeAt) => Date.parse(activeAt) < startedMs)
}
