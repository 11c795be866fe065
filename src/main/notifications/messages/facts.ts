import type { Notice } from '../channel-adapter.ts'
import { oneLine, timeText } from './text.ts'
import { isUnknownEnd, severityWord, statusWord, typeWord } from './words.ts'

const MAX_VALUE = 300
const MAX_NAME = 100
const MAX_LABELS = 20

export interface Fact {
  name: string
  value: string
}

/** What is known of the one incident of a notice, or of the event where there is none; without its labels. */
export function facts(notice: Notice): Fact[] {
  const { event, severity } = notice
  const [incident] = notice.incidents
  const about = incident ?? event
  const status = incident === undefined ? '' : statusWord(incident)
  return [
    { name: 'Severity', value: severityWord(incident?.severity ?? severity) },
    { name: 'Status', value: status },
    { name: 'Type', value: about.type === 'incident' ? '' : typeWord(about.type) },
    { name: 'Source', value: oneLine(about.source, MAX_VALUE) },
    { name: 'Service', value: oneLine(about.service, MAX_VALUE) },
    { name: 'Opened', value: incident === undefined ? '' : timeText(incident.opened_at) },
    { name: 'Acknowledged', value: when(incident?.acknowledged_at, incident?.acknowledged_by) },
    {
      name: incident !== undefined && isUnknownEnd(incident) ? 'Ended' : 'Resolved',
      value: when(incident?.resolved_at, incident?.resolved_by),
    },
  ].filter(({ value }) => value !== '')
}

/** Labels by name; of many the first, and how many more there are. */
export function labelFacts(labels: Readonly<Record<string, string>>, most = MAX_LABELS): Fact[] {
  const all = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  const shown = all.slice(0, most).map(([name, value]) => ({
    name: oneLine(name, MAX_NAME),
    value: oneLine(value, MAX_VALUE),
  }))
  return all.length > most ? [...shown, { name: 'More labels', value: String(all.length - most) }] : shown
}

function when(at: string | null | undefined, by: string | null | undefined): string {
  if (at === null || at === undefined) return ''
  const who = oneLine(by ?? '', MAX_NAME)
  return who === '' ? timeText(at) : `${timeText(at)} by ${who}`
}
