import type { Notice } from '../../src/main/notifications/channel-adapter.ts'
import type { Incident, IncidentEvent } from '../../src/shared/contract/incidents.ts'

/** What happened in the examples, and when. */
export const OPENED_AT = '2026-11-28T18:00:00.000Z'

export function exampleIncident(changes: Partial<Incident> = {}): Incident {
  return {
    id: '0mincident0001',
    number: 12,
    type: 'incident',
    severity: 'critical',
    highest_severity: 'critical',
    status: 'open',
    title: 'Database is down',
    description: 'No answer from the primary for 30 s.',
    source: 'prometheus',
    service: 'billing',
    labels: { alertname: 'DatabaseDown', team: 'core' },
    dedupe_key: 'db-down',
    links: [{ url: 'https://grafana.example.com/d/1', title: 'Dashboard' }],
    rca: null,
    opened_at: OPENED_AT,
    acknowledged_at: null,
    acknowledged_by: null,
    resolved_at: null,
    resolved_by: null,
    updated_at: OPENED_AT,
    event_count: 1,
    ...changes,
  }
}

export function exampleEvent(changes: Partial<IncidentEvent> = {}): IncidentEvent {
  const { title, description, source, service, labels, dedupe_key, links } = exampleIncident()
  return {
    id: '0mevent0001',
    received_at: OPENED_AT,
    occurred_at: OPENED_AT,
    origin: 'api',
    told_by: null,
    type: 'incident',
    severity: 'critical',
    status: 'open',
    title,
    description,
    source,
    service,
    labels,
    dedupe_key,
    links,
    rca: null,
    incident_id: '0mincident0001',
    decisions: [],
    ...changes,
  }
}

/** An opening of one incident, changed as a test wants it. */
export function exampleNotice(changes: Partial<Notice> = {}): Notice {
  const incidents = changes.incidents ?? [exampleIncident()]
  return {
    id: '0mdelivery0001',
    action: 'open',
    workspace: 'default',
    isTest: false,
    title: 'Database is down',
    severity: 'critical',
    incidents,
    more: 0,
    event: exampleEvent(),
    rules: ['High incidents'],
    url: 'http://127.0.0.1:7420/incidents/12',
    ...changes,
  }
}
