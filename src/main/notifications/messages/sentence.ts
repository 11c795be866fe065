import type { Incident } from '../../../shared/contract/incidents.ts'
import type { Notice } from '../channel-adapter.ts'
import { incidentCount } from './subject.ts'
import { durationText, oneLine, timeText } from './text.ts'
import { isUnknownEnd, NO_LONGER_REPORTED, severityWord } from './words.ts'

const MAX_NAME = 100
const UNKNOWN = 'Whether it is over is not known.'

/** What happened, in a sentence below the subject. */
export function sentence(notice: Notice): string {
  const { action, event, incidents } = notice
  const [incident] = incidents
  if (action === 'test') return 'This is a test. If you can read it, notices from Gatehouse arrive here.'
  if (incident === undefined) return `${timeText(event.occurred_at)}${toldBy(notice)}.`
  const isOne = incidentCount(notice) === 1
  switch (action) {
    case 'acknowledge':
      return isOne ? `Acknowledged${by(incident.acknowledged_by)}.` : 'Somebody is at these incidents.'
    case 'resolve':
      if (isOne) return resolved(incident)
      return incidents.some(isUnknownEnd) ? `These are not reported any more. ${UNKNOWN}` : 'These incidents are over.'
    case 'severity':
      return `Now ${severityWord(notice.severity).toLowerCase()}; open since ${timeText(incident.opened_at)}.`
    case 'repeat':
      return isOne
        ? `Open since ${timeText(incident.opened_at)}; nobody has acknowledged it.`
        : 'These are still open; nobody has acknowledged them.'
    case 'rca':
      return 'The root cause analysis is complete.'
    case 'open':
    case 'notice':
      return isOne ? `Open since ${timeText(incident.opened_at)}${toldBy(notice)}.` : 'These incidents are open.'
  }
}

function resolved(incident: Incident): string {
  const { opened_at, resolved_at, resolved_by } = incident
  const lasted = resolved_at === null ? NaN : Date.parse(resolved_at) - Date.parse(opened_at)
  const after = Number.isNaN(lasted) ? '' : ` after ${durationText(lasted)}`
  if (isUnknownEnd(incident)) return `${NO_LONGER_REPORTED}${after}. ${UNKNOWN}`
  return `Resolved${by(resolved_by)}${after}.`
}

function by(name: string | null): string {
  const who = oneLine(name ?? '', MAX_NAME)
  return who === '' ? '' : ` by ${who}`
}

function toldBy({ event }: Notice): string {
  const who = oneLine(event.told_by ?? event.source, MAX_NAME)
  return who === '' ? '' : `, told by ${who}`
}
