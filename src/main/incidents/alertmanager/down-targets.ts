import type { Alert } from './payload.ts'

/** An alert that says that a target of the monitor does not answer. Null: it does not say that of it. */
interface DownTarget {
  workspace: string
  alertname: string
  instance: string | null
  job: string | null
  cluster: string | null
}

/** `TargetDown`, `InstanceDown`, `KubeletDown`, `PrometheusTargetMissing` … */
const NAMED_DOWN = /(?:down|missing|absent|unreachable|offline)$/i
/** `up == 0`, `up{job="x"} == 0`, `absent(up{job="x"})`. No part of it may be read again and again. */
const ASKS_UP = /(?:^|[^\w:])up(?:\{[^{}]{0,500}\})?\s*==\s*0|absent\(\s*up\b/
/** A query says in its beginning what it is about; so much of it as it is written in an address may be nine times that. */
const MOST_QUERY = 2_000
const MOST_ADDRESS = 20_000
const MOST = 1_000
const MOST_LABEL = 1_000
/** Stands for whatever a target says there. */
const ANY = true

/**
 * Targets that are known to be down. What they say nothing about any more ends with them: such an alert is "resolved" since
 * its series are stale, not since all is well. In memory: after a restart the Alertmanager tells of them again. Threat: whoever
 * has a hook token decides on the number and length of everything here.
 */
export class DownTargets {
  /** By workspace and alert; the oldest first. */
  readonly #down = new Map<string, DownTarget>()
  /** Keys of the above by each place that an alert may ask for. */
  readonly #byPlace = new Map<string, Set<string>>()

  /** Learns from the alerts of one payload which targets are down, and which are back. */
  learn(workspace: string, alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      if (!saysDown(alert)) continue
      const key = `${workspace} ${alert.fingerprint}`
      this.#forget(key)
      if (alert.status === 'resolved') continue
      const { alertname = '', instance, job, cluster } = alert.labels
      this.#keep(key, {
        workspace,
        alertname: shortened(alertname) ?? '',
        instance: shortened(instance),
        job: shortened(job),
        cluster: shortened(cluster),
      })
      const oldest = this.#down.keys().next().value
      if (this.#down.size > MOST && oldest !== undefined) this.#forget(oldest)
    }
  }

  /** Name of the alert that says that this one's target is down. */
  behind(workspace: string, alert: Alert): string | undefined {
    if (saysDown(alert)) return undefined
    for (const place of placesAskedFor(workspace, alert.labels)) {
      const [key] = this.#byPlace.get(place) ?? []
      if (key !== undefined) return this.#down.get(key)?.alertname
    }
    return undefined
  }

  erase(workspace: string): void {
    for (const [key, down] of this.#down) if (down.workspace === workspace) this.#forget(key)
  }

  #keep(key: string, down: DownTarget): void {
    this.#down.set(key, down)
    for (const place of placesOf(down)) {
      const keys = this.#byPlace.get(place) ?? new Set()
      this.#byPlace.set(place, keys.add(key))
    }
  }

  #forget(key: string): void {
    const down = this.#down.get(key)
    if (down === undefined) return
    this.#down.delete(key)
    for (const place of placesOf(down)) {
      const keys = this.#byPlace.get(place)
      keys?.delete(key)
      if (keys?.size === 0) this.#byPlace.delete(place)
    }
  }
}

/** Under all of these it is to be found. One that names no instance is the whole job; one without both is nothing's target. */
function placesOf({ workspace, instance, job, cluster }: DownTarget): string[] {
  if (instance === null && job === null) return []
  const jobs = instance === null ? [job] : [job, ANY]
  return jobs.flatMap((each) => [cluster, ANY].map((where) => placeOf(workspace, instance, each, where)))
}

/** What neither of both names does not tell them apart. */
function placesAskedFor(workspace: string, labels: Alert['labels']): string[] {
  const [instance, job] = [shortened(labels.instance), shortened(labels.job)]
  const cluster = shortened(labels.cluster)
  const clusters = cluster === null ? [ANY] : [cluster, null]
  const jobs = job === null ? [ANY] : [job, null]
  const ofInstance = instance === null ? [] : jobs.map((each) => [instance, each] as const)
  const ofJob = job === null ? [] : [[null, job] as const]
  return [...ofInstance, ...ofJob].flatMap(([named, each]) =>
    clusters.map((where) => placeOf(workspace, named, each, where)),
  )
}

function placeOf(...parts: readonly (string | boolean | null)[]): string {
  return JSON.stringify(parts)
}

/** A copy: a part of a long text would hold all of it in memory. */
function shortened(text: string | undefined): string | null {
  if (text === undefined) return null
  return text.length <= MOST_LABEL ? text : Buffer.from(text.slice(0, MOST_LABEL)).toString()
}

function saysDown({ labels, generatorURL }: Alert): boolean {
  return NAMED_DOWN.test((labels.alertname ?? '').slice(-MOST_LABEL)) || ASKS_UP.test(queryOf(generatorURL))
}

function queryOf(generatorURL: string): string {
  const from = generatorURL.indexOf('?')
  if (from === -1) return ''
  const parameters = new URLSearchParams(generatorURL.slice(from + 1, from + 1 + MOST_ADDRESS))
  return (parameters.get('g0.expr') ?? '').slice(0, MOST_QUERY)
}
