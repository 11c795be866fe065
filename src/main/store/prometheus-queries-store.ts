import type { StoredQuery } from '../../shared/contract/prometheus.ts'
import type { Database } from './database.ts'

/** A query as it is stored: how its last evaluation went is known to the poller only. */
export type QueryRow = Omit<StoredQuery, 'error' | 'series_count'>

export class PrometheusQueriesStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Oldest first. */
  async list(workspace: string): Promise<QueryRow[]> {
    const rows = await this.#table
      .select(['id', 'name', 'query', 'unit', 'created_at'])
      .where('workspace', '=', workspace)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => ({ ...row, unit: row.unit as QueryRow['unit'] }))
  }

  async insert(workspace: string, query: QueryRow): Promise<void> {
    await this.#database.kysely
      .insertInto('prometheus_queries')
      .values({ workspace, ...query })
      .execute()
  }

  async update({ id, name, query, unit }: QueryRow): Promise<void> {
    await this.#database.kysely
      .updateTable('prometheus_queries')
      .set({ name, query, unit })
      .where('id', '=', id)
      .execute()
  }

  async delete(id: string): Promise<void> {
    await this.#database.kysely.deleteFrom('prometheus_queries').where('id', '=', id).execute()
  }

  async deleteAll(workspace: string): Promise<void> {
    await this.#database.kysely.deleteFrom('prometheus_queries').where('workspace', '=', workspace).execute()
  }

  get #table() {
    return this.#database.kysely.selectFrom('prometheus_queries')
  }
}
