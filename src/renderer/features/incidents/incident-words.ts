import { CircleCheck, CircleDot, CircleUser } from 'lucide-react'
import type { EventType, Incident, IncidentStatus } from '../../../shared/contract/incidents.ts'
import type { StateLook } from '../../ui/state-badge.tsx'

export const statusWords: Record<IncidentStatus, StateLook> = {
  open: { word: 'Open', icon: CircleDot, ink: 'text-warn' },
  acknowledged: { word: 'Acknowledged', icon: CircleUser, ink: 'text-info' },
  resolved: { word: 'Resolved', icon: CircleCheck, ink: 'text-ok' },
}

export const incidentTypeWords: Record<Incident['type'], string> = {
  incident: 'Incident',
  cluster_disconnected: 'Cluster disconnection',
  integration_state: 'Integration',
}

/** What a rule may be about. */
export const eventTypeWords: Record<EventType, string> = {
  incident: 'Incident',
  rca_completed: 'RCA report completion',
  cluster_disconnected: 'Cluster disconnection',
  cluster_reconnected: 'Cluster reconnection',
  integration_state: 'Integration down or up again',
  tool_definition_changed: 'Tool definition changed',
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `40 s`, `12 min`, `2 h 5 min`, `3 d 4 h`: how long something lasted or lasts. */
export function lastingWords(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / 1_000))} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return two(ms, HOUR, 'h', MINUTE, 'min')
  return two(ms, DAY, 'd', HOUR, 'h')
}

function two(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small)
  return `${Math.floor(ms / large)} ${largeUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ''}`
}

/** From its opening until it was resolved, or until now. */
export function durationOf(
  { opened_at, resolved_at }: Pick<Incident, 'opened_at' | 'resolved_at'>,
  now: number,
): string {
  return lastingWords((resolved_at === null ? now : Date.parse(resolved_at)) - Date.parse(opened_at))
}

/** "payments · from prometheus": what it happened to, and what told of it. */
export function placeOf({ service, source }: Pick<Incident, 'service' | 'source'>): string {
  return [service, source].filter(Boolean).join(' · ')
}

/** Everything about an incident in one line, for a title. */
export function incidentSummary(incident: Incident): string {
  const place = placeOf(incident)
  return `#${incident.number} ${incident.title}${place ? `, ${place}` : ''}, ${statusWords[incident.status].word}`
}
