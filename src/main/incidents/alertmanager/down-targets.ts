import type { Alert } from './payload.ts'

/** An alert that says that a target of the monitor does not answer. */
interface DownTarget {
  alertname: string
  instance: string | undefined
  job: string | undefined
  cluster: string | undefined
}

/** `TargetDown`, `InstanceDown`, `KubeletDown`, `PrometheusTargetMissing` … */
const NAMED_DOWN = /(?:down|missing|absent|unreachable|offline)$/i
/** `up == 0`, `up{job="x"} == 0`, `absent(up{job="x"})`. */
const ASKS_UP = /(?:^|[^\w:])up(?:\{[^}]*\})?\s*==\s*0|absent\(\s*up\b/
const MOST = 1_000

/**
 * Targets that are known to be down. What they say nothing about any more ends with them: such an alert is "resolved" since
 * its series are stale, not since all is well. In memory: after a restart the Alertmanager tells of them again.
 */
export class DownTargets {
  /** By workspace and alert; the oldest first. */
  readonly #down = new Map<string, DownTarget & { workspace: string }>()

  /** Learns from the alerts of one payload which targets are down, and which are back. */
  learn(workspace: string, alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      if (!saysDown(alert)) continue
      const key = `${workspace} ${alert.fingerprint}`
      this.#down.delete(key)
      if (alert.status === 'resolved') continue
      const { alertname = '', instance, job, cluster } = alert.labels
      this.#down.set(key, { workspace, alertname, instance, job, cluster })
      const oldest = this.#down.keys().next().value
      if (this.#down.size > MOST && oldest !== undefined) this.#down.delete(oldest)
    }
  }

  /** Name of the alert that says that this one's target is down. */
  behind(workspace: string, { labels, ...alert }: Alert): string | undefined {
    if (saysDown({ labels, ...alert })) return undefined
    for (const down of this.#down.values()) {
      if (down.workspace === workspace && isOf(down, labels)) return down.alertname
    }
    return undefined
  }

  erase(workspace: string): void {
    for (const [key, down] of this.#down) if (down.workspace === workspace) this.#down.delete(key)
  }
}

function isOf(down: DownTarget, labels: Alert['labels']): boolean {
  if (down.cluster !== undefined && labels.cluster !== undefined && down.cluster !== labels.cluster) return false
  if (down.instance !== undefined) {
    const isSameJob = down.job === undefined || labels.job === undefined || down.job === labels.job
    return down.instance === labels.instance && isSameJob
  }
  return down.job !== undefined && down.job === labels.job
}

function saysDown({ labels, generatorURL }: Alert): boolean {
  return NAMED_DOWN.test(labels.alertname ?? '') || ASKS_UP.test(queryOf(generatorURL))
}

function queryOf(generatorURL: string): string {
  const from = generatorURL.indexOf('?')
  return from === -1 ? '' : (new URLSearchParams(generatorURL.slice(from + 1)).get('g0.expr') ?? '')
}
