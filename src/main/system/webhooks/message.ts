import type { Notice } from '../../notifications/channel-adapter.ts'
import { links } from '../../notifications/messages/links.ts'
import { plainText } from '../../notifications/messages/plain-text.ts'
import { subject } from '../../notifications/messages/subject.ts'
import { boundedNotice } from './bounded.ts'
import { slackBody } from './slack-body.ts'

/** What a webhook is about, before it is put into a format. */
export interface WebhookMessage {
  /** The same in every attempt. */
  id: string
  /** `incident.opened`; receivers choose by it. */
  type: string
  timestamp: string
  workspace: string
  /** What of the workspace it is about, as `incidents/0mb…`. Undefined: nothing in particular. */
  about: string | undefined
  /** JSON. */
  data: Record<string, unknown>
  /** What templates have beside `data`. JSON. */
  view: () => Record<string, unknown>
  /** As a person would read it. */
  text: string
  slack: () => Record<string, unknown>
}

const types: Readonly<Record<Notice['action'], string>> = {
  open: 'incident.opened',
  severity: 'incident.severity_changed',
  acknowledge: 'incident.acknowledged',
  resolve: 'incident.resolved',
  repeat: 'incident.still_open',
  rca: 'incident.rca_completed',
  notice: 'notice',
  test: 'test',
}

/** A notice as a webhook tells it. `timestamp` is when the delivery was made, so that each attempt has the same body. */
export function noticeMessage(notice: Notice, timestamp: string): WebhookMessage {
  const { id, action, workspace, isTest, url, rules } = notice
  const { incidents, event, isCut } = boundedNotice(notice)
  const [incident = null] = incidents
  const type = types[action]
  const text = plainText(notice)
  const title = subject(notice)
  const data = {
    workspace,
    test: isTest,
    title,
    severity: notice.severity,
    incident,
    ...(notice.incidents.length + notice.more > 1 && { incidents, more: notice.more }),
    event,
    rules,
    url,
    ...(isCut && { truncated: true }),
  }
  const view = () => ({
    title,
    text,
    action,
    severity: notice.severity,
    status: incident?.status ?? '',
    service: (incident ?? event).service,
    source: (incident ?? event).source,
    test: isTest,
    incident: incident === null ? null : withLabelList(incident),
    incidents: incidents.map(withLabelList),
    count: notice.incidents.length + notice.more,
    more: notice.more,
    event: withLabelList(event),
    rules,
    url: url ?? '',
    links: links(notice),
  })
  const [first] = notice.incidents
  const about = first === undefined ? undefined : `incidents/${first.id}`
  return { id, type, timestamp, workspace, about, data, view, text, slack: () => slackBody(notice) }
}

/** Mustache goes through lists only. */
function withLabelList<Item extends { labels: Readonly<Record<string, string>> }>(item: Item) {
  return { ...item, label_list: Object.entries(item.labels).map(([name, value]) => ({ name, value })) }
}
