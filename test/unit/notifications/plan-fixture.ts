import type { Incident, IncidentEvent, RuleDecision } from '../../../src/shared/contract/incidents.ts'
import type { Rule } from '../../../src/shared/contract/rules.ts'
import { NewRule } from '../../../src/shared/contract/rules.ts'
import type { Change, Happening } from '../../../src/main/incidents/happening.ts'
import { Ledger } from '../../../src/main/notifications/ledger.ts'
import { PlanBatch } from '../../../src/main/notifications/plan-batch.ts'
import { compileRule, type CompiledRule } from '../../../src/main/notifications/rule-decision.ts'
import type { StoredChannel } from '../../../src/main/store/channels-store.ts'

export const START = Date.parse('2026-03-02T12:00:00Z')
const at = new Date(START).toISOString()

export function channel(id: string, given: Partial<StoredChannel> = {}): StoredChannel {
  return {
    id,
    workspace: 'default',
    name: id.toUpperCase(),
    enabled: true,
    minSeverity: 'info',
    mutedUntil: null,
    settings: {
      kind: 'webhook',
      webhook: { url: 'http://127.0.0.1:1/', format: 'json', headers: {}, events: [] },
    },
    health: {
      state: 'ok',
      since: at,
      last_delivered_at: null,
      last_error: null,
      consecutive_failures: 0,
      retry_at: null,
    },
    secrets: [],
    createdAt: at,
    updatedAt: at,
    ...given,
  }
}

export function pager(id: string): StoredChannel {
  return channel(id, { settings: { kind: 'pagerduty', pagerduty: {} } })
}

type Given = Partial<Omit<Rule, 'when' | 'grouping' | 'quiet'>> & {
  when?: object
  grouping?: object
  quiet?: object | null
}

export async function rule(id: string, channels: string[], given: Given = {}): Promise<CompiledRule> {
  const { when, ...rest } = given
  const input = NewRule.parse({ name: `rule ${id}`, channels, ...rest, when: { types: ['incident'], ...when } })
  return await compileRule({ ...input, id, created_at: at, updated_at: at })
}

/** One workspace in which things happen, without a database. */
export class Plan {
  readonly ledger = new Ledger()
  readonly #rules: CompiledRule[]
  readonly #channels: Map<string, StoredChannel>
  readonly #incidents = new Map<string, Incident>()
  #count = 0

  constructor(rules: CompiledRule[], channels: StoredChannel[]) {
    this.#rules = rules
    this.#channels = new Map(channels.map((each) => [each.id, each]))
  }

  get deliveries() {
    return this.ledger.changes.added
  }

  /** As the API tells of them. */
  get summary() {
    return this.deliveries.map(({ channelId, action, state, title }) => [channelId, action, state, title].join(' '))
  }

  replaceChannel(changed: StoredChannel): void {
    this.#channels.set(changed.id, changed)
  }

  happens(change: Change, id: string, given: Partial<IncidentEvent> = {}, afterMs = 0): RuleDecision[] {
    const before = this.#incidents.get(id)
    const event = eventOf(`e${++this.#count}`, id, { ...before, ...given })
    const severity = event.severity
    const order = ['critical', 'high', 'medium', 'low', 'info']
    const highest = [before?.highest_severity ?? severity, severity].sort((a, b) => order.indexOf(a) - order.indexOf(b))
    const incident: Incident = {
      ...incidentOf(id, event),
      highest_severity: highest[0] ?? severity,
      status: change === 'resolved' ? 'resolved' : change === 'acknowledged' ? 'acknowledged' : 'open',
    }
    this.#incidents.set(id, incident)
    const happening: Happening = { event, incident: change === 'notice' ? null : incident, change }
    return new PlanBatch({
      ledger: this.ledger,
      rules: this.#rules,
      channel: (channelId) => this.#channels.get(channelId),
      groups: (kind) => kind !== 'pagerduty',
      nextId: () => `d${++this.#count}`,
      nowMs: START + afterMs,
    }).take(happening)
  }
}

function eventOf(id: string, incidentId: string, given: Partial<IncidentEvent>): IncidentEvent {
  return {
    received_at: at,
    occurred_at: at,
    origin: 'api',
    told_by: null,
    type: 'incident',
    severity: 'high',
    status: 'open',
    title: incidentId,
    description: '',
    source: '',
    service: '',
    labels: {},
    dedupe_key: incidentId,
    links: [],
    rca: null,
    decisions: [],
    ...given,
    id,
    incident_id: incidentId,
  }
}

function incidentOf(id: string, event: IncidentEvent): Incident {
  const { severity, status, title, description, source, service, labels, dedupe_key, links, rca } = event
  return {
    id,
    number: 1,
    type: 'incident',
    severity,
    highest_severity: severity,
    status,
    title,
    description,
    source,
    service,
    labels,
    dedupe_key,
    links,
    rca,
    opened_at: at,
    acknowledged_at: null,
    acknowledged_by: null,
    resolved_at: null,
    resolved_by: null,
    updated_at: at,
    event_count: 1,
  }
}
