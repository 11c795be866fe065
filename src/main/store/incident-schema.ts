import type { Generated } from 'kysely'

/** Tables of incidents, channels and rules. docs/storage.md says why each exists. Lists and objects are JSON text. */
export interface IncidentSchema {
  channels: {
    id: string
    workspace: string
    kind: string
    name: string
    enabled: number
    min_severity: string
    muted_until: string | null
    settings: string
    health: string
    created_at: string
    updated_at: string
  }
  channel_secrets: {
    id: string
    channel_id: string
    field: string
    key_id: string
    nonce: Buffer
    ciphertext: Buffer
  }
  rules: {
    id: string
    workspace: string
    name: string
    enabled: number
    preset: string | null
    condition: string
    channels: string
    grouping: string
    quiet: string | null
    muted_until: string | null
    created_at: string
    updated_at: string
  }
  incidents: {
    id: string
    workspace: string
    number: number
    type: string
    severity: string
    highest_severity: string
    status: string
    title: string
    description: string
    source: string
    service: string
    labels: string
    dedupe_key: string
    links: string
    rca: string | null
    opened_at: string
    acknowledged_at: string | null
    acknowledged_by: string | null
    resolved_at: string | null
    resolved_by: string | null
    updated_at: string
    event_count: number
  }
  incident_keys: { workspace: string; dedupe_key: string; incident_id: string }
  incident_events: {
    id: string
    workspace: string
    received_at: string
    occurred_at: string
    origin: string
    told_by: string | null
    type: string
    severity: string
    status: string
    title: string
    description: string
    source: string
    service: string
    labels: string
    dedupe_key: string
    links: string
    rca: string | null
    incident_id: string | null
    decisions: string
  }
  incident_timeline: {
    id: string
    incident_id: string
    at: string
    kind: string
    actor: string
    message: string
    event_id: string | null
    delivery_id: string | null
  }
  deliveries: DeliveryTable
  delivery_attempts: {
    delivery_id: string
    number: number
    at: string
    duration_ms: number
    request: string
    answer: string | null
    error: string | null
  }
  notified: {
    incident_id: string
    channel_id: string
    rules: string
    told_at: string
    repeat_at: string | null
    delivery_id: string
    reference: string | null
  }
  hook_tokens: {
    id: string
    workspace: string
    name: string
    token_sha256: Buffer
    created_at: string
    last_used_at: string | null
  }
  prometheus_queries: {
    id: string
    workspace: string
    name: string
    query: string
    unit: string
    created_at: string
  }
}

interface DeliveryTable {
  /** The order in which a channel gets them. */
  sequence: Generated<number>
  id: string
  workspace: string
  created_at: string
  channel_id: string
  channel_name: string
  channel_kind: string
  action: string
  state: string
  title: string
  severity: string
  rules: string
  incident_ids: string
  event_ids: string
  event_count: number
  /** Of one that waits for others: rule and values of the group's labels. */
  group_key: string | null
  because: string
  not_before: string | null
  attempts: Generated<number>
  next_attempt_at: string | null
  give_up_at: string | null
  delivered_at: string | null
  latency_ms: number | null
  last_error: string | null
  preview: string | null
}
