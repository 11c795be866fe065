import type { StoredChannel } from '../store/channels-store.ts'
import type { ToldRow } from '../store/plan-store.ts'
import type { Happening } from '../incidents/happening.ts'
import { allRefused } from './channel-refusal.ts'
import type { ChannelDecision, DecisionSheet } from './decision-sheet.ts'
import { isGroupKey, STORM_FROM } from './group-key.ts'
import { timeText } from './messages/text.ts'
import type { NoticeQueue } from './notice-queue.ts'
import type { PlanOptions } from './plan-batch.ts'
import type { CompiledRule } from './rule-decision.ts'
import { worse } from '../base/severity-order.ts'

type Decided = Pick<ChannelDecision, 'outcome' | 'because' | 'delivery_id'>
const NEVER_ARRIVED = 'its opening was given up, so there is nothing to add to'

/** Later words on an incident: to the channels that were told of it, whatever the rules say by now. */
export class FollowUps {
  readonly #options: PlanOptions
  readonly #queue: NoticeQueue

  constructor(options: PlanOptions, queue: NoticeQueue) {
    this.#options = options
    this.#queue = queue
  }

  /** Channels that were told, or will be. */
  knownTo(incidentId: string): Set<string> {
    const rows = this.#options.ledger.toldOf(incidentId).filter((row) => !this.#isGivenUp(row))
    return new Set(rows.map(({ channelId }) => channelId))
  }

  /** Neither quiet hours nor grouping hold it; when it is muted, it is sent when that is over. */
  toEverybodyTold(happening: Happening, action: 'acknowledge' | 'resolve', sheet: DecisionSheet): void {
    const what = action === 'resolve' ? 'a resolution' : 'an acknowledgement'
    for (const { rule } of this.#options.rules) {
      sheet.verdict(rule, { matched: false, because: `${what} goes to the channels that were told of the incident` })
    }
    for (const [row, channel] of this.#told(happening)) {
      this.#verdictOf(row, sheet, `${what} goes to every channel that was told of the incident`)
      row.repeatAt = null
      this.#options.ledger.toldChanged(row)
      const decided = this.#finalWord(happening, row, channel, action)
      sheet.channel(row.rules, { channel_id: channel.id, channel_name: channel.name, ...decided })
    }
  }

  severity(happening: Happening, sheet: DecisionSheet): void {
    for (const [row, channel] of this.#told(happening)) {
      // An opening that this very happening made.
      if (this.#options.ledger.openingOf(row).delivery?.eventIds.at(-1) === happening.event.id) continue
      this.#verdictOf(row, sheet, 'a severity that changes is told to every channel that was told of the incident')
      const decided = this.#changedSeverity(happening, row, channel)
      sheet.channel(row.rules, { channel_id: channel.id, channel_name: channel.name, ...decided })
    }
  }

  #finalWord(happening: Happening, row: ToldRow, channel: StoredChannel, action: 'acknowledge' | 'resolve'): Decided {
    const { ledger } = this.#options
    const opening = ledger.openingOf(row)
    if (this.#isGivenUp(row)) return { outcome: 'repeat', because: NEVER_ARRIVED, delivery_id: row.deliveryId }
    const isUntried = !channel.enabled && action === 'resolve' && ledger.isUntried(row)
    if (opening.delivery !== undefined && (opening.state === 'waiting' || isUntried)) {
      const outcome = isUntried ? 'disabled' : isGroupKey(opening.delivery.groupKey) ? 'grouped' : 'quiet'
      if (action === 'acknowledge') {
        return { outcome, because: 'its opening still waits and will say so', delivery_id: row.deliveryId }
      }
      const left = 'it was resolved before its opening was sent, so nothing is said of it'
      if (ledger.resolvedIn(row.deliveryId, row.incidentId)) {
        Object.assign(opening.delivery, { state: 'withdrawn', because: left, notBefore: null })
        ledger.changed(opening.delivery)
      }
      return { outcome, because: left, delivery_id: row.deliveryId }
    }
    const told = `${channel.name} was told of the incident at ${timeText(row.toldAt)}`
    const { delivery, outcome, because } = this.#queue.put({
      happening,
      channel,
      action,
      rules: [],
      names: row.rules,
      // An alert in PagerDuty that is never told of its end stays open for ever.
      because: channel.enabled ? told : `${told}; the channel is turned off, so it waits until it is turned on again`,
      // What was told together may be taken back together; else each belongs to a message of its own.
      mayJoinStorm: opening.events > 1 && ledger.queuedFor(channel.id) >= STORM_FROM,
    })
    return { outcome, because, delivery_id: delivery.id }
  }

  #changedSeverity(happening: Happening, row: ToldRow, channel: StoredChannel): Decided {
    const { ledger, nowMs } = this.#options
    const { incident } = happening
    if (incident === null || this.#isGivenUp(row)) {
      return { outcome: 'repeat', because: NEVER_ARRIVED, delivery_id: row.deliveryId }
    }
    const { delivery: opening } = ledger.openingOf(row)
    const rules = this.#compiled(row)
    if (opening?.state === 'waiting') {
      opening.severity = worse(opening.severity, incident.severity)
      const isQuiet = !isGroupKey(opening.groupKey)
      const hold = this.#queue.holdOf({ happening, channel, action: 'open', rules, names: row.rules })
      if (isQuiet && hold?.outcome !== 'quiet') {
        opening.because = `severity ${incident.severity} is not held back by the quiet hours`
        ledger.release(opening)
        return { outcome: 'queued', because: opening.because, delivery_id: opening.id }
      }
      ledger.changed(opening)
      const because = 'its opening still waits and will say so'
      return { outcome: isQuiet ? 'quiet' : 'grouped', because, delivery_id: opening.id }
    }
    const refused = allRefused(channel, nowMs)
    if (refused !== undefined) return { ...refused, delivery_id: null }
    const { delivery, outcome, because } = this.#queue.put({
      happening,
      channel,
      action: 'severity',
      rules,
      names: row.rules,
      because: `${channel.name} was told of the incident at ${timeText(row.toldAt)}`,
      mayJoinStorm: true,
    })
    return { outcome, because, delivery_id: delivery.id }
  }

  #told({ incident }: Happening): [ToldRow, StoredChannel][] {
    if (incident === null) return []
    return this.#options.ledger.toldOf(incident.id).flatMap((row) => {
      const channel = this.#options.channel(row.channelId)
      return channel === undefined ? [] : [[row, channel]]
    })
  }

  #isGivenUp(row: ToldRow): boolean {
    const { state } = this.#options.ledger.openingOf(row)
    return state === 'failed' || state === 'withdrawn'
  }

  /** Of the rules that wanted the opening those that are still there. */
  #compiled({ rules }: ToldRow): CompiledRule[] {
    return this.#options.rules.filter(({ rule }) => rules.some(({ id }) => id === rule.id))
  }

  #verdictOf({ rules }: ToldRow, sheet: DecisionSheet, because: string): void {
    for (const rule of rules) sheet.verdict(rule, { matched: true, because })
  }
}
