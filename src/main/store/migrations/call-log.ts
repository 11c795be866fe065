import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The call log, which is a file of its own (docs/storage.md). */
const calls: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(database)
  },
}

const statements = [
  // The id grows with each call, so it is also the order of the log. `at` is milliseconds since 1970.
  sql`CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    at INTEGER NOT NULL,
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
    error_message TEXT,
    recorded INTEGER NOT NULL CHECK (recorded IN (0, 1))
  ) STRICT`,
  sql`CREATE INDEX calls_by_time ON calls (workspace, at)`,
  sql`CREATE TABLE bodies (
    call_id INTEGER PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
    request TEXT NOT NULL,
    response TEXT NOT NULL,
    truncated INTEGER NOT NULL CHECK (truncated IN (0, 1))
  ) STRICT`,
]

export const callLogMigrations: Record<string, Migration> = { '0001-calls': calls }
