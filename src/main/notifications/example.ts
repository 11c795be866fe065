import type { Incident, IncidentEvent } from '../../shared/contract/incidents.ts'

/** What a test or a preview tells of: nothing that happened, and it says so. */
export function exampleOf(id: string, nowMs: number): { incident: Incident; event: IncidentEvent } {
  const at = new Date(nowMs).toISOString()
  const shared = {
    severity: 'high',
    status: 'open',
    title: 'Test notice from Gatehouse',
    description: 'Somebody tries this channel. Nothing happened, and there is nothing to do.',
    source: 'gatehouse',
    service: 'example',
    labels: { test: 'true' },
    dedupe_key: `gatehouse-test-${id}`,
    links: [],
    rca: null,
  } as const
  const incident: Incident = {
    ...shared,
    links: [],
    id: `test-${id}`,
    number: 1,
    type: 'incident',
    highest_severity: 'high',
    opened_at: at,
    acknowledged_at: null,
    acknowledged_by: null,
    resolved_at: null,
    resolved_by: null,
    updated_at: at,
    event_count: 1,
  }
  const event: IncidentEvent = {
    ...shared,
    links: [],
    id: `test-${id}`,
    received_at: at,
    occurred_at: at,
    origin: 'console',
    told_by: null,
    type: 'incident',
    incident_id: incident.id,
    decisions: [],
  }
  return { incident, event }
}
