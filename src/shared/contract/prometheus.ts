import { z } from 'zod'
import { ById, operation, page } from './operation.ts'

const fields = {
  name: z.string().trim().min(1, 'Enter a name.').max(80),
  /** PromQL, evaluated at each scrape. */
  query: z.string().trim().min(1, 'Enter a query.').max(5_000),
  /** How values are shown. */
  unit: z.enum(['number', 'percent', 'ratio', 'bytes', 'seconds', 'per_second']),
}

/** A query whose values are kept and drawn. */
export const StoredQuery = z.object({
  id: z.string(),
  ...fields,
  /** Of the last evaluation; null: it went well, or there was none yet. */
  error: z.string().nullable(),
  /** Series of the last evaluation; more than 50 are cut. */
  series_count: z.int().nonnegative(),
  created_at: z.iso.datetime(),
})
export type StoredQuery = z.infer<typeof StoredQuery>

export const NewQuery = z.strictObject({ ...fields, unit: fields.unit.default('number') })
export type NewQuery = z.output<typeof NewQuery>
export const QueryChanges = z.strictObject(fields).partial()
export type QueryChanges = z.output<typeof QueryChanges>

export const PrometheusStatus = z.object({
  state: z.enum(['not_set_up', 'disabled', 'waiting', 'ok', 'failing']),
  last_poll_at: z.iso.datetime().nullable(),
  next_poll_at: z.iso.datetime().nullable(),
  last_duration_ms: z.number().nonnegative().nullable(),
  error: z.string().nullable(),
  firing_alerts: z.int().nonnegative(),
  /** Values of the cluster label with `up` targets, and those that went away. */
  clusters: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['connected', 'disconnected']),
      targets_up: z.int(),
      targets: z.int(),
      since: z.iso.datetime(),
    }),
  ),
  /** Bytes and points that are kept. */
  kept_points: z.int().nonnegative(),
  retention_days: z.int().positive(),
})
export type PrometheusStatus = z.infer<typeof PrometheusStatus>

export const prometheus = {
  status: operation
    .route({ method: 'GET', path: '/prometheus/status', summary: 'How polling goes' })
    .output(PrometheusStatus),
  poll: operation.route({ method: 'POST', path: '/prometheus/poll', summary: 'Poll now' }).output(PrometheusStatus),
  queries: operation
    .route({ method: 'GET', path: '/prometheus/queries', summary: 'The queries whose values are kept' })
    .output(page(StoredQuery)),
  create_query: operation
    .route({
      method: 'POST',
      path: '/prometheus/queries',
      successStatus: 201,
      summary: 'Keep the values of a query; at most 30',
    })
    .input(NewQuery)
    .output(StoredQuery),
  update_query: operation
    .route({
      method: 'PATCH',
      path: '/prometheus/queries/{id}',
      summary: 'Change a query; another query begins with no values',
    })
    .input(QueryChanges.extend({ id: z.string() }))
    .output(StoredQuery),
  remove_query: operation
    .route({
      method: 'DELETE',
      path: '/prometheus/queries/{id}',
      successStatus: 204,
      summary: 'Forget a query and its values',
    })
    .input(ById)
    .output(z.void()),
  series: operation
    .route({ method: 'GET', path: '/prometheus/queries/{id}/series', summary: 'What was kept of a query' })
    .input(
      ById.extend({
        since: z.iso.datetime(),
        until: z.iso.datetime().optional(),
        /** Of each series; of more, each step keeps its highest. */
        max_points: z.coerce.number().int().min(10).max(2_000).default(500),
      }),
    )
    .output(
      z.object({
        step_s: z.number().positive(),
        series: z.array(
          z.object({
            labels: z.record(z.string(), z.string()),
            /** Seconds since 1970 and value; null: there was none. */
            points: z.array(z.tuple([z.number(), z.number().nullable()])),
          }),
        ),
      }),
    ),
}
