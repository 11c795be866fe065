import type { SetupCheck } from '../../../shared/contract/setup.ts'
import type { SystemAccess, SystemAdapter } from '../system-adapter.ts'
import { prometheusTools } from './own-tools.ts'
import { PrometheusApi } from './prometheus-api.ts'
import { PrometheusProblem } from './prometheus-problem.ts'
import { settingsOf } from './prometheus-settings.ts'
import {
  checkAlerts,
  checkBuild,
  checkClusters,
  checkRuntime,
  checkSeverities,
  checkTargets,
  type Finding,
} from './verify-checks.ts'

interface Check {
  id: string
  label: string
  run: () => Promise<Finding> | Finding
  /** What does not work where the server lacks it. */
  without: string
}

/** Reads a Prometheus, or what has its API. What one of them lacks keeps it from nothing else, and is said. */
export const prometheusAdapter: SystemAdapter = {
  tools: prometheusTools,

  async *verify(access, signal) {
    const api = new PrometheusApi(access)
    const settings = settingsOf(access)
    const reach = {
      id: 'query',
      label: 'Answers a query',
      without: '',
      run: async () => {
        const { warnings } = await api.query('1', signal)
        const message = warnings.length === 0 ? 'It answers queries.' : `It answers, and warns: ${warnings.join(' ')}`
        return { state: warnings.length === 0 ? 'ok' : 'warning', message } as const
      },
    }
    for await (const check of done(reach, access, signal, true)) {
      yield check
      if (check.state === 'failed') return
    }
    const checks: Check[] = [
      {
        id: 'build',
        label: 'Version',
        run: () => checkBuild(api, signal),
        without: 'It does not say which version it is. Nothing depends on that.',
      },
      {
        id: 'runtime',
        label: 'Uptime and retention',
        run: () => checkRuntime(api, signal),
        without:
          'It does not say since when it runs and how long it keeps values. After its restart, alerts may count as over and as new.',
      },
      {
        id: 'targets',
        label: 'Targets',
        run: () => checkTargets(api, signal),
        without: 'It does not list targets: the tool targets does not work. Clusters are watched by the metric up.',
      },
      {
        id: 'clusters',
        label: 'Clusters',
        run: () => checkClusters(api, settings, signal),
        without: 'It does not answer the query for targets by cluster: clusters are not watched.',
      },
      {
        id: 'alerts',
        label: 'Alerts and rules',
        run: () => checkAlerts(api, settings, signal),
        without:
          'It has no alerts or rules: the tools alerts and rules do not work, and none becomes an incident from here. Let its Alertmanager tell Gatehouse.',
      },
      { id: 'severities', label: 'Severities', run: () => checkSeverities(access), without: '' },
    ]
    for (const check of checks) yield* done(check, access, signal, false)
  },
}

/** A check as it runs and as it ended. `isVital`: nothing works where it fails; of others it is a warning. */
async function* done(
  { id, label, run, without }: Check,
  access: SystemAccess,
  signal: AbortSignal,
  isVital: boolean,
): AsyncGenerator<SetupCheck, void> {
  const facts = { id, label, fix: null, field: null }
  yield { ...facts, state: 'running', message: '' }
  try {
    yield { ...facts, ...(await run()) }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof PrometheusProblem)) throw error
    const { kind, message, fix, field } = error
    const isMissing = kind === 'missing' || kind === 'wrong_path'
    if (isVital) yield { ...facts, state: 'failed', message: access.redact(message), fix, field }
    else if (isMissing) yield { ...facts, state: 'warning', message: without }
    else yield { ...facts, state: 'warning', message: access.redact(`${without} ${message}`.trim()), fix }
  }
}
