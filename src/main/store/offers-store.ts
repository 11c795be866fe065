import type { Database } from './database.ts'

/** What a server offers, as it is stored: JSON text, but for the instructions. */
export interface StoredOffer {
  capabilities: string
  /** As the server wrote them. */
  instructions: string | null
  tools: string
  prompts: string
  resources: string
  templates: string
}

/** The last known offer of each integration, as its server described it: agents see it before it is connected. */
export class OffersStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** By integration id. */
  async listAll(): Promise<Map<string, StoredOffer>> {
    const rows = await this.#database.kysely.selectFrom('offers').selectAll().execute()
    return new Map(rows.map(({ integration_id: id, updated_at: _, ...offer }) => [id, offer]))
  }

  /** Replaces what is given; lists may be large. Does nothing when the integration was deleted meanwhile. */
  async set(integrationId: string, changes: Partial<StoredOffer>): Promise<void> {
    const row = { ...emptyStoredOffer, ...changes, updated_at: new Date().toISOString() }
    const columns = Object.keys(row) as (keyof typeof row)[]
    await this.#database.kysely
      .insertInto('offers')
      .columns(['integration_id', ...columns])
      .expression((build) =>
        build
          .selectFrom('integrations')
          .select((select) => ['id', ...columns.map((column) => select.val(row[column]).as(column))])
          .where('id', '=', integrationId),
      )
      .onConflict((conflict) =>
        conflict.column('integration_id').doUpdateSet({ ...changes, updated_at: row.updated_at }),
      )
      .execute()
  }
}

const emptyStoredOffer: StoredOffer = {
  capabilities: '{}',
  instructions: null,
  tools: '[]',
  prompts: '[]',
  resources: '[]',
  templates: '[]',
}
