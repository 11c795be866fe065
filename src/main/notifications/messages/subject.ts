import type { Notice } from '../channel-adapter.ts'
import { oneLine } from './text.ts'
import { isUnknownEnd, NO_LONGER_REPORTED, severityWord } from './words.ts'

const MAX_TITLE = 200

/** How many incidents a notice tells of, those that it does not name included. */
export function incidentCount({ incidents, more }: Pick<Notice, 'incidents' | 'more'>): number {
  return incidents.length + more
}

/** What it is about, in one line without its severity: `Database down (#12)`, `5 incidents: Database down`. */
export function topic(notice: Notice): string {
  // A test tells of an example.
  const first = notice.action === 'test' ? undefined : notice.incidents[0]
  const title = oneLine(first?.title ?? notice.title, MAX_TITLE)
  if (first === undefined) return title
  const count = incidentCount(notice)
  return count > 1 ? `${count} incidents: ${title}` : `${title} (#${first.number})`
}

/** One line that says all: the subject of a mail, the first line of a message. */
export function subject(notice: Notice): string {
  const line = `${opening(notice)} ${topic(notice)}`.trim()
  return notice.isTest ? asTest(line) : line
}

/** Says that it is a test, once. */
export function asTest(line: string): string {
  return /^test\b/i.test(line) ? line : `Test: ${line}`
}

function opening({ action, severity, incidents }: Notice): string {
  switch (action) {
    case 'open':
    case 'notice':
      return `[${severityWord(severity)}]`
    case 'severity':
      return `Now ${severityWord(severity).toLowerCase()}:`
    case 'acknowledge':
      return 'Acknowledged:'
    case 'resolve':
      return `${incidents.some(isUnknownEnd) ? NO_LONGER_REPORTED : 'Resolved'}:`
    case 'repeat':
      return `Still open: [${severityWord(severity)}]`
    case 'rca':
      return 'Root cause found:'
    case 'test':
      return ''
  }
}
