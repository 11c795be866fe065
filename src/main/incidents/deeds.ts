import type { EventInput, Incident } from '../../shared/contract/incidents.ts'
import { AppError } from '../base/app-error.ts'
import type { Deed, Told } from './told.ts'

/**
 * The events that say what somebody does to an incident; none where it is only a note. A resolved incident keeps its state:
 * when it happens again, that is another one. What was found out about it may still be added.
 */
export function eventsOf(deed: Deed, incident: Incident): Told[] {
  const { origin, toldBy, status, severity, rca, note = '' } = deed
  if (incident.status === 'resolved' && (status !== undefined || severity !== undefined)) {
    throw refuse(status === undefined ? 'severity' : 'id', incident)
  }
  const { type, title, description, source, service, labels, links, dedupe_key } = incident
  const as = { title, description, source, service, labels, links, dedupe_key, severity: incident.severity }
  const told = (input: EventInput): Told => ({ input, origin, toldBy, incidentId: incident.id })
  const events: Told[] = []
  const changes = {
    ...(deed.title !== undefined && { title: deed.title }),
    ...(deed.description !== undefined && { description: deed.description }),
    ...(severity !== undefined && { severity }),
  }
  if (Object.keys(changes).length > 0) events.push(told({ ...as, ...changes, type, status: 'open' }))
  // The report tells of the incident as it is after the change.
  if (rca !== undefined) events.push(told({ ...as, ...changes, type: 'rca_completed', status: 'open', rca }))
  if (status !== undefined) events.push(told({ ...as, ...changes, type, status, description: note }))
  return events
}

function refuse(path: string, { number, resolved_by: by }: Incident): AppError {
  const who = by === null ? '' : ` by ${by}`
  const message = `Incident #${number} was resolved${who} already. If it happens again, report it: that opens a new one.`
  return new AppError('invalid_input', { message, details: [{ path, message }] })
}
