import { sql, type SqlBool } from 'kysely'
import type { CallFilter, CallOutcome, CallStats } from '../../shared/contract/calls.ts'
import type { Database } from './database.ts'

/** The tables of the call log. */
export interface CallLogSchema {
  calls: Omit<CallRow, 'recorded'> & { recorded: number }
  bodies: { call_id: number; request: string; response: string; truncated: number }
}

/** One call as it is kept; `at` is milliseconds since 1970. */
export interface CallRow {
  id: number
  workspace: string
  at: number
  agent: string | null
  integration: string | null
  tool: string
  era: 'modern' | 'legacy'
  upstream_era: 'modern' | 'legacy' | null
  duration_ms: number
  request_bytes: number
  response_bytes: number
  outcome: CallOutcome
  error_code: number | null
  error_message: string | null
  recorded: boolean
}

export interface CallBody {
  callId: number
  request: string
  response: string
  truncated: boolean
}

/** Calls of one tool, by the name that was called; `last_at` is milliseconds since 1970. */
export interface ToolCalls {
  tool: string
  count: number
  last_at: number
}

const MINUTE_MS = 60_000

export class CallsStore {
  readonly #database: Database<CallLogSchema>

  constructor(database: Database<CallLogSchema>) {
    this.#database = database
  }

  async lastId(): Promise<number> {
    const { last } = await this.#calls.select(sql<number | null>`max(id)`.as('last')).executeTakeFirstOrThrow()
    return last ?? 0
  }

  /** All of them or none: it is run on the thread that serves agents. */
  async insert(rows: readonly CallRow[], bodies: readonly CallBody[]): Promise<void> {
    await this.#database.insertRows({
      calls: rows.map((row) => [
        row.id,
        row.workspace,
        row.at,
        row.agent,
        row.integration,
        row.tool,
        row.era,
        row.upstream_era,
        row.duration_ms,
        row.request_bytes,
        row.response_bytes,
        row.outcome,
        row.error_code,
        row.error_message,
        row.recorded ? 1 : 0,
      ]),
      bodies: bodies.map(({ callId, request, response, truncated }) => [callId, request, response, truncated ? 1 : 0]),
    })
  }

  /** Newest first, at most `limit`, from before the call `before`. */
  async list(
    workspace: string,
    filter: CallFilter,
    { limit, before }: { limit: number; before?: number },
  ): Promise<CallRow[]> {
    const rows = await this.#matching(workspace, filter)
      .selectAll()
      .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map(toRow)
  }

  async count(workspace: string, filter: CallFilter): Promise<number> {
    const { total } = await this.#matching(workspace, filter)
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return total
  }

  async get(workspace: string, id: number): Promise<{ row: CallRow; body: CallBody | undefined } | undefined> {
    const found = await this.#calls
      .leftJoin('bodies', 'bodies.call_id', 'calls.id')
      .selectAll('calls')
      .select(['request', 'response', 'truncated'])
      .where('calls.id', '=', id)
      .where('workspace', '=', workspace)
      .executeTakeFirst()
    if (found === undefined) return undefined
    const { request, response, truncated, ...row } = found
    const body =
      request === null || response === null ? undefined : { callId: id, request, response, truncated: truncated === 1 }
    return { row: toRow(row), body }
  }

  /** The figures since `since`, which begins a minute. */
  async stats(workspace: string, since: number, integration: string | undefined): Promise<CallStats> {
    const failed = sql<number>`sum(outcome IN ('error', 'tool_error'))`
    const groups = await this.#since(workspace, since, integration)
      .select((select) => [
        // As text of the statement: a bound number is a REAL, and the division would not be one of integers.
        sql<number>`(at - ${sql.lit(since)}) / ${sql.lit(MINUTE_MS)}`.as('minute'),
        'agent',
        select.fn.countAll<number>().as('calls'),
        failed.as('errors'),
      ])
      .groupBy(['minute', 'agent'])
      .execute()
    const calls = sum(groups.map((group) => group.calls))
    const byAgent = new Map<string | null, number>()
    for (const group of groups) byAgent.set(group.agent, (byAgent.get(group.agent) ?? 0) + group.calls)
    return {
      minutes: Array.from({ length: 60 }, (_, minute) => {
        const ofMinute = groups.filter((group) => group.minute === minute)
        return {
          at: new Date(since + minute * MINUTE_MS).toISOString(),
          calls: sum(ofMinute.map((group) => group.calls)),
          errors: sum(ofMinute.map((group) => group.errors)),
        }
      }),
      calls,
      errors: sum(groups.map((group) => group.errors)),
      p50_ms: await this.#percentile(workspace, since, integration, calls, 0.5),
      p95_ms: await this.#percentile(workspace, since, integration, calls, 0.95),
      agents: [...byAgent].map(([agent, count]) => ({ agent, calls: count })).sort((a, b) => b.calls - a.calls),
    }
  }

  /** How often each tool of an integration was called since `since`, and when last. */
  async byTool(workspace: string, since: number, integration: string): Promise<ToolCalls[]> {
    return await this.#since(workspace, since, integration)
      .select((select) => ['tool', select.fn.countAll<number>().as('count'), select.fn.max<number>('at').as('last_at')])
      .groupBy('tool')
      .execute()
  }

  async clear(workspace: string): Promise<void> {
    await this.#database.kysely.deleteFrom('calls').where('workspace', '=', workspace).execute()
    await this.#database.forgetDeleted()
  }

  /** Deletes calls up to `callId` and those before `at`, and bodies up to `bodyId`. */
  async prune({ callId, at, bodyId }: { callId: number; at: number; bodyId: number }): Promise<void> {
    const { kysely } = this.#database
    await kysely
      .deleteFrom('calls')
      .where((where) => where.or([where('id', '<=', callId), where('at', '<', at)]))
      .execute()
    await kysely.deleteFrom('bodies').where('call_id', '<=', bodyId).execute()
  }

  get #calls() {
    return this.#database.kysely.selectFrom('calls')
  }

  #since(workspace: string, since: number, integration: string | undefined) {
    return this.#calls
      .where('workspace', '=', workspace)
      .where('at', '>=', since)
      .$if(integration !== undefined, (query) => query.where('integration', '=', integration ?? ''))
  }

  async #percentile(
    workspace: string,
    since: number,
    integration: string | undefined,
    calls: number,
    share: number,
  ): Promise<number | null> {
    const row = await this.#since(workspace, since, integration)
      .select('duration_ms')
      .orderBy('duration_ms')
      .offset(Math.max(0, Math.ceil(calls * share) - 1))
      .limit(1)
      .executeTakeFirst()
    return row?.duration_ms ?? null
  }

  #matching(workspace: string, { query = '', agent, integration, outcome, since, until }: CallFilter) {
    let matching = this.#calls.where('workspace', '=', workspace)
    if (agent !== undefined) matching = matching.where('agent', '=', agent)
    if (integration !== undefined) matching = matching.where('integration', '=', integration)
    if (outcome !== undefined) matching = matching.where('outcome', '=', outcome)
    if (since !== undefined) matching = matching.where('at', '>=', Date.parse(since))
    if (until !== undefined) matching = matching.where('at', '<=', Date.parse(until))
    for (const word of wordsOf(query)) {
      // `instr` and not LIKE: a word may hold % and _, and tool names are full of _.
      const text = sql`lower(concat_ws(' ', tool, integration, agent, error_message))`
      matching = matching.where(sql<SqlBool>`instr(${text}, ${word}) > 0`)
    }
    return matching
  }
}

/** The words of a search, in lower case. */
export function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
}

function toRow(row: CallLogSchema['calls']): CallRow {
  return { ...row, recorded: row.recorded === 1 }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
