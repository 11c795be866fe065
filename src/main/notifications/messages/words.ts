import type { EventType, Incident, IncidentStatus, Severity } from '../../../shared/contract/incidents.ts'

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
/** Neither good news nor bad. */
const UNKNOWN_COLOR = '#5f6368'
export const NO_LONGER_REPORTED = 'No longer reported'
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

type State = Pick<Incident, 'status' | 'resolved_by'>

export function severityWord(severity: Severity): string {
  return severityWords[severity]
}

/** `#rrggbb`: of its severity; what is over is green, and what only nobody reports any more is grey. */
export function colorOf(severity: Severity, state?: State): string {
  if (state?.status !== 'resolved') return severityColors[severity]
  return isUnknownEnd(state) ? UNKNOWN_COLOR : RESOLVED_COLOR
}

export function statusWord(state: State): string {
  return isUnknownEnd(state) ? NO_LONGER_REPORTED : statusWords[state.status]
}

/** Whether it ended without anybody saying that it is over: that is no good news. */
export function isUnknownEnd({ status, resolved_by }: State): boolean {
  return status === 'resolved' && resolved_by === null
}

export function typeWord(type: EventType): string {
  return typeWords[type]
}
