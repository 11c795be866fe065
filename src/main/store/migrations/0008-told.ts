import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Nobody reads which severity a channel was told last: a notice tells of the one that the incident has. */
export const told: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`ALTER TABLE notified DROP COLUMN told_severity`.execute(database)
  },
}
