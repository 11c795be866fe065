import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Workspaces, integrations with their sealed secrets and last known tools, agents. STRICT, so that a wrong type never gets in. */
export const core: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(database)
  },
}

const statements = [
  sql`CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE workspaces (
    name TEXT PRIMARY KEY,
    plan TEXT NOT NULL CHECK (plan IN ('free', 'pro', 'enterprise')),
    created_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE integrations (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    logo_url TEXT NOT NULL,
    category TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
    mcp TEXT NOT NULL CHECK (json_valid(mcp)),
    auth_type TEXT NOT NULL,
    auth_header_prefix TEXT NOT NULL,
    auth TEXT NOT NULL CHECK (json_valid(auth)),
    enabled_tools TEXT NOT NULL CHECK (json_valid(enabled_tools)),
    disabled_tools TEXT NOT NULL CHECK (json_valid(disabled_tools)),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (workspace, name)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE secrets (
    id TEXT PRIMARY KEY,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    key_id TEXT NOT NULL,
    nonce BLOB NOT NULL CHECK (length(nonce) = 12),
    ciphertext BLOB NOT NULL,
    UNIQUE (integration_id, field)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    name TEXT NOT NULL,
    token_sha256 BLOB NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
    created_at TEXT NOT NULL,
    last_seen_at TEXT,
    UNIQUE (workspace, name)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE tool_lists (
    integration_id TEXT PRIMARY KEY REFERENCES integrations (id) ON DELETE CASCADE,
    tools TEXT NOT NULL CHECK (json_valid(tools)),
    updated_at TEXT NOT NULL
  ) STRICT`,
  sql`INSERT INTO workspaces (name, plan, created_at)
    VALUES ('default', 'enterprise', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`,
]
