import type { Generated } from 'kysely'

/** The tables of the time series. Times are milliseconds since 1970. */
export interface SeriesSchema {
  series: {
    id: Generated<number>
    workspace: string
    query_id: string
    /** JSON, its names in order. */
    labels: string
    /** Of the oldest point. */
    first_at: number
    points: number
  }
  points: { series_id: number; at: number; value: number }
  /** What a poller has seen and told, as JSON. */
  watches: { workspace: string; state: string }
}
