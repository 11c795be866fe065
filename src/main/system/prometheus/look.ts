import { setTimeout as wait } from 'node:timers/promises'
import type { EventInput } from '../../../shared/contract/incidents.ts'
import {
  ALERT_KEYS,
  compareAlerts,
  isOlder,
  MOST_ALERTS,
  recalledAlerts,
  type AlertChange,
  type ComparedAlerts,
  type SeenAlerts,
  type ToldAlert,
} from './alert-watch.ts'
import { alertEvent, CLUSTER_KEYS, clusterEvent, clusterKey } from './alert-events.ts'
import { compareClusters } from './cluster-watch.ts'
import type { PrometheusApi } from './prometheus-api.ts'
import type { PrometheusSettings } from './prometheus-settings.ts'
import { activeAlerts, clusterTargets, downTargets, startOf, unevaluatedRules } from './server-facts.ts'
import type { WatchState } from './watch-state.ts'

/** After its start a server has not scraped everything yet. */
const SETTLING_MS = 90_000
/** Until alerts are asked for again that seem to be over. */
const CONFIRM_MS = 200
/** Ended alerts whose targets are asked after; of a storm the first ones. */
const MOST_ASKED = 10

export interface LookOptions {
  api: PrometheusApi
  settings: PrometheusSettings
  /** Keys of incidents that are not resolved, which begin so. */
  openKeys: (prefix: string) => Promise<string[]>
  isSoon: boolean
  nowMs: number
  signal: AbortSignal
}

export interface Look {
  state: WatchState
  events: EventInput[]
  firing: number
  /** What could not be taken in full, for a person. */
  note: string | null
}

/** Looks once at alerts and targets, and says what became of them since `state`. Nothing is changed by it. */
export async function look(state: WatchState, options: LookOptions): Promise<Look> {
  const { api, settings, openKeys, isSoon, nowMs, signal } = options
  const targets = await clusterTargets(api, settings.clusterLabel, signal)
  const { clusters: found, isPartial, serverMs = nowMs } = targets
  const answer = await activeAlerts(api, signal)
  // After the alerts: a start between the two would make the alerts of the former process those of this one.
  const startedMs = await startOf(api, signal)
  const settling = startedMs !== undefined && serverMs - startedMs < SETTLING_MS
  const isLost = [...state.clusters.values()].some((cluster) => cluster.state === 'disconnected')
  const openClusters = new Set(isLost ? await openKeys(CLUSTER_KEYS) : [])
  const clusters = compareClusters(
    state.clusters,
    { clusters: found, isPartial: isPartial || settling, isSoon, nowMs },
    (name) => openClusters.has(clusterKey(name)),
  )
  const events = clusters.changes
    .filter(({ kind, name }) => kind === 'disconnected' || openClusters.has(clusterKey(name)))
    .map((change) => clusterEvent(change, settings.clusterLabel))
  const next = { ...state, clusters: clusters.clusters }
  const note =
    isPartial || answer?.isPartial === true ? partly([...targets.warnings, ...(answer?.warnings ?? [])]) : null
  if (answer === undefined) return { state: next, events, firing: 0, note }
  const firing = answer.data.filter(({ state: alert }) => alert === 'firing').length
  if (!settings.alertsToIncidents) return { state: { ...next, alerts: undefined }, events, firing, note }
  const seen = { alerts: answer.data, isPartial: answer.isPartial, serverMs, startedMs, wasEvaluated: () => true }
  const alerts = await lookAtAlerts(state, seen, options)
  const { told, changes, leftOut } = alerts
  return {
    state: { ...next, alerts: told },
    events: [...events, ...(await eventsOf(changes, options))],
    firing,
    note: leftOut === 0 ? note : `${firing} alerts fire. ${MOST_ALERTS} of them, the worst, are incidents.`,
  }
}

async function lookAtAlerts(
  { alerts }: WatchState,
  first: SeenAlerts,
  { api, settings, openKeys, signal }: LookOptions,
): Promise<ComparedAlerts> {
  const told = alerts ?? recalledAlerts(await openKeys(ALERT_KEYS), first, settings)
  const { startedMs } = first
  const compared = compareAlerts(told, first, settings)
  const { missing } = compared
  if (missing.length === 0) return compared
  // What is not listed is over only where its rule was evaluated before the list was made.
  const isDoubtful = startedMs !== undefined && missing.some((alert) => isOlder(alert, first))
  const waiting = isDoubtful ? await unevaluatedRules(api, startedMs, signal) : new Set<string>()
  // Rules are evaluated one after the other: the one for another severity may come next.
  await wait(CONFIRM_MS, undefined, { signal })
  const again = await activeAlerts(api, signal)
  const wasEvaluated = (alertname: string) => (alertname === '' ? waiting.size === 0 : !waiting.has(alertname))
  const seen = again === undefined ? first : { ...first, alerts: again.data, isPartial: again.isPartial }
  return compareAlerts(told, { ...seen, wasEvaluated }, settings)
}

/** What is told of changes. Of an incident that somebody resolved, only that it is worse now. */
async function eventsOf(changes: readonly AlertChange[], options: LookOptions): Promise<EventInput[]> {
  if (changes.length === 0) return []
  const open = new Set(changes.some(({ kind }) => kind !== 'opened') ? await options.openKeys(ALERT_KEYS) : [])
  const told = changes.filter(({ kind, alert }) => kind === 'opened' || kind === 'worse' || open.has(alert.key))
  const ended = told.filter(({ kind }) => kind === 'resolved').flatMap(({ alert }) => targetOf(alert) ?? [])
  const down = await downTargets(options.api, ended.slice(0, MOST_ASKED), options.signal)
  return told.map((change) => {
    const target = targetOf(change.alert)
    return alertEvent(change, target !== undefined && down.has(`${target.job}\n${target.instance}`))
  })
}

/** Alerts and clusters that are missing in such answers may be there, and may stay so for long: a person should know. */
function partly([warning]: readonly string[]): string {
  return `Its answers are not complete${warning === undefined ? '' : ` (${warning})`}: what is missing counts neither as over nor as gone.`
}

/** Undefined: the alert is not about one target. */
function targetOf({ labels: { instance, job } }: ToldAlert): { instance: string; job: string } | undefined {
  return instance === undefined || job === undefined ? undefined : { instance, job }
}
