import { z } from 'zod'
import type { PolledAlert } from './polled-alert.ts'
import { PolledAlerts } from './polled-alert.ts'
import type { PrometheusAnswer, PrometheusApi } from './prometheus-api.ts'
import { PrometheusProblem } from './prometheus-problem.ts'

export const RuntimeInfo = z.object({
  startTime: z.iso.datetime({ offset: true }).optional().catch(undefined),
  storageRetention: z.string().optional().catch(undefined),
})

export const Rules = z.object({
  groups: z
    .array(
      z.object({
        rules: z
          .array(z.object({ type: z.string(), name: z.string().catch(''), lastEvaluation: z.string().catch('') }))
          .nullable()
          .catch([]),
      }),
    )
    .nullable()
    .catch([]),
})

export interface ClusterTargets {
  clusters: Map<string, { up: number; targets: number }>
  isPartial: boolean
  warnings: string[]
  /** The server's clock; undefined where nothing is scraped. */
  serverMs: number | undefined
}

/** How many targets of each cluster there are and how many are up, in one look. A target without the label counts for its job. */
export async function clusterTargets(
  api: PrometheusApi,
  clusterLabel: string,
  signal: AbortSignal,
): Promise<ClusterTargets> {
  const query = `count_values by (${clusterLabel}, job) ("gatehouse_up", up)`
  const { data, isPartial, warnings } = await api.query(query, signal)
  const clusters: ClusterTargets['clusters'] = new Map()
  for (const { labels, value } of data) {
    const name = labels[clusterLabel] ?? labels.job
    if (name === undefined || name === '') continue
    const { up, targets } = clusters.get(name) ?? { up: 0, targets: 0 }
    const isUp = Number(labels.gatehouse_up) === 1
    clusters.set(name, { up: up + (isUp ? value : 0), targets: targets + value })
  }
  return { clusters, isPartial, warnings, serverMs: data[0]?.at }
}

/** Undefined: this server has none to tell of. */
export async function activeAlerts(
  api: PrometheusApi,
  signal: AbortSignal,
): Promise<PrometheusAnswer<PolledAlert[]> | undefined> {
  const answer = await whereThere(api.get('alerts', PolledAlerts, signal))
  return answer && { ...answer, data: answer.data.alerts }
}

/** Since when it runs, in milliseconds since 1970; undefined: it does not say. */
export async function startOf(api: PrometheusApi, signal: AbortSignal): Promise<number | undefined> {
  const startTime = (await whereThere(api.get('status/runtimeinfo', RuntimeInfo.nullish(), signal)))?.data?.startTime
  return startTime === undefined ? undefined : Date.parse(startTime)
}

/** Names of alerting rules that were not evaluated yet since `startedMs`. */
export async function unevaluatedRules(
  api: PrometheusApi,
  startedMs: number,
  signal: AbortSignal,
): Promise<Set<string>> {
  const answer = await whereThere(api.get('rules', Rules, signal, [['type', 'alert']]))
  const rules = (answer?.data.groups ?? []).flatMap((group) => group.rules ?? [])
  // A rule that was never evaluated has the year 1.
  const waiting = rules.filter(({ lastEvaluation }) => !(Date.parse(lastEvaluation) >= startedMs))
  return new Set(waiting.map(({ name }) => name))
}

/** Those of these targets that are down, as `<job>\n<instance>`. */
export async function downTargets(
  api: PrometheusApi,
  targets: readonly { instance: string; job: string }[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const down = new Set<string>()
  for (const { instance, job } of targets) {
    const query = `up{instance=${JSON.stringify(instance)},job=${JSON.stringify(job)}} == 0`
    const answer = await whereThere(api.query(query, signal))
    if ((answer?.data.length ?? 0) > 0) down.add(`${job}\n${instance}`)
  }
  return down
}

/** Undefined where the server does not have that part of the API, or does not understand. */
async function whereThere<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof PrometheusProblem && (error.kind === 'missing' || error.kind === 'refused')) return undefined
    throw error
  }
}
