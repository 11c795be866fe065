import { createHash } from 'node:crypto'
import type { PagerDutySeverity } from '../../../shared/contract/channels.ts'
import type { Notice } from '../../notifications/channel-adapter.ts'
import { links } from '../../notifications/messages/links.ts'
import { sentence } from '../../notifications/messages/sentence.ts'
import { asTest, topic } from '../../notifications/messages/subject.ts'
import { oneLine } from '../../notifications/messages/text.ts'
import { typeWord } from '../../notifications/messages/words.ts'
import { fittingDetails, type Details } from './fitting-details.ts'

/** Limits of the Events API v2. */
const MAX_DEDUP_KEY = 255
const MAX_SUMMARY = 1024
const MAX_FIELD = 500
/** Of all links together: each letter of another script is nine characters in a URL. */
const MAX_LINKS = 20_000
const CLIENT = 'Gatehouse'

export interface EventBody {
  routing_key: string
  event_action: 'trigger' | 'acknowledge' | 'resolve'
  dedup_key: string
  payload?: {
    summary: string
    source: string
    severity: PagerDutySeverity
    timestamp: string
    component?: string
    group?: string
    class?: string
    custom_details: Details
  }
  client?: string
  client_url?: string
  links?: { href: string; text: string }[]
}

export interface ChangeBody {
  routing_key: string
  payload: { summary: string; source: string; timestamp: string; custom_details: Details }
  links: { href: string; text: string }[]
}

/** One alert of PagerDuty for each incident: what comes later finds it by this key. */
export function dedupKeyOf(notice: Notice): string {
  const key = `gatehouse-${notice.incidents[0]?.id ?? notice.id}`
  return key.length <= MAX_DEDUP_KEY ? key : `gatehouse-${createHash('sha256').update(key).digest('hex')}`
}

/** Opens an alert, or adds to the one that is open with this key. */
export function triggerBody(
  notice: Notice,
  key: { routingKey: string; dedupKey: string; severity: PagerDutySeverity },
): EventBody {
  const { incidents, event, url } = notice
  const about = incidents[0] ?? event
  const { labels, service } = about
  const field = (...values: (string | undefined)[]) =>
    oneLine(values.find((value) => value !== undefined && value !== '') ?? '', MAX_FIELD)
  const component = field(labels.component, service, labels.instance)
  const group = field(labels.group, labels.cluster, labels.namespace, labels.job)
  const kind = field(labels.class, labels.alertname, about.type === 'incident' ? '' : typeWord(about.type))
  return {
    routing_key: key.routingKey,
    event_action: 'trigger',
    dedup_key: key.dedupKey,
    payload: {
      summary: summaryOf(notice),
      source: sourceOf(notice),
      severity: key.severity,
      timestamp: event.occurred_at,
      ...(component !== '' && { component }),
      ...(group !== '' && { group }),
      ...(kind !== '' && { class: kind }),
      custom_details: fittingDetails(notice),
    },
    client: CLIENT,
    ...(url !== null && { client_url: url }),
    links: linksOf(notice),
  }
}

export function followUpBody(
  action: 'acknowledge' | 'resolve',
  { routingKey, dedupKey }: { routingKey: string; dedupKey: string },
): EventBody {
  return { routing_key: routingKey, event_action: action, dedup_key: dedupKey }
}

/** What is only to be known: shown beside the incidents of the service, and calls nobody. */
export function changeBody(notice: Notice, routingKey: string): ChangeBody {
  return {
    routing_key: routingKey,
    payload: {
      summary: summaryOf(notice),
      source: sourceOf(notice),
      timestamp: notice.event.occurred_at,
      custom_details: fittingDetails(notice),
    },
    links: linksOf(notice),
  }
}

function summaryOf(notice: Notice): string {
  const { action, isTest } = notice
  const line = action === 'rca' ? `${sentence(notice)} ${topic(notice)}` : topic(notice)
  return oneLine(isTest ? asTest(line) : line, MAX_SUMMARY)
}

function sourceOf({ incidents, event }: Notice): string {
  const about = incidents[0] ?? event
  const source = about.source !== '' ? about.source : about.service
  return oneLine(source, MAX_FIELD) || 'gatehouse'
}

function linksOf(notice: Notice): { href: string; text: string }[] {
  let room = MAX_LINKS
  return links(notice).flatMap(({ url, title }) => {
    if (url.length > room) return []
    room -= url.length
    return [{ href: url, text: title }]
  })
}
