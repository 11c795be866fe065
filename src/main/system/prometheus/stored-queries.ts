import { AppError } from '../../base/app-error.ts'
import type { QueryRow } from '../../store/prometheus-queries-store.ts'
import type { Sample } from '../../store/series-store.ts'
import type { PrometheusApi } from './prometheus-api.ts'
import { PrometheusProblem } from './prometheus-problem.ts'

/** Series of one query that are kept; of more the first by their labels, so that it is the same ones each time. */
const MOST_SERIES = 50
const AT_A_TIME = 4

/** How the last evaluation of a query went. */
export interface Evaluation {
  error: string | null
  seriesCount: number
}

/** Made with the setup, so that there is something to be seen. */
export const DEFAULT_QUERIES: readonly Pick<QueryRow, 'name' | 'query' | 'unit'>[] = [
  { name: 'Targets up', query: 'sum by (job) (up)', unit: 'number' },
  { name: 'Alerts firing', query: 'sum(ALERTS{alertstate="firing"}) or vector(0)', unit: 'number' },
  { name: 'Scrape duration', query: 'max by (job) (scrape_duration_seconds)', unit: 'seconds' },
]

/**
 * Evaluates queries, a few at a time. One that is refused says so and keeps the others from nothing; where the server can
 * not be reached at all, or `signal` aborts, it rejects.
 */
export async function evaluateQueries(
  api: PrometheusApi,
  queries: readonly QueryRow[],
  signal: AbortSignal,
  take: (query: QueryRow, samples: Sample[], evaluation: Evaluation) => Promise<void>,
): Promise<void> {
  const waiting = [...queries]
  const work = async () => {
    for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
      const { samples, evaluation } = await evaluate(api, query, signal)
      await take(query, samples, evaluation)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, work))
  } finally {
    waiting.length = 0
  }
}

async function evaluate(
  api: PrometheusApi,
  { query }: QueryRow,
  signal: AbortSignal,
): Promise<{ samples: Sample[]; evaluation: Evaluation }> {
  try {
    const { data } = await api.query(query, signal)
    const kept = data.length > MOST_SERIES ? data.toSorted(byLabels).slice(0, MOST_SERIES) : data
    // A database has no NaN, and a chart no room for infinity: there was no value then.
    const samples = kept.filter(({ value }) => Number.isFinite(value))
    return { samples, evaluation: { error: null, seriesCount: data.length } }
  } catch (error) {
    if (!(error instanceof PrometheusProblem) || isGone(error)) throw error
    return { samples: [], evaluation: { error: error.message, seriesCount: 0 } }
  }
}

/** And not only this query too much for it: one that takes too long, or whose answer is too long, says nothing of others. */
function isGone({ kind, cause }: PrometheusProblem): boolean {
  const isOfQuery =
    cause instanceof AppError && (cause.code === 'upstream_timeout' || cause.code === 'upstream_invalid')
  return kind === 'unreachable' && !isOfQuery
}

function byLabels(a: Pick<Sample, 'labels'>, b: Pick<Sample, 'labels'>): number {
  const [one, other] = [a, b].map(({ labels }) => JSON.stringify(Object.entries(labels).sort()))
  return one === other ? 0 : (one ?? '') < (other ?? '') ? -1 : 1
}
