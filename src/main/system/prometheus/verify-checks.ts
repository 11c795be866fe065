import { z } from 'zod'
import type { SetupCheck } from '../../../shared/contract/setup.ts'
import type { SystemAccess } from '../system-adapter.ts'
import { Targets, type Target } from './own-tools.ts'
import type { PrometheusApi } from './prometheus-api.ts'
import { PrometheusProblem } from './prometheus-problem.ts'
import { unknownSeverities, type PrometheusSettings } from './prometheus-settings.ts'
import { activeAlerts, clusterTargets, Rules, RuntimeInfo } from './server-facts.ts'

/** What a check found. */
export type Finding = Pick<SetupCheck, 'state' | 'message'> & Partial<Pick<SetupCheck, 'fix' | 'field'>>

const MOST_NAMED = 5

const BuildInfo = z.object({
  application: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
})
/** By their names on the command line. */
const Flags = z.record(z.string(), z.string().catch(''))

/** VictoriaMetrics may have an empty one. */
export async function checkBuild(api: PrometheusApi, signal: AbortSignal): Promise<Finding> {
  const { data } = await api.get('status/buildinfo', BuildInfo.nullish(), signal)
  const { application = 'Prometheus', version = '' } = data ?? {}
  if (version === '') throw missing()
  return ok(`${application} ${version}`)
}

export async function checkRuntime(api: PrometheusApi, signal: AbortSignal): Promise<Finding> {
  const { data } = await api.get('status/runtimeinfo', RuntimeInfo.nullish(), signal)
  const { startTime, storageRetention } = data ?? {}
  if (startTime === undefined) throw missing()
  const retention = storageRetention ?? (await flaggedRetention(api, signal))
  const since = `It runs since ${startTime.slice(0, 19).replace('T', ' ')} UTC`
  return retention === undefined
    ? { state: 'warning', message: `${since} and does not say how long it keeps values.` }
    : ok(`${since} and keeps values for ${retention}.`)
}

export async function checkTargets(api: PrometheusApi, signal: AbortSignal): Promise<Finding> {
  const { data } = await api.get('targets', Targets, signal, [['state', 'active']])
  const targets = data.activeTargets ?? []
  if (targets.length === 0) {
    return {
      state: 'warning',
      message: 'It scrapes no targets.',
      fix: 'Where others write to it (remote write, vmagent), that is as it should be.',
    }
  }
  const down = targets.filter(({ health }) => health === 'down')
  if (down.length === 0) return ok(`All ${counted(targets.length, 'target')} are up or not scraped yet.`)
  const more = down.length > MOST_NAMED ? ` and ${down.length - MOST_NAMED} more` : ''
  const names = down.slice(0, MOST_NAMED).map(nameOf).join('; ')
  return {
    state: 'warning',
    message: `${down.length} of ${counted(targets.length, 'target')} are down: ${names}${more}.`,
  }
}

export async function checkClusters(
  api: PrometheusApi,
  { clusterLabel }: PrometheusSettings,
  signal: AbortSignal,
): Promise<Finding> {
  const { clusters, isPartial } = await clusterTargets(api, clusterLabel, signal)
  if (clusters.size === 0) {
    return {
      state: 'warning',
      message: 'There is no metric up: clusters are not watched.',
      fix: 'It appears with the first scrape. Where values come from elsewhere, send up along.',
    }
  }
  const { data } = await api.query(`count(up{${clusterLabel}!=""})`, signal)
  const by = data.length > 0 ? `label ${clusterLabel}` : `job, since no target has the label ${clusterLabel}`
  const lost = [...clusters].filter(([, { up }]) => up === 0).map(([name]) => name)
  const found = `${counted(clusters.size, 'cluster')} by ${by}`
  if (isPartial) return { state: 'warning', message: `${found}. The answer was not complete.` }
  if (lost.length === 0) return ok(`${found}.`)
  const names = lost.slice(0, MOST_NAMED).join(', ')
  return { state: 'warning', message: `${found}; ${lost.length} without any target that is up: ${names}.` }
}

export async function checkAlerts(
  api: PrometheusApi,
  { alertsToIncidents }: PrometheusSettings,
  signal: AbortSignal,
): Promise<Finding> {
  const { data } = await api.get('rules', Rules, signal)
  const rules = (data.groups ?? []).flatMap((group) => group.rules ?? [])
  const alerting = rules.filter(({ type }) => type === 'alerting').length
  const alerts = await activeAlerts(api, signal)
  if (alerts === undefined) throw missing()
  const firing = alerts.data.filter(({ state }) => state === 'firing').length
  if (alerting === 0 && firing === 0) {
    return {
      state: 'warning',
      message: 'It has no alerting rules, so no alert becomes an incident from here.',
      fix: 'Where rules are evaluated elsewhere (vmalert, a ruler), let the Alertmanager behind it tell Gatehouse.',
    }
  }
  const become = alertsToIncidents ? '' : ' They do not become incidents: that is switched off.'
  return ok(`${counted(alerting, 'alerting rule')}, ${counted(firing, 'alert')} firing.${become}`)
}

/** A typing error there would make incidents of another severity than somebody thinks. */
export function checkSeverities(access: SystemAccess): Finding {
  const unknown = unknownSeverities(access)
  if (unknown.length === 0) return ok('Each value of the severity label has its severity.')
  return {
    state: 'failed',
    message: `What ${unknown.slice(0, MOST_NAMED).join(', ')} should be is none of our severities.`,
    fix: 'Use critical, high, medium, low or info.',
    field: 'values.severities',
  }
}

async function flaggedRetention(api: PrometheusApi, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { data } = await api.get('status/flags', Flags, signal)
    const retention = data['storage.tsdb.retention.time'] ?? data.retentionPeriod ?? ''
    return retention === '' ? undefined : retention
  } catch (error) {
    if (error instanceof PrometheusProblem && error.kind !== 'unreachable') return undefined
    throw error
  }
}

function nameOf({ labels, lastError }: Target): string {
  const name = [labels.job, labels.instance].filter((part) => part !== undefined).join(' ')
  return lastError === '' ? name : `${name} (${lastError.slice(0, 120)})`
}

function ok(message: string): Finding {
  return { state: 'ok', message }
}

function missing(): PrometheusProblem {
  return new PrometheusProblem('missing', 'The server does not have this.')
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
