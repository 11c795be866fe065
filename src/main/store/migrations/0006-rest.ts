import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * REST APIs beside MCP servers: what was the `mcp` settings is the connection of either protocol. Their tools and what these
 * were imported from are apart, because they are large and most changes leave them alone.
 */
export const rest: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(database)
  },
}

const statements = [
  sql`ALTER TABLE integrations ADD COLUMN protocol TEXT NOT NULL DEFAULT 'mcp' CHECK (protocol IN ('mcp', 'rest'))`,
  sql`ALTER TABLE integrations RENAME COLUMN mcp TO connection`,
  sql`CREATE TABLE rest_tools (
    integration_id TEXT PRIMARY KEY REFERENCES integrations (id) ON DELETE CASCADE,
    tools TEXT NOT NULL CHECK (json_valid(tools))
  ) STRICT`,
  sql`CREATE TABLE rest_sources (
    integration_id TEXT PRIMARY KEY REFERENCES integrations (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('file', 'url', 'text')),
    name TEXT,
    url TEXT,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    document BLOB NOT NULL,
    files BLOB
  ) STRICT`,
]
