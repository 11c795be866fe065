import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The name of an integration's logo among the stored ones, once it is fetched. */
export const logos: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`ALTER TABLE integrations ADD COLUMN logo TEXT`.execute(database)
  },
}
