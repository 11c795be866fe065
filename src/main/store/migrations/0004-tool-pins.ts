import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What was approved of each tool, and what is to happen when a server changes one. */
export const toolPins: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(database)
  },
}

const statements = [
  sql`ALTER TABLE integrations ADD COLUMN on_definition_change TEXT NOT NULL DEFAULT 'hold'
    CHECK (on_definition_change IN ('hold', 'notify', 'allow'))`,
  sql`CREATE TABLE tool_pins (
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    definition TEXT NOT NULL,
    is_new INTEGER NOT NULL CHECK (is_new IN (0, 1)),
    approved_at TEXT NOT NULL,
    PRIMARY KEY (integration_id, name)
  ) STRICT`,
]
