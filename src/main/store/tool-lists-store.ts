import type { Database } from './database.ts'

/** The last known tools of each integration, as its server described them: agents see them before it is connected. */
export class ToolListsStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** JSON array text by integration id. */
  async listAll(): Promise<Map<string, string>> {
    const rows = await this.#database.kysely.selectFrom('tool_lists').select(['integration_id', 'tools']).execute()
    return new Map(rows.map((row) => [row.integration_id, row.tools]))
  }

  /** Does nothing when the integration was deleted meanwhile. */
  async set(integrationId: string, tools: string): Promise<void> {
    const row = { tools, updated_at: new Date().toISOString() }
    await this.#database.kysely
      .insertInto('tool_lists')
      .columns(['integration_id', 'tools', 'updated_at'])
      .expression((build) =>
        build
          .selectFrom('integrations')
          .select((select) => ['id', select.val(row.tools).as('tools'), select.val(row.updated_at).as('updated_at')])
          .where('id', '=', integrationId),
      )
      .onConflict((conflict) => conflict.column('integration_id').doUpdateSet(row))
      .execute()
  }
}
