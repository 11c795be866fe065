import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** System integrations that are set up, incidents, and what is told of them where. */
export const incidents: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(database)
  },
}

const severity = sql`('critical', 'high', 'medium', 'low', 'info')`

const statements = [
  // Of a system integration: by which way and with which values it was set up. NULL: it is a custom one.
  sql`ALTER TABLE integrations ADD COLUMN system TEXT CHECK (system IS NULL OR json_valid(system))`,
  sql`CREATE TABLE channels (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    kind TEXT NOT NULL CHECK (kind IN ('slack', 'pagerduty', 'webhook', 'email')),
    name TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    min_severity TEXT NOT NULL CHECK (min_severity IN ${severity}),
    muted_until TEXT,
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    health TEXT NOT NULL CHECK (json_valid(health)),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (workspace, name)
  ) STRICT`,
  sql`CREATE TABLE channel_secrets (
    id TEXT PRIMARY KEY,
    channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    key_id TEXT NOT NULL,
    nonce BLOB NOT NULL,
    ciphertext BLOB NOT NULL,
    UNIQUE (channel_id, field)
  ) STRICT`,
  sql`CREATE TABLE rules (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    name TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    preset TEXT,
    condition TEXT NOT NULL CHECK (json_valid(condition)),
    channels TEXT NOT NULL CHECK (json_valid(channels)),
    grouping TEXT NOT NULL CHECK (json_valid(grouping)),
    quiet TEXT CHECK (quiet IS NULL OR json_valid(quiet)),
    muted_until TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT`,
  sql`CREATE UNIQUE INDEX rules_preset ON rules (workspace, preset) WHERE preset IS NOT NULL`,
  sql`CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    number INTEGER NOT NULL,
    type TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ${severity}),
    highest_severity TEXT NOT NULL CHECK (highest_severity IN ${severity}),
    status TEXT NOT NULL CHECK (status IN ('open', 'acknowledged', 'resolved')),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    source TEXT NOT NULL,
    service TEXT NOT NULL,
    labels TEXT NOT NULL CHECK (json_valid(labels)),
    dedupe_key TEXT NOT NULL,
    links TEXT NOT NULL CHECK (json_valid(links)),
    rca TEXT,
    opened_at TEXT NOT NULL,
    acknowledged_at TEXT,
    acknowledged_by TEXT,
    resolved_at TEXT,
    resolved_by TEXT,
    updated_at TEXT NOT NULL,
    event_count INTEGER NOT NULL,
    UNIQUE (workspace, number)
  ) STRICT`,
  sql`CREATE INDEX incidents_by_status ON incidents (workspace, status, severity)`,
  sql`CREATE INDEX incidents_by_key ON incidents (workspace, dedupe_key, number)`,
  sql`CREATE INDEX incidents_by_end ON incidents (resolved_at) WHERE status = 'resolved'`,
  // The keys of incidents that are not resolved: what comes next with one of them is about that incident.
  sql`CREATE TABLE incident_keys (
    workspace TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    PRIMARY KEY (workspace, dedupe_key)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE INDEX incident_keys_by_incident ON incident_keys (incident_id)`,
  sql`CREATE TABLE incident_events (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    received_at TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    origin TEXT NOT NULL,
    told_by TEXT,
    type TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ${severity}),
    status TEXT NOT NULL CHECK (status IN ('open', 'acknowledged', 'resolved')),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    source TEXT NOT NULL,
    service TEXT NOT NULL,
    labels TEXT NOT NULL CHECK (json_valid(labels)),
    dedupe_key TEXT NOT NULL,
    links TEXT NOT NULL CHECK (json_valid(links)),
    rca TEXT,
    incident_id TEXT REFERENCES incidents (id) ON DELETE SET NULL,
    decisions TEXT NOT NULL CHECK (json_valid(decisions))
  ) STRICT`,
  sql`CREATE INDEX incident_events_by_workspace ON incident_events (workspace, id)`,
  sql`CREATE INDEX incident_events_by_time ON incident_events (received_at)`,
  sql`CREATE INDEX incident_events_by_incident ON incident_events (incident_id, id)`,
  sql`CREATE TABLE incident_timeline (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    message TEXT NOT NULL,
    event_id TEXT,
    delivery_id TEXT
  ) STRICT`,
  sql`CREATE INDEX incident_timeline_by_incident ON incident_timeline (incident_id, id)`,
  // The outbox and the delivery log in one. What a channel was called stays readable after it is gone.
  sql`CREATE TABLE deliveries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    created_at TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    channel_name TEXT NOT NULL,
    channel_kind TEXT NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ${severity}),
    rules TEXT NOT NULL CHECK (json_valid(rules)),
    incident_ids TEXT NOT NULL CHECK (json_valid(incident_ids)),
    event_ids TEXT NOT NULL CHECK (json_valid(event_ids)),
    event_count INTEGER NOT NULL,
    group_key TEXT,
    because TEXT NOT NULL,
    not_before TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT,
    give_up_at TEXT,
    delivered_at TEXT,
    latency_ms REAL,
    last_error TEXT CHECK (last_error IS NULL OR json_valid(last_error)),
    preview TEXT CHECK (preview IS NULL OR json_valid(preview))
  ) STRICT`,
  sql`CREATE INDEX deliveries_by_workspace ON deliveries (workspace, id)`,
  sql`CREATE INDEX deliveries_by_state ON deliveries (workspace, state)`,
  sql`CREATE INDEX deliveries_to_do ON deliveries (channel_id, sequence) WHERE state IN ('waiting', 'pending', 'sending', 'retrying')`,
  sql`CREATE TABLE delivery_attempts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    duration_ms REAL NOT NULL,
    request TEXT NOT NULL CHECK (json_valid(request)),
    answer TEXT CHECK (answer IS NULL OR json_valid(answer)),
    error TEXT CHECK (error IS NULL OR json_valid(error)),
    PRIMARY KEY (delivery_id, number)
  ) STRICT, WITHOUT ROWID`,
  // Which channel was told of which incident: it gets every later word as well, in the same thread or by the same key.
  sql`CREATE TABLE notified (
    incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    rules TEXT NOT NULL CHECK (json_valid(rules)),
    told_severity TEXT NOT NULL,
    told_at TEXT NOT NULL,
    repeat_at TEXT,
    delivery_id TEXT NOT NULL,
    reference TEXT CHECK (reference IS NULL OR json_valid(reference)),
    PRIMARY KEY (incident_id, channel_id)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE INDEX notified_to_repeat ON notified (repeat_at) WHERE repeat_at IS NOT NULL`,
  sql`CREATE INDEX notified_by_delivery ON notified (delivery_id)`,
  sql`CREATE TABLE hook_tokens (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    name TEXT NOT NULL,
    token_sha256 BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    last_used_at TEXT
  ) STRICT`,
  sql`CREATE TABLE prometheus_queries (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    unit TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT`,
]
