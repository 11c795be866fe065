import { lazy, Suspense, useMemo, useState } from 'react'
import type { StoredQuery } from '../../../shared/contract/prometheus.ts'
import { useConsole } from '../../stores/console.tsx'
import { useLoad } from '../../stores/use-load.ts'
import { classes } from '../../ui/classes.ts'
import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { CHART_HEIGHT, LINE_INKS } from './chart-look.ts'
import type { Line, Span } from './lines-chart.tsx'
import { seriesWords, valueWords } from './metric-words.ts'

const LinesChart = lazy(() => import('./lines-chart.tsx'))

/** Series that are drawn; of more a picture says nothing. */
const MOST_DRAWN = 6
const MOST_POINTS = 400
const HOUR_MS = 3_600_000

interface Kept {
  series: { labels: Record<string, string>; points: Line['points'] }[]
  span: Span
}

interface MetricChartProps {
  query: StoredQuery
  hours: number
  /** Another one: there is something new to be drawn. */
  version: string
}

/** What was kept of a query, as a picture, and its newest values as text. */
export function MetricChart({ query, hours, version }: MetricChartProps) {
  const { client } = useConsole()
  const [kept, setKept] = useState<Kept>()
  const { id, unit } = query
  const { problem } = useLoad({
    version: `${id} ${hours} ${version}`,
    load: async (signal): Promise<Kept> => {
      const untilMs = Date.now()
      const sinceMs = untilMs - hours * HOUR_MS
      const since = new Date(sinceMs).toISOString()
      const { series } = await client.prometheus.series({ id, since, max_points: MOST_POINTS }, { signal })
      return { series, span: [sinceMs / 1_000, untilMs / 1_000] }
    },
    keep: setKept,
  })
  const lines = useMemo(
    () =>
      (kept?.series ?? []).slice(0, MOST_DRAWN).map(({ labels, points }) => ({ name: seriesWords(labels), points })),
    [kept],
  )
  const format = useMemo(() => (value: number) => valueWords(value, unit), [unit])
  if (problem !== undefined) return <FieldError>{problem.message}</FieldError>
  if (kept === undefined) return <div style={{ height: CHART_HEIGHT }} />
  if (lines.length === 0) return <p className="py-4 text-muted">No values yet. The next poll keeps the first.</p>
  const more = kept.series.length - lines.length
  return (
    <>
      <div role="img" aria-label={`${query.name}, the last ${hours === 1 ? 'hour' : `${hours} hours`}`}>
        <Suspense fallback={<div style={{ height: CHART_HEIGHT }} />}>
          <LinesChart lines={lines} span={kept.span} format={format} />
        </Suspense>
      </div>
      <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-meta text-muted">
        {lines.map(({ name, points }, index) => {
          const last = points.findLast(([, value]) => value !== null)?.[1]
          return (
            <li key={name} className="wrap-anywhere">
              {lines.length > 1 && (
                <span
                  aria-hidden
                  className={classes(
                    'mr-1.5 inline-block h-0.5 w-3 bg-current align-middle',
                    LINE_INKS[index % LINE_INKS.length],
                  )}
                />
              )}
              <ForeignText>{name}</ForeignText>
              <span className="ml-1.5 text-ink tabular-nums">
                {last === undefined || last === null ? 'none' : format(last)}
              </span>
            </li>
          )
        })}
        {more > 0 && <li>and {more} more</li>}
      </ul>
    </>
  )
}
