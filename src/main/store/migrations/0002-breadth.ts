import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Profiles of agents, the call log, the audit, and integrations that are deleted but can still be brought back. */
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
  // The id grows with each call, so it is also the order of the log. Not foreign keys: a record outlives what it names.
  sql`CREATE TABLE calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace TEXT NOT NULL,
    at TEXT NOT NULL,
    agent TEXT,
    integration TEXT,
    tool TEXT NOT NULL,
    era TEXT NOT NULL,
    upstream_era TEXT,
    duration_ms REAL NOT NULL,
    request_bytes INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    error_code INTEGER,
    error_message TEXT
  ) STRICT`,
  sql`CREATE INDEX calls_by_workspace ON calls (workspace, id)`,
  sql`CREATE INDEX calls_by_time ON calls (at)`,
  sql`CREATE TABLE call_bodies (
    call_id INTEGER PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
    request TEXT NOT NULL,
    response TEXT NOT NULL,
    truncated INTEGER NOT NULL CHECK (truncated IN (0, 1))
  ) STRICT`,
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
