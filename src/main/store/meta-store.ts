import type { Database } from './database.ts'

/** Facts about the whole installation, by key. docs/storage.md lists the keys. */
export class MetaStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async get(key: string): Promise<string | undefined> {
    const row = await this.#database.kysely.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
    return row?.value
  }

  /** Sets `key` if it still is what the caller saw (undefined: absent). False: another writer was first. */
  async replace(key: string, seen: string | undefined, value: string): Promise<boolean> {
    const { kysely } = this.#database
    if (seen === undefined) {
      const inserted = await kysely
        .insertInto('meta')
        .values({ key, value })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return inserted.numInsertedOrUpdatedRows === 1n
    }
    const updated = await kysely
      .updateTable('meta')
      .set({ value })
      .where('key', '=', key)
      .where('value', '=', seen)
      .executeTakeFirst()
    return updated.numUpdatedRows === 1n
  }
}
