import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { operation, page } from './operation.ts'

/** How a call ended: `ok`; the tool itself said it failed (`isError`); or there was a JSON-RPC error, or no answer. */
export const CallOutcome = z.enum(['ok', 'tool_error', 'error', 'cancelled'])
export type CallOutcome = z.infer<typeof CallOutcome>

/** One tool call that went through the gateway. */
export const Call = z.object({
  /** Sorts by time: later calls have greater ids. */
  id: z.string(),
  at: z.iso.datetime(),
  /** The agent's name at that time; null for the console and the command line. */
  agent: z.string().nullable(),
  /** Null where no integration has such a tool. */
  integration: z.string().nullable(),
  /** The name that was called: the gateway's, or the tool's own on `/mcp/<slug>`. */
  tool: z.string(),
  /** Which eras the two sides speak; `upstream_era` is null when the call did not get there. */
  era: z.enum(['modern', 'legacy']),
  upstream_era: z.enum(['modern', 'legacy']).nullable(),
  duration_ms: z.number().nonnegative(),
  request_bytes: z.int().nonnegative(),
  response_bytes: z.int().nonnegative(),
  outcome: CallOutcome,
  /** JSON-RPC code and message; null unless `outcome` is `error`. */
  error: z.object({ code: z.number(), message: z.string() }).nullable(),
  /** Whether arguments and result were recorded (`record_bodies`). */
  recorded: z.boolean(),
})
export type Call = z.infer<typeof Call>

/** A call with what was recorded of it. Secrets are masked; `truncated` says that a long text was cut. */
export const CallDetail = Call.extend({
  request: z.string().nullable(),
  response: z.string().nullable(),
  truncated: z.boolean(),
})
export type CallDetail = z.infer<typeof CallDetail>

export const CallFilter = z.strictObject({
  /** Words that must all stand in tool, integration, agent or error. */
  query: z.string().max(500).optional(),
  agent: z.string().optional(),
  integration: z.string().optional(),
  outcome: CallOutcome.optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
})
export type CallFilter = z.infer<typeof CallFilter>

/** The last hour in figures. */
export const CallStats = z.object({
  /** Calls and failures of each of the last 60 minutes, oldest first. */
  minutes: z.array(z.object({ at: z.iso.datetime(), calls: z.int(), errors: z.int() })),
  calls: z.int().nonnegative(),
  errors: z.int().nonnegative(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  /** Names of the agents that called, most calls first. */
  agents: z.array(z.object({ agent: z.string().nullable(), calls: z.int() })),
})
export type CallStats = z.infer<typeof CallStats>

export const calls = {
  list: operation
    .route({ method: 'GET', path: '/calls', summary: 'The call log, newest first' })
    .input(
      CallFilter.extend({
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        /** `next_cursor` of the page before; or the id of a call, for those older than it. */
        cursor: z.string().optional(),
      }),
    )
    .output(page(Call).extend({ total: z.int().nonnegative() })),
  get: operation
    .route({ method: 'GET', path: '/calls/{id}', summary: 'One call with its recorded request and answer' })
    .input(z.strictObject({ id: z.string() }))
    .output(CallDetail),
  follow: operation
    .route({
      method: 'GET',
      path: '/calls/stream',
      summary: 'Server-sent events of calls as they end, in batches at most four times a second',
    })
    .input(CallFilter.omit({ since: true, until: true }))
    .output(eventIterator(z.array(Call))),
  stats: operation
    .route({ method: 'GET', path: '/calls/stats', summary: 'The last hour in figures' })
    .input(z.strictObject({ integration: z.string().optional() }))
    .output(CallStats),
  clear: operation
    .route({ method: 'DELETE', path: '/calls', successStatus: 204, summary: 'Empty the call log of the workspace' })
    .output(z.void()),
}
