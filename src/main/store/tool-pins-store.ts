import type { Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** What was approved of one tool; see ToolPins. */
interface StoredPin {
  sha256: string
  text: string
  isNew: boolean
}

type Pins = Iterable<readonly [name: string, pin: StoredPin]>

/** Rows of one statement: SQLite takes 32,766 values in one. */
const ROWS_AT_ONCE = 500

/** The approved tools of each integration. They go with it. */
export class ToolPinsStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Those of one integration, by name. */
  async of(integrationId: string): Promise<[name: string, pin: StoredPin][]> {
    const rows = await this.#database.kysely
      .selectFrom('tool_pins')
      .select(['name', 'sha256', 'definition', 'is_new'])
      .where('integration_id', '=', integrationId)
      .execute()
    return rows.map(({ name, sha256, definition, is_new }) => [name, { sha256, text: definition, isNew: is_new === 1 }])
  }

  /** These tools are approved as well. */
  async add(integrationId: string, pins: Pins): Promise<void> {
    await this.#write(integrationId, async (transaction) => insertPins(transaction, integrationId, pins))
  }

  /** Exactly these tools are approved. */
  async replace(integrationId: string, pins: Pins): Promise<void> {
    await this.#write(integrationId, async (transaction) => {
      await transaction.deleteFrom('tool_pins').where('integration_id', '=', integrationId).execute()
      await insertPins(transaction, integrationId, pins)
    })
  }

  /** Does nothing when the integration was deleted meanwhile. */
  async #write(integrationId: string, work: (transaction: Transaction<Schema>) => Promise<void>): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      const exists = await transaction
        .selectFrom('integrations')
        .select('id')
        .where('id', '=', integrationId)
        .executeTakeFirst()
      if (exists !== undefined) await work(transaction)
    })
  }
}

async function insertPins(transaction: Transaction<Schema>, integrationId: string, pins: Pins): Promise<void> {
  const approved_at = new Date().toISOString()
  const rows = Array.from(pins, ([name, { sha256, text, isNew }]) => {
    return { integration_id: integrationId, name, sha256, definition: text, is_new: isNew ? 1 : 0, approved_at }
  })
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await transaction
      .insertInto('tool_pins')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .onConflict((conflict) =>
        conflict.columns(['integration_id', 'name']).doUpdateSet((row) => ({
          sha256: row.ref('excluded.sha256'),
          definition: row.ref('excluded.definition'),
          is_new: row.ref('excluded.is_new'),
          approved_at: row.ref('excluded.approved_at'),
        })),
      )
      .execute()
  }
}
