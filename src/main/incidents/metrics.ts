import type { CallTap, FinishedCall } from '../records/finished-call.ts'
import type { IncidentsStore } from '../store/incidents-store.ts'

interface MetricsOptions {
  version: string
  workspaces: () => readonly string[]
  store: Pick<IncidentsStore, 'activeBySeverity'>
  /** `connection.state` of each integration that is not a system one that was never set up. */
  integrationStates: (workspace: string) => readonly string[]
  /** Deliveries by their state. */
  deliveries: (workspace: string) => Promise<Readonly<Record<string, number>>>
  calls: CallTotals
}

/** Counts calls by how they ended, since the start: what a counter in Prometheus is. */
export class CallTotals implements CallTap {
  readonly #next: CallTap
  readonly #byWorkspace = new Map<string, Map<string, number>>()

  constructor(next: CallTap) {
    this.#next = next
  }

  record(call: FinishedCall): void {
    const { workspace, outcome } = call
    let totals = this.#byWorkspace.get(workspace)
    if (totals === undefined) this.#byWorkspace.set(workspace, (totals = new Map<string, number>()))
    totals.set(outcome, (totals.get(outcome) ?? 0) + 1)
    this.#next.record(call)
  }

  of(workspace: string): ReadonlyMap<string, number> {
    return this.#byWorkspace.get(workspace) ?? new Map<string, number>()
  }

  erase(workspace: string): void {
    this.#byWorkspace.delete(workspace)
  }
}

interface Metric {
  name: string
  type: 'gauge' | 'counter'
  help: string
  samples: { labels: Record<string, string>; value: number }[]
}

/** What a Prometheus reads from `/metrics` (text format 0.0.4), of one workspace or of all. */
export async function metricsText(options: MetricsOptions, only: string | undefined): Promise<string> {
  const { version, workspaces, store, integrationStates, deliveries, calls } = options
  const incidents: Metric['samples'] = []
  const delivered: Metric['samples'] = []
  const called: Metric['samples'] = []
  const integrations: Metric['samples'] = []
  for (const workspace of only === undefined ? workspaces() : [only]) {
    for (const { status, severity, total } of await store.activeBySeverity(workspace)) {
      incidents.push({ labels: { workspace, status, severity }, value: total })
    }
    for (const [state, value] of Object.entries(await deliveries(workspace))) {
      delivered.push({ labels: { workspace, state }, value })
    }
    for (const [outcome, value] of calls.of(workspace)) called.push({ labels: { workspace, outcome }, value })
    for (const [state, value] of counted(integrationStates(workspace))) {
      integrations.push({ labels: { workspace, state }, value })
    }
  }
  const metrics: Metric[] = [
    { name: 'up', type: 'gauge', help: 'The gateway answers.', samples: [{ labels: {}, value: 1 }] },
    { name: 'build_info', type: 'gauge', help: 'Its version.', samples: [{ labels: { version }, value: 1 }] },
    { name: 'incidents', type: 'gauge', help: 'Incidents that are not resolved.', samples: incidents },
    { name: 'deliveries', type: 'gauge', help: 'Deliveries in the log, by state.', samples: delivered },
    { name: 'calls_total', type: 'counter', help: 'Tool calls since the start, by outcome.', samples: called },
    {
      name: 'integrations',
      type: 'gauge',
      help: 'Integrations by the state of their connection.',
      samples: integrations,
    },
  ]
  return metrics.map(textOf).join('')
}

function textOf({ name, type, help, samples }: Metric): string {
  const full = `gatehouse_${name}`
  const lines = samples.map(({ labels, value }) => `${full}${labelText(labels)} ${value}\n`)
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
