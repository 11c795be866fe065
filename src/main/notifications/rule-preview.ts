import type { PreviewedEvent, Rule } from '../../shared/contract/rules.ts'
import type { Incident, IncidentEvent } from '../../shared/contract/incidents.ts'
import type { Logger } from '../base/log.ts'
import type { Change, Happening } from '../incidents/happening.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { NoticeStore } from '../store/notice-store.ts'
import type { Adapters } from './adapters.ts'
import { previewOf } from './attempt.ts'
import type { ChannelSecrets } from './channel-secrets.ts'
import { quietAtItsTime } from './holds.ts'
import { Ledger } from './ledger.ts'
import { MOST_INCIDENTS, outgoingOf, type LinkTo } from './outgoing.ts'
import { PlanBatch } from './plan-batch.ts'
import { compileRule } from './rule-decision.ts'
import { severityRank, worse } from '../base/severity-order.ts'

interface RulePreviewParts {
  notices: NoticeStore
  adapters: Adapters
  secrets: ChannelSecrets
  linkTo: LinkTo
  nextId: () => string
  log: Logger
}

interface Replayed {
  happening: Happening
  decision: PreviewedEvent['decision']
  made: StoredDelivery[]
}

/** Lets a rule that is not stored decide on what came lately, by the same steps as if it had been there. Sends and stores nothing. */
export class RulePreview {
  readonly #parts: RulePreviewParts

  constructor(parts: RulePreviewParts) {
    this.#parts = parts
  }

  async of(
    workspace: string,
    rule: Rule,
    channels: readonly StoredChannel[],
    limit: number,
  ): Promise<{ examined: number; matched: number; items: PreviewedEvent[] }> {
    const { notices } = this.#parts
    const { events, first } = await notices.lastEvents(workspace, limit)
    const replayed = await this.#replay(rule, channels, happeningsOf(events, first))
    const items: PreviewedEvent[] = []
    for (const { happening, decision, made } of replayed) {
      const { decisions: _, ...event } = happening.event
      items.push({ event, decision, messages: await this.#messages(happening, made, replayed, channels) })
    }
    // Newest first, as everywhere.
    return {
      examined: items.length,
      matched: items.filter(({ decision }) => decision.matched).length,
      items: items.reverse(),
    }
  }

  /** A mute says nothing of the past, so there is none. */
  async #replay(rule: Rule, channels: readonly StoredChannel[], happenings: Happening[]): Promise<Replayed[]> {
    const compiled = await compileRule({ ...rule, enabled: true, muted_until: null })
    const byId = new Map(channels.map((channel) => [channel.id, { ...channel, mutedUntil: null }]))
    const ledger = new Ledger()
    const passTo = (nowMs: number) =>
      ledger.passTo(nowMs, (delivery, dueMs) => quietAtItsTime(delivery, [compiled], dueMs))
    const replayed = happenings.map((happening) => {
      const nowMs = Date.parse(happening.event.received_at)
      passTo(nowMs)
      const batch = new PlanBatch({
        ledger,
        rules: [compiled],
        channel: (id) => byId.get(id),
        groups: (kind) => this.#parts.adapters.groups(kind),
        nextId: this.#parts.nextId,
        nowMs,
      })
      const [decision] = batch.take(happening)
      const ids = new Set(decision?.channels.map(({ delivery_id }) => delivery_id))
      const made = ledger.changes.added.filter(
        ({ id, eventIds }) => ids.has(id) && eventIds.includes(happening.event.id),
      )
      return {
        happening,
        decision: decision ?? { rule_id: rule.id, rule_name: rule.name, matched: false, because: '', channels: [] },
        made,
      }
    })
    passTo(Infinity)
    return replayed
  }

  async #messages(
    happening: Happening,
    made: readonly StoredDelivery[],
    replayed: readonly Replayed[],
    channels: readonly StoredChannel[],
  ): Promise<PreviewedEvent['messages']> {
    const messages: PreviewedEvent['messages'] = []
    for (const delivery of made) {
      const channel = channels.find(({ id }) => id === delivery.channelId)
      if (channel === undefined || delivery.state === 'withdrawn') continue
      const at = delivery.notBefore ?? happening.event.received_at
      messages.push({ channel_id: channel.id, at, preview: await this.#shown(delivery, channel, replayed) })
    }
    return messages
  }

  async #shown(delivery: StoredDelivery, channel: StoredChannel, replayed: readonly Replayed[]) {
    const { adapters, secrets, linkTo, log } = this.#parts
    const told = replayed.filter(({ happening }) => delivery.eventIds.includes(happening.event.id))
    const incidents = new Map<string, Incident>()
    for (const { happening } of told) {
      if (happening.incident !== null) incidents.set(happening.incident.id, happening.incident)
    }
    const event = told.at(-1)?.happening.event
    if (event === undefined) return null
    const worstFirst = [...incidents.values()].sort((a, b) => severityRank(a.severity) - severityRank(b.severity))
    const facts = { incidents: worstFirst.slice(0, MOST_INCIDENTS), event, references: new Map<string, string>() }
    try {
      const adapter = await adapters.of(channel.settings.kind)
      return await previewOf(adapter, outgoingOf({ delivery, channel, facts, secrets, linkTo }), log)
    } catch {
      return null
    }
  }
}

/** What each event did to its incident, as far as the events tell. */
function happeningsOf(events: readonly IncidentEvent[], first: ReadonlySet<string>): Happening[] {
  const known = new Map<string, Incident>()
  return events.map((event) => {
    if (event.incident_id === null) {
      const isLate = event.status === 'resolved' || event.type === 'cluster_reconnected'
      return { event, incident: null, change: isLate ? 'repeated' : 'notice' }
    }
    const before = known.get(event.incident_id)
    const incident = incidentAfter(event, before)
    known.set(incident.id, incident)
    return { event, incident, change: changeOf(event, before, first.has(event.id)) }
  })
}

function changeOf(event: IncidentEvent, before: Incident | undefined, isFirst: boolean): Change {
  if (event.type === 'rca_completed') return 'rca'
  if (event.status === 'resolved' || event.type === 'cluster_reconnected') return 'resolved'
  if (isFirst) return 'opened'
  if (event.status === 'acknowledged') return 'acknowledged'
  return before !== undefined && before.severity !== event.severity ? 'severity' : 'repeated'
}

function incidentAfter(event: IncidentEvent, before: Incident | undefined): Incident {
  const isResolved = event.status === 'resolved' || event.type === 'cluster_reconnected'
  const isReport = event.type === 'rca_completed'
  const { title, description, source, service, labels, links, dedupe_key } = isReport && before ? before : event
  const severity = isReport && before ? before.severity : event.severity
  return {
    id: String(event.incident_id),
    number: 1,
    type:
      event.type === 'integration_state' ? 'integration_state' : isCluster(event) ? 'cluster_disconnected' : 'incident',
    severity,
    highest_severity: worse(before?.highest_severity ?? severity, severity),
    status: isResolved ? 'resolved' : isReport ? (before?.status ?? 'open') : event.status,
    title,
    description,
    source,
    service,
    labels,
    dedupe_key,
    links,
    rca: event.rca ?? before?.rca ?? null,
    opened_at: before?.opened_at ?? event.received_at,
    acknowledged_at: before?.acknowledged_at ?? (event.status === 'acknowledged' ? event.received_at : null),
    acknowledged_by: null,
    resolved_at: isResolved ? event.received_at : null,
    resolved_by: isResolved ? event.source : null,
    updated_at: event.received_at,
    event_count: (before?.event_count ?? 0) + 1,
  }
}

function isCluster({ type }: IncidentEvent): boolean {
  return type === 'cluster_disconnected' || type === 'cluster_reconnected'
}
