import type { Incident } from '../../../shared/contract/incidents.ts'
import type { Notice } from '../channel-adapter.ts'
import { passages } from './body.ts'
import { facts, labelFacts } from './facts.ts'
import { links } from './links.ts'
import { sentence } from './sentence.ts'
import { incidentCount, subject } from './subject.ts'
import { cut, oneLine } from './text.ts'
import { severityWord, statusWord } from './words.ts'

/** As a person would read it where there is text only. */
const MAX_TEXT = 20_000
const MAX_TITLE = 200
const MAX_RULES = 10

export function plainText(notice: Notice): string {
  const known = incidentCount(notice) > 1 ? [] : [...facts(notice), ...labelFacts(labelsOf(notice))]
  const parts = [
    subject(notice),
    sentence(notice),
    incidentLines(notice).join('\n'),
    notice.action === 'test' ? '' : known.map(({ name, value }) => `${name}: ${value}`).join('\n'),
    ...passages(notice).map(({ heading, text }) => (heading === '' ? text : `${heading}:\n${text}`)),
    links(notice)
      .map(({ url, title }) => (title === url ? url : `${title}: ${url}`))
      .join('\n'),
    origin(notice),
  ]
  return cut(parts.filter((part) => part !== '').join('\n\n'), MAX_TEXT)
}

/** Of a notice that tells of several, one line for each. */
export function incidentLines(notice: Notice): string[] {
  if (incidentCount(notice) < 2) return []
  const each = notice.incidents.map((incident) => `- ${incidentLine(incident)}`)
  return notice.more > 0 ? [...each, `- and ${notice.more} more`] : each
}

/** `#12 [Critical] Database down (acknowledged)` */
export function incidentLine(incident: Incident): string {
  const { number, severity, status, title } = incident
  const state = status === 'open' ? '' : ` (${statusWord(incident).toLowerCase()})`
  return `#${number} [${severityWord(severity)}] ${oneLine(title, MAX_TITLE)}${state}`
}

/** Why somebody gets it. */
export function origin({ rules, workspace }: Pick<Notice, 'rules' | 'workspace'>): string {
  const names = rules.slice(0, MAX_RULES).map((rule) => `"${oneLine(rule, MAX_TITLE)}"`)
  const because = names.length === 0 ? '' : `, by the rule${names.length > 1 ? 's' : ''} ${names.join(', ')}`
  return `Sent by Gatehouse, workspace ${oneLine(workspace, MAX_TITLE)}${because}.`
}

export function labelsOf({ incidents, event }: Notice): Readonly<Record<string, string>> {
  return (incidents[0] ?? event).labels
}
