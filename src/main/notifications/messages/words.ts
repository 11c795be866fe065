import type { EventType, IncidentStatus, Severity } from '../../../shared/contract/incidents.ts'

const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
}
/** Dark enough to be read on white, and light enough as a bar on black. */
const severityColors: Readonly<Record<Severity, string>> = {
  critical: '#c5221f',
  high: '#d9480f',
  medium: '#b26a00',
  low: '#1a73e8',
  info: '#5f6368',
}
const RESOLVED_COLOR = '#188038'
const statusWords: Readonly<Record<IncidentStatus, string>> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
}
const typeWords: Readonly<Record<EventType, string>> = {
  incident: 'Incident',
  rca_completed: 'Root cause analysis',
  cluster_disconnected: 'Cluster disconnected',
  cluster_reconnected: 'Cluster reconnected',
  integration_state: 'Integration',
  tool_definition_changed: 'Tool definition changed',
}

export function severityWord(severity: Severity): string {
  return severityWords[severity]
}

/** `#rrggbb`: of its severity; what is over is green. */
export function colorOf(severity: Severity, status?: IncidentStatus): string {
  return status === 'resolved' ? RESOLVED_COLOR : severityColors[severity]
}

export function statusWord(status: IncidentStatus): string {
  return statusWords[status]
}

export function typeWord(type: EventType): string {
  return typeWords[type]
}
