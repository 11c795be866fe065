import type { Incident } from '../../../shared/contract/incidents.ts'
import type { Notice } from '../../notifications/channel-adapter.ts'
import { passages } from '../../notifications/messages/body.ts'
import { facts, labelFacts, type Fact } from '../../notifications/messages/facts.ts'
import { links } from '../../notifications/messages/links.ts'
import { incidentLine, labelsOf, origin } from '../../notifications/messages/plain-text.ts'
import { sentence } from '../../notifications/messages/sentence.ts'
import { incidentCount, subject } from '../../notifications/messages/subject.ts'
import { colorOf } from '../../notifications/messages/words.ts'
import { escaped, escapedTo, link, parts } from './slack-text.ts'

interface Mrkdwn {
  type: 'mrkdwn'
  text: string
  /** Slack makes no links of names and addresses that are in it. */
  verbatim?: true
}
type Block =
  | { type: 'header'; text: { type: 'plain_text'; text: string; emoji: false } }
  | { type: 'section'; text: Mrkdwn }
  | { type: 'section'; fields: Mrkdwn[] }
  | { type: 'context'; elements: Mrkdwn[] }

/** Of `chat.postMessage` and `chat.update`. */
export interface SlackMessage {
  /** For desktop notifications, and for who does not see the blocks. */
  text: string
  blocks: Block[]
  attachments: { color: string; fallback: string; blocks: Block[] }[]
}

/** Slack's limits: 150 for a header, 3,000 for a text, 2,000 for each of ten fields, 50 blocks. */
const MAX_HEADER = 150
const MAX_SECTION = 2900
const MAX_FIELDS = 10
const MAX_FALLBACK = 1000
/** Slack refuses messages of about 13,000 characters in all, whatever its single limits say. */
const MAX_IN_ALL = 9000
const MAX_LONG = 6000
/** So that all of them together stay within it, whatever is escaped in them. */
const MAX_LINE = 220
const MAX_PLACE = 60
const MAX_FIELD = 400
const MAX_LABELS = 2000
const MAX_LINKS = 2000
const MAX_CONTEXT = 1000

/** A message that stands for the incidents of a notice, as they are now. */
export function standingMessage(notice: Notice): SlackMessage {
  const { severity, incidents } = notice
  const isOne = incidentCount(notice) < 2
  const known = isOne && notice.action !== 'test'
  const title = subject(notice)
  const text = escapedTo(title, MAX_FALLBACK)
  const fixed = [
    section(escapedTo(sentence(notice), MAX_SECTION)),
    ...sections(incidentList(notice)),
    ...(known ? fieldSections(facts(notice)) : []),
    ...(known ? sections(labelText(labelFacts(labelsOf(notice)))) : []),
  ]
  const end = [...sections(linkText(notice)), context(origin(notice))]
  const room = Math.min(MAX_LONG, MAX_IN_ALL - sizeOf([...fixed, ...end]))
  return {
    text,
    blocks: [header(title)],
    attachments: [
      {
        color: colorOf(incidents[0]?.severity ?? severity, isOne ? incidents[0] : undefined),
        fallback: text,
        blocks: [...fixed, ...longTexts(notice, room), ...end],
      },
    ],
  }
}

/** What is new, for the thread of the message that stands for the incident. */
export function threadMessage(notice: Notice): SlackMessage {
  const title = subject(notice)
  const first = [section(`*${escapedTo(title, MAX_SECTION - 2)}*`), section(escapedTo(sentence(notice), MAX_SECTION))]
  const list = sections(incidentList(notice))
  const news = notice.action === 'rca' ? longTexts(notice, MAX_LONG) : newsOf(notice)
  return { text: escapedTo(title, MAX_FALLBACK), blocks: [...first, ...list, ...news], attachments: [] }
}

/** Words of the event itself: why it was resolved, for example. The rest stands in the message above. */
function newsOf(notice: Notice): Block[] {
  const { event, incidents } = notice
  const isKnown = event.description === '' || event.description === incidents[0]?.description
  return isKnown ? [] : [section(escapedTo(event.description, MAX_SECTION))]
}

/** Of several, the worst first. */
function incidentList(notice: Notice): string {
  if (incidentCount(notice) < 2) return ''
  const each = notice.incidents.map((incident) => `• ${escapedTo(incidentLine(incident), MAX_LINE)}${where(incident)}`)
  const more = notice.more > 0 ? [`• and ${notice.more} more`] : []
  return [...each, ...more].join('\n')
}

function where({ service, source }: Incident): string {
  const place = service === '' ? source : service
  return place === '' ? '' : ` · ${escapedTo(place, MAX_PLACE)}`
}

function labelText(labels: readonly Fact[]): string {
  return escapedTo(labels.map(({ name, value }) => `${name}: ${value}`).join('\n'), MAX_LABELS)
}

function linkText(notice: Notice): string {
  let text = ''
  for (const { url, title } of links(notice)) {
    const longer = text === '' ? link(url, title) : `${text}  ·  ${link(url, title)}`
    // Half a link leads nowhere.
    if (longer.length <= MAX_LINKS) text = longer
  }
  return text
}

/** Descriptions and reports, with a note where they go on elsewhere. */
function longTexts(notice: Notice, room: number): Block[] {
  const blocks: Block[] = []
  let rest = room
  for (const { heading, text } of passages(notice)) {
    const whole = escaped(text)
    const shown = rest <= 0 ? '' : escapedTo(text, rest)
    rest -= shown.length
    const title = heading === '' ? '' : `*${escaped(heading)}*\n`
    if (shown !== '') blocks.push(...parts(title + shown, MAX_SECTION).map(section))
    if (shown.length < whole.length) blocks.push(context('The text is longer. Gatehouse has all of it.'))
    if (shown.length < whole.length) break
  }
  return blocks
}

function fieldSections(all: readonly Fact[]): Block[] {
  if (all.length === 0) return []
  const fields = all.map(({ name, value }) => mrkdwn(`*${escaped(name)}*\n${escapedTo(value, MAX_FIELD)}`))
  return [{ type: 'section', fields: fields.slice(0, MAX_FIELDS) }]
}

function header(text: string): Block {
  return { type: 'header', text: { type: 'plain_text', text: escapedTo(text, MAX_HEADER), emoji: false } }
}

function sections(text: string): Block[] {
  return text === '' ? [] : parts(text, MAX_SECTION).map(section)
}

function section(text: string): Block {
  return { type: 'section', text: mrkdwn(text) }
}

function context(text: string): Block {
  return { type: 'context', elements: [mrkdwn(escapedTo(text, MAX_CONTEXT))] }
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true }
}

function sizeOf(blocks: readonly Block[]): number {
  return JSON.stringify(blocks).length
}
