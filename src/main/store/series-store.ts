import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { SeriesSchema } from './series-schema.ts'

export type SeriesLabels = Readonly<Record<string, string>>

/** One value of one series; `at` is milliseconds since 1970. */
export interface Sample {
  labels: SeriesLabels
  at: number
  value: number
}

export interface DownsampledSeries {
  labels: SeriesLabels
  /** Begin of the step in milliseconds since 1970, and the highest value in it. */
  points: [at: number, value: number][]
}

/** Rows that one statement deletes: between two of them the thread serves agents. */
const BATCH = 5_000

/**
 * Values of queries over time. What is written, read or deleted in one go is small, because it runs on the thread that
 * serves agents.
 */
export class SeriesStore {
  readonly #database: Database<SeriesSchema>

  constructor(database: Database<SeriesSchema>) {
    this.#database = database
  }

  /** Adds the samples of one evaluation, all of them or none, and gives how many are new: of two at one time the first stays. */
  async add(workspace: string, queryId: string, samples: readonly Sample[]): Promise<number> {
    const rows = JSON.stringify(samples.map(({ labels, at, value }) => [labelsText(labels), at, value]))
    const column = (index: number) => sql`value ->> ${sql.lit(index)}`
    return await this.#kysely.transaction().execute(async (transaction) => {
      await sql`INSERT INTO series (workspace, query_id, labels, first_at, points)
        SELECT ${workspace}, ${queryId}, ${column(0)}, ${column(1)}, 0 FROM json_each(${rows}) WHERE true
        ON CONFLICT DO NOTHING`.execute(transaction)
      const added = await sql<{ series_id: number; at: number }>`INSERT OR IGNORE INTO points (series_id, at, value)
        SELECT series.id, ${column(1)}, ${column(2)} FROM json_each(${rows})
        JOIN series ON series.query_id = ${queryId} AND series.labels = ${column(0)}
        RETURNING series_id, at`.execute(transaction)
      const news = JSON.stringify(added.rows.map(({ series_id, at }) => [series_id, at]))
      await sql`UPDATE series SET points = series.points + news.points, first_at = min(series.first_at, news.first_at)
        FROM (SELECT ${column(0)} AS id, count(*) AS points, min(${column(1)}) AS first_at
          FROM json_each(${news}) GROUP BY 1) AS news
        WHERE series.id = news.id`.execute(transaction)
      return added.rows.length
    })
  }

  /** The series of a query from `since` on and before `until`, each step by its highest value; one after the other, so that nobody waits long. */
  async *read(
    queryId: string,
    { since, until, stepMs }: { since: number; until: number; stepMs: number },
  ): AsyncGenerator<DownsampledSeries, void> {
    const found = await this.#kysely
      .selectFrom('series')
      .select(['id', 'labels'])
      .where('query_id', '=', queryId)
      .where('first_at', '<', until)
      .orderBy('labels')
      .execute()
    // As text of the statement: a bound number is a REAL, and the division would not be one of integers.
    const step = sql`at / ${sql.lit(stepMs)}`
    for (const { id, labels } of found) {
      const { rows } = await sql<{
        step: number
        value: number
      }>`SELECT ${step} AS step, max(value) AS value FROM points
        WHERE series_id = ${id} AND at >= ${since} AND at < ${until} GROUP BY 1 ORDER BY 1`.execute(this.#kysely)
      if (rows.length === 0) continue
      const points = rows.map(({ step: number, value }): [number, number] => [number * stepMs, value])
      yield { labels: JSON.parse(labels) as SeriesLabels, points }
      await nextTurn()
    }
  }

  /** Points that are kept, of one workspace or of all. */
  async count(workspace?: string): Promise<number> {
    const { points } = await this.#kysely
      .selectFrom('series')
      .select((select) => select.fn.sum<number | null>('points').as('points'))
      .$if(workspace !== undefined, (query) => query.where('workspace', '=', workspace ?? ''))
      .executeTakeFirstOrThrow()
    return points ?? 0
  }

  async forgetQuery(queryId: string): Promise<void> {
    const found = await this.#kysely.selectFrom('series').select('id').where('query_id', '=', queryId).execute()
    for (const { id } of found) await this.#dropUntil(id, Infinity)
  }

  async forgetWorkspace(workspace: string): Promise<void> {
    const found = await this.#kysely.selectFrom('series').select('id').where('workspace', '=', workspace).execute()
    for (const { id } of found) await this.#dropUntil(id, Infinity)
    await this.#kysely.deleteFrom('watches').where('workspace', '=', workspace).execute()
  }

  /** Deletes what a workspace has from before `before`. */
  async expire(workspace: string, before: number): Promise<void> {
    const found = await this.#kysely
      .selectFrom('series')
      .select('id')
      .where('workspace', '=', workspace)
      .where('first_at', '<', before)
      .execute()
    for (const { id } of found) await this.#dropUntil(id, before)
  }

  /** Deletes the oldest points of all until there are no more than `most`. */
  async limit(most: number): Promise<void> {
    let excess = (await this.count()) - most
    while (excess > 0) {
      const oldest = await this.#kysely.selectFrom('series').select('id').orderBy('first_at').executeTakeFirst()
      if (oldest === undefined) return
      excess -= await this.#dropSome(oldest.id, Infinity, Math.min(excess, BATCH))
      await nextTurn()
    }
  }

  /** What a poller has seen and told, or undefined. */
  async watch(workspace: string): Promise<unknown> {
    const row = await this.#kysely
      .selectFrom('watches')
      .select('state')
      .where('workspace', '=', workspace)
      .executeTakeFirst()
    return row === undefined ? undefined : (JSON.parse(row.state) as unknown)
  }

  async setWatch(workspace: string, watch: unknown): Promise<void> {
    const state = JSON.stringify(watch)
    await this.#kysely
      .insertInto('watches')
      .values({ workspace, state })
      .onConflict((conflict) => conflict.column('workspace').doUpdateSet({ state }))
      .execute()
  }

  get #kysely() {
    return this.#database.kysely
  }

  async #dropUntil(id: number, before: number): Promise<void> {
    while ((await this.#dropSome(id, before, BATCH)) === BATCH) await nextTurn()
  }

  /** Deletes at most `most` of the oldest points from before `before`, and the series with its last one. Gives how many. */
  async #dropSome(id: number, before: number, most: number): Promise<number> {
    return await this.#kysely.transaction().execute(async (transaction) => {
      const points = () => transaction.selectFrom('points').where('series_id', '=', id).orderBy('at')
      const stays = await points().select('at').offset(most).limit(1).executeTakeFirst()
      const end = Math.min(before, stays?.at ?? Infinity)
      const { numDeletedRows } = await transaction
        .deleteFrom('points')
        .where('series_id', '=', id)
        .where('at', '<', end)
        .executeTakeFirstOrThrow()
      const first = await points().select('at').limit(1).executeTakeFirst()
      if (first === undefined) await transaction.deleteFrom('series').where('id', '=', id).execute()
      else {
        await transaction
          .updateTable('series')
          .set((set) => ({ first_at: first.at, points: set('points', '-', Number(numDeletedRows)) }))
          .where('id', '=', id)
          .execute()
      }
      return Number(numDeletedRows)
    })
  }
}

/** The same labels are the same text, in whatever order they came. */
function labelsText(labels: SeriesLabels): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))))
}
