import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Beside its tools, everything else that a server offers. */
export const offers: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(database)
  },
}

const statements = [
  sql`ALTER TABLE tool_lists RENAME TO offers`,
  sql`ALTER TABLE offers ADD COLUMN prompts TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(prompts))`,
  sql`ALTER TABLE offers ADD COLUMN resources TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(resources))`,
  sql`ALTER TABLE offers ADD COLUMN templates TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(templates))`,
  sql`ALTER TABLE offers ADD COLUMN capabilities TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(capabilities))`,
  sql`ALTER TABLE offers ADD COLUMN instructions TEXT`,
]
