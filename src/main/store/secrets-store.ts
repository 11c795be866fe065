import type { Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import { insertChannelSecrets, insertSecrets, toChannelSealedRow, toSealedRow, type SealedRow } from './sealed-rows.ts'

/** All that the vault has sealed, whoever it belongs to. */
export class SecretsStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async countSealed(): Promise<number> {
    let count = 0
    for (const table of ['secrets', 'channel_secrets'] as const) {
      const row = await this.#database.kysely
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      count += row.count
    }
    return count
  }

  /**
   * Replaces every sealed row, also of what can still be brought back, and the record of their key in `meta`: all of it
   * or nothing. Undefined when that record is not what the caller saw.
   */
  async resealAll(
    reseal: (row: SealedRow & { workspace: string }) => SealedRow,
    key: { name: string; seen: string; value: string },
  ): Promise<SealedRow[] | undefined> {
    const resealed = await this.#database.kysely.transaction().execute(async (transaction) => {
      const changed = await transaction
        .updateTable('meta')
        .set({ value: key.value })
        .where('key', '=', key.name)
        .where('value', '=', key.seen)
        .executeTakeFirst()
      if (changed.numUpdatedRows !== 1n) return undefined
      const [ofIntegrations, ofChannels] = [await integrationRows(transaction), await channelRows(transaction)]
      await eraseAll(transaction)
      const rows = ofIntegrations.map(reseal)
      const channelSecrets = ofChannels.map(reseal)
      await insertSecrets(transaction, rows)
      await insertChannelSecrets(transaction, channelSecrets)
      return [...rows, ...channelSecrets]
    })
    await this.#database.forgetDeleted()
    return resealed
  }

  /** Deletes every secret and the record of their key. */
  async eraseSecrets(keyName: string): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      await eraseAll(transaction)
      await transaction.deleteFrom('meta').where('key', '=', keyName).execute()
    })
    await this.#database.forgetDeleted()
  }
}

type OwnedRow = SealedRow & { workspace: string }

async function integrationRows(transaction: Transaction<Schema>): Promise<OwnedRow[]> {
  const rows = await transaction
    .selectFrom('secrets')
    .innerJoin('integrations', 'integrations.id', 'secrets.integration_id')
    .selectAll('secrets')
    .select('workspace')
    .execute()
  return rows.map(({ workspace, ...row }) => ({ ...toSealedRow(row), workspace }))
}

async function channelRows(transaction: Transaction<Schema>): Promise<OwnedRow[]> {
  const rows = await transaction
    .selectFrom('channel_secrets')
    .innerJoin('channels', 'channels.id', 'channel_secrets.channel_id')
    .selectAll('channel_secrets')
    .select('workspace')
    .execute()
  return rows.map(({ workspace, ...row }) => ({ ...toChannelSealedRow(row), workspace }))
}

async function eraseAll(transaction: Transaction<Schema>): Promise<void> {
  await transaction.deleteFrom('secrets').execute()
  await transaction.deleteFrom('channel_secrets').execute()
}
