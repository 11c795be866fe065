import type { ChannelKind } from '../../shared/contract/channels.ts'
import type { NoticeAction } from '../../shared/contract/deliveries.ts'
import type { Severity } from '../../shared/contract/incidents.ts'
import type { Happening } from '../incidents/happening.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { RuleName, StoredDelivery } from '../store/delivery-rows.ts'
import type { ChannelDecision } from './decision-sheet.ts'
import { firstToLetGo } from './first-to-let-go.ts'
import { quietKey, STORM_FROM, stormKey, waitKey } from './group-key.ts'
import type { Ledger } from './ledger.ts'
import { timeText } from './messages/text.ts'
import { muteOf } from './mutes.ts'
import { addressedTo, countOneMore, UNTRIED } from './new-delivery.ts'
import { quietUntil, stillWanting, type CompiledRule } from './rule-decision.ts'

/** So many incidents and events are named; the others are counted. */
const MOST_NAMED = 100
const MOST_RULES = 50

interface NoticeQueueOptions {
  ledger: Ledger
  /** All of the workspace. */
  rules: readonly CompiledRule[]
  nowMs: number
  /** Ids that sort by time. */
  nextId: () => string
  /** Whether one message of that kind can tell of several incidents. */
  groups: (kind: ChannelKind) => boolean
}

/** What is to be told to one channel. */
export interface Wanted {
  happening: Happening
  channel: StoredChannel
  action: NoticeAction
  /** As they are now, for quiet hours and grouping. */
  rules: readonly CompiledRule[]
  names: readonly RuleName[]
  because: string
  /** May be told together with others when there are very many. */
  mayJoinStorm: boolean
}

type Hold = { untilMs: number; outcome: 'grouped' | 'quiet' | 'muted'; key: string | null; because: string }
export type Queued = { delivery: StoredDelivery } & Pick<ChannelDecision, 'outcome' | 'because'>

/** Makes deliveries, or lets notices join ones that still wait. */
export class NoticeQueue {
  readonly #options: NoticeQueueOptions

  constructor(options: NoticeQueueOptions) {
    this.#options = options
  }

  put(wanted: Wanted): Queued {
    const groups = this.#options.groups(wanted.channel.settings.kind)
    const isEnd = wanted.action === 'acknowledge' || wanted.action === 'resolve'
    const hold = isEnd ? this.#mute(wanted) : this.holdOf(wanted)
    if (hold !== undefined) {
      const key = groups ? hold.key : null
      const delivery = this.#joined(wanted, key, 'waiting') ?? this.#added(wanted, { ...hold, key })
      return { delivery, outcome: hold.outcome, because: hold.because }
    }
    const isStorm = groups && wanted.mayJoinStorm && this.#options.ledger.queuedFor(wanted.channel.id) >= STORM_FROM
    if (!isStorm) return { delivery: this.#added(wanted), outcome: 'queued', because: wanted.because }
    const because = `more than ${STORM_FROM} notices wait for ${wanted.channel.name}: this one tells of the others together (storm)`
    const key = stormKey(wanted.action)
    const delivery = this.#joined(wanted, key, 'pending') ?? this.#added({ ...wanted, because }, { key })
    return { delivery, outcome: 'grouped', because }
  }

  /** Why it is not told at once. */
  holdOf({ happening, channel, action, rules, names }: Omit<Wanted, 'because' | 'mayJoinStorm'>): Hold | undefined {
    const severity = severityOf(happening)
    const groups = this.#options.groups(channel.settings.kind)
    const ids = names.map(({ id }) => id)
    return firstToLetGo(
      rules,
      (rule) =>
        this.#quiet(rule, severity, ids, action) ??
        (groups && action === 'open' ? this.#wait(rule, ids, happening) : undefined),
    )
  }

  /** What was told does not stay open there for ever: its end waits until the mute is over. */
  #mute({ channel, names }: Wanted): Hold | undefined {
    const { rules, nowMs } = this.#options
    const mute = muteOf(channel, stillWanting(rules, names, channel.id), nowMs)
    return mute && { ...mute, outcome: 'muted', key: null }
  }

  #quiet(compiled: CompiledRule, severity: Severity, ids: string[], action: NoticeAction): Hold | undefined {
    const untilMs = quietUntil(compiled, severity, this.#options.nowMs)
    if (untilMs === undefined) return undefined
    const because = `quiet hours of rule ${compiled.rule.name} until ${timeText(new Date(untilMs).toISOString())}`
    return { untilMs, outcome: 'quiet', key: quietKey(ids, action), because }
  }

  #wait({ rule }: CompiledRule, ids: string[], { event }: Happening): Hold | undefined {
    const { wait_s, by } = rule.grouping
    if (wait_s === 0) return undefined
    const because = `rule ${rule.name} waits ${wait_s} s for others of its group`
    return {
      untilMs: this.#options.nowMs + wait_s * 1000,
      outcome: 'grouped',
      key: waitKey(ids, by, event),
      because,
    }
  }

  #joined(wanted: Wanted, key: string | null, state: 'waiting' | 'pending'): StoredDelivery | undefined {
    const { happening, channel, names } = wanted
    const delivery = key === null ? undefined : this.#options.ledger.group(channel.id, key, state)
    if (delivery === undefined) return undefined
    const incidentId = happening.incident?.id
    countOneMore(delivery, severityOf(happening))
    // The newest one is what the notice says most of.
    delivery.eventIds = [...delivery.eventIds.slice(0, MOST_NAMED - 1), happening.event.id]
    if (incidentId !== undefined && !delivery.incidentIds.includes(incidentId)) {
      if (delivery.incidentIds.length < MOST_NAMED) delivery.incidentIds.push(incidentId)
    }
    for (const name of names) {
      const isNamed = delivery.rules.some(({ id }) => id === name.id)
      if (delivery.rules.length < MOST_RULES && !isNamed) delivery.rules.push(name)
    }
    this.#options.ledger.changed(delivery)
    return delivery
  }

  #added(wanted: Wanted, hold?: { key: string | null; untilMs?: number; because?: string }): StoredDelivery {
    const { happening, channel, action, names, because } = wanted
    const { event, incident } = happening
    const isHeld = hold?.untilMs !== undefined
    const delivery: StoredDelivery = {
      ...UNTRIED,
      ...addressedTo(channel),
      id: this.#options.nextId(),
      createdAt: new Date(this.#options.nowMs).toISOString(),
      action,
      state: isHeld ? 'waiting' : 'pending',
      title: incident?.title ?? event.title,
      severity: severityOf(happening),
      rules: [...names],
      incidentIds: incident === null ? [] : [incident.id],
      eventIds: [event.id],
      eventCount: 1,
      groupKey: hold?.key ?? null,
      because: isHeld && hold.because !== undefined ? `${because}; ${hold.because}` : because,
      notBefore: hold?.untilMs === undefined ? null : new Date(hold.untilMs).toISOString(),
    }
    this.#options.ledger.add(delivery)
    return delivery
  }
}

export function severityOf({ event, incident }: Happening): Severity {
  return incident?.severity ?? event.severity
}
