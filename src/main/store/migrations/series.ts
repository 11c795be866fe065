import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The time series, which are a file of their own (docs/storage.md). */
const series: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(database)
  },
}

const statements = [
  // How many points there are, and from when on, is kept here: counting millions of rows would hold up whoever waits.
  sql`CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    query_id TEXT NOT NULL,
    labels TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    points INTEGER NOT NULL,
    UNIQUE (query_id, labels)
  ) STRICT`,
  sql`CREATE TABLE points (
    series_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (series_id, at)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE watches (workspace TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID`,
]

export const seriesMigrations: Record<string, Migration> = { '0001-series': series }
