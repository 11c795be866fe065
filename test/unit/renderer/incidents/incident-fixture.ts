import type { Delivery } from '../../../../src/shared/contract/deliveries.ts'
import type { Incident, IncidentEvent, TimelineEntry } from '../../../../src/shared/contract/incidents.ts'

export const time = '2026-11-24T14:00:00.000Z'

/** The incident with this number; a test says only what matters to it. */
export function incident(number: number, changes: Partial<Incident> = {}): Incident {
  return {
    id: `i${number}`,
    number,
    type: 'incident',
    severity: 'high',
    highest_severity: 'high',
    status: 'open',
    title: `Incident of service ${number}`,
    description: '',
    source: 'prometheus',
    service: 'checkout',
    labels: {},
    dedupe_key: `key ${number}`,
    links: [],
    rca: null,
    opened_at: time,
    acknowledged_at: null,
    acknowledged_by: null,
    resolved_at: null,
    resolved_by: null,
    updated_at: time,
    event_count: 1,
    ...changes,
  }
}

export function entry(id: string, changes: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    id,
    at: time,
    kind: 'opened',
    actor: 'prometheus',
    message: 'Opened',
    event_id: null,
    delivery_id: null,
    ...changes,
  }
}

export function event(id: string, changes: Partial<IncidentEvent> = {}): IncidentEvent {
  return {
    id,
    received_at: time,
    occurred_at: time,
    origin: 'api',
    told_by: null,
    type: 'incident',
    severity: 'high',
    status: 'open',
    title: 'Something happened',
    description: '',
    source: '',
    service: '',
    labels: {},
    dedupe_key: 'key',
    links: [],
    rca: null,
    incident_id: 'i1',
    decisions: [],
    ...changes,
  }
}

export function delivery(id: string, changes: Partial<Delivery> = {}): Delivery {
  return {
    id,
    created_at: time,
    channel_id: 'c1',
    channel_name: 'On call',
    channel_kind: 'webhook',
    action: 'open',
    state: 'delivered',
    title: 'Something happened',
    severity: 'high',
    rules: [],
    incident_ids: ['i1'],
    event_count: 1,
    because: '',
    attempts: 1,
    next_attempt_at: null,
    delivered_at: time,
    latency_ms: 12,
    last_error: null,
    ...changes,
  }
}

export const pageOf = <Item, Counts>(items: readonly Item[], counts: Counts) =>
  Promise.resolve({ items: [...items], next_cursor: null, total: items.length, counts })
