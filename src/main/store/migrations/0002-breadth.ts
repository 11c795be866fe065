import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Profiles of agents, the audit, and integrations that are deleted but can still be brought back. */
export const breadth: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(database)
  },
}

const statements = [
  sql`CREATE TABLE profiles (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    name TEXT NOT NULL,
    integrations TEXT CHECK (integrations IS NULL OR json_valid(integrations)),
    enabled_tools TEXT NOT NULL CHECK (json_valid(enabled_tools)),
    disabled_tools TEXT NOT NULL CHECK (json_valid(disabled_tools)),
    created_at TEXT NOT NULL,
    UNIQUE (workspace, name)
  ) STRICT, WITHOUT ROWID`,
  sql`ALTER TABLE agents ADD COLUMN profile_id TEXT REFERENCES profiles (id)`,
  sql`ALTER TABLE agents ADD COLUMN discovery_mode TEXT CHECK (discovery_mode IN ('full', 'lazy'))`,
  sql`ALTER TABLE integrations ADD COLUMN deleted_at TEXT`,
  // Not foreign keys: a record outlives what it names.
  sql`CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT,
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    outcome TEXT NOT NULL
  ) STRICT`,
  sql`CREATE INDEX audit_by_workspace ON audit (workspace, id)`,
]
