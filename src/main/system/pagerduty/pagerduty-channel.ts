import type { ChannelTest, MessagePreview } from '../../../shared/contract/channels.ts'
import type { ChannelAdapter, Notice, Outgoing, Reference, SendOutcome } from '../../notifications/channel-adapter.ts'
import { KEY_PLACE } from '../../notifications/channel-secrets.ts'
import { plainText } from '../../notifications/messages/plain-text.ts'
import type { SystemAccess } from '../system-adapter.ts'
import { changeBody, dedupKeyOf, followUpBody, triggerBody, type ChangeBody, type EventBody } from './event-bodies.ts'
import { enqueue, eventsUrl, mayGoTo } from './events-api.ts'
import { pagerDutySeverity } from './severities.ts'
import { testEvent, TEST_SUMMARY, type Looking, type TestedEvent } from './test-event.ts'

/** About 120 events a minute are taken of one key. */
const PACE_MS = 500
/** Longer than the attempt itself, so that it is the attempt that says what was too slow. */
const TIMEOUT_MS = 20_000
const HIDDEN = '••••'

export interface PagerDutyChannelOptions {
  /** PagerDuty as it is set up in a workspace; undefined: it is not, or it is disabled. */
  access: (workspace: string) => SystemAccess | undefined
  looking?: Looking
}

/** Notices as alerts of PagerDuty: one for each incident, which is acknowledged and resolved with it. */
export class PagerDutyChannel implements ChannelAdapter {
  readonly kind = 'pagerduty'
  readonly paceMs = PACE_MS
  readonly timeoutMs = TIMEOUT_MS
  readonly #access: PagerDutyChannelOptions['access']
  readonly #looking: Looking

  constructor({ access, looking = {} }: PagerDutyChannelOptions) {
    this.#access = access
    this.#looking = looking
  }

  destination(): string {
    return 'PagerDuty'
  }

  unready(workspace: string): { code: string; message: string } | undefined {
    return this.#access(workspace) === undefined ? notSetUp() : undefined
  }

  async send(outgoing: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
    const { notice } = outgoing
    const access = this.#access(notice.workspace)
    if (access === undefined) return { kind: 'broken', ...notSetUp(), exchanges: [] }
    const { routingKey, problem } = keyOf(outgoing, access)
    if (routingKey === undefined) return { kind: 'broken', ...problem, exchanges: [] }
    if (notice.action === 'test') return (await this.#tested(notice, access, routingKey, signal)).outcome
    // Keys of a ruleset or an orchestration begin with R, and take alerts only.
    if (isChange(notice) && routingKey.startsWith('R')) {
      const message = 'The integration key belongs to an orchestration. Those take alerts, but no change events.'
      return { kind: 'rejected', code: 'no_change_events', message, exchanges: [] }
    }
    const body = bodyOf(notice, outgoing.references, routingKey, access.values.severities)
    const { dedupKey, ...outcome } = await enqueue(access, body, Date.now(), signal)
    const [incident] = notice.incidents
    if (outcome.kind !== 'delivered' || incident === undefined || !('dedup_key' in body)) return outcome
    const key = dedupKey ?? body.dedup_key
    const reference: Reference = { dedup_key: key }
    const references = new Map([[incident.id, reference]])
    if (notice.action !== 'open' || incident.status !== 'acknowledged') return { ...outcome, references }
    // It was acknowledged while its opening waited: nobody has to be called any more.
    const end = followUpBody('acknowledge', { routingKey, dedupKey: key })
    const { dedupKey: _, ...acknowledged } = await enqueue(access, end, Date.now(), signal)
    return { ...acknowledged, exchanges: [...outcome.exchanges, ...acknowledged.exchanges], references }
  }

  preview({ notice, references }: Omit<Outgoing, 'secret' | 'attempt'>): MessagePreview {
    const severities = this.#access(notice.workspace)?.values.severities
    const body = bodyOf(notice, references, HIDDEN, severities)
    return { content_type: 'application/json', text: plainText(notice), body: JSON.stringify(body, undefined, 2) }
  }

  async test(outgoing: Outgoing, signal: AbortSignal): Promise<Omit<ChannelTest, 'duration_ms'>> {
    const { notice } = outgoing
    const access = this.#access(notice.workspace)
    if (access === undefined) return failed(notSetUp())
    const { routingKey, problem } = keyOf(outgoing, access)
    if (routingKey === undefined) return failed({ ...problem, field: 'credentials.integration_key' })
    const { outcome, seen } = await this.#tested(notice, access, routingKey, signal)
    if (outcome.kind !== 'delivered') return failed({ code: outcome.code, message: outcome.message })
    return { ok: true, message: seenMessage(seen), error: null }
  }

  placeOfSecrets(workspace: string): string | undefined {
    const access = this.#access(workspace)
    return access && new URL(eventsUrl(access)).origin
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #tested({ id, url }: Notice, access: SystemAccess, routingKey: string, signal: AbortSignal): Promise<TestedEvent> {
    const severity = pagerDutySeverity('info', access.values.severities)
    const event = { routingKey, dedupKey: `gatehouse-test-${id}`, severity, url }
    return testEvent(access, event, signal, this.#looking)
  }
}

/** What a test found, for a person. */
export function seenMessage(seen: TestedEvent['seen']): string {
  if (seen === 'not_looked') {
    return `PagerDuty accepted a test event and its end. It accepts keys that it does not know as well: look for "${TEST_SUMMARY}" in the activity of your service to be sure.`
  }
  if (seen === 'not_seen') {
    return 'PagerDuty accepted a test event and its end, but shows no incident of it. Check that the integration key is of a service of this account that makes incidents of alerts.'
  }
  const number = seen.number === undefined ? 'an incident' : `incident #${seen.number}`
  return `PagerDuty made ${number} of a test event, and resolved it.`
}

function bodyOf(
  notice: Notice,
  references: Outgoing['references'],
  routingKey: string,
  severities: unknown,
): EventBody | ChangeBody {
  if (isChange(notice)) return changeBody(notice, routingKey)
  const known = references.get(notice.incidents[0]?.id ?? '')?.dedup_key
  const dedupKey = typeof known === 'string' ? known : dedupKeyOf(notice)
  const { action, incidents } = notice
  // What is over by now calls nobody; where an attempt before did arrive, this is its end.
  if (action === 'resolve' || incidents[0]?.status === 'resolved') {
    return followUpBody('resolve', { routingKey, dedupKey })
  }
  if (action === 'acknowledge') return followUpBody(action, { routingKey, dedupKey })
  return triggerBody(notice, { routingKey, dedupKey, severity: pagerDutySeverity(notice.severity, severities) })
}

/** What calls nobody: a report, or an event without an incident. A trigger would open what is resolved. */
function isChange({ action, incidents }: Notice): boolean {
  return action === 'rca' || action === 'notice' || incidents.length === 0
}

type Key = { routingKey: string; problem?: never } | { routingKey?: never; problem: { code: string; message: string } }

function keyOf(outgoing: Outgoing, access: SystemAccess): Key {
  const own = outgoing.secret('integration_key')
  if (own !== undefined && !mayGoTo(access, outgoing.secret(KEY_PLACE))) return { problem: otherPlace(access) }
  const routingKey = own ?? access.secret('integration_key')
  return routingKey === undefined ? { problem: noKey() } : { routingKey }
}

function otherPlace(access: SystemAccess): { code: string; message: string } {
  const { origin } = new URL(eventsUrl(access))
  const message = `PagerDuty is set up at ${origin} by now. The channel's own integration key was given for another place and is not sent there: enter it again.`
  return { code: 'key_of_other_place', message }
}

function notSetUp(): { code: string; message: string } {
  return {
    code: 'needs_setup',
    message: 'PagerDuty is not set up in this workspace, or disabled. Set it up under Integrations.',
  }
}

function noKey(): { code: string; message: string } {
  return {
    code: 'needs_setup',
    message: 'There is no integration key. Enter one at the channel, or set up PagerDuty again.',
  }
}

function failed({
  code,
  message,
  field,
}: {
  code: string
  message: string
  field?: string
}): Omit<ChannelTest, 'duration_ms'> {
  return { ok: false, message, error: { code, message, ...(field !== undefined && { field }) } }
}
