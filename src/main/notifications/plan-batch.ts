import type { ChannelKind } from '../../shared/contract/channels.ts'
import type { NoticeAction } from '../../shared/contract/deliveries.ts'
import type { Incident, RuleDecision } from '../../shared/contract/incidents.ts'
import type { Happening } from '../incidents/happening.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { RuleName } from '../store/delivery-rows.ts'
import { refusalOf } from './channel-refusal.ts'
import { DecisionSheet } from './decision-sheet.ts'
import { FollowUps } from './follow-ups.ts'
import type { Ledger } from './ledger.ts'
import { NoticeQueue, severityOf } from './notice-queue.ts'
import type { CompiledRule, Verdict } from './rule-decision.ts'
import { Verdicts } from './verdicts.ts'

export interface PlanOptions {
  ledger: Ledger
  /** In the order in which they decide. */
  rules: readonly CompiledRule[]
  channel: (id: string) => StoredChannel | undefined
  groups: (kind: ChannelKind) => boolean
  nextId: () => string
  nowMs: number
  /** What these rules say at that time, where somebody has asked already. */
  verdicts?: Verdicts
}

interface Wish {
  channel: StoredChannel
  rules: CompiledRule[]
  verdicts: Verdict[]
}

/** Decides for one happening after the other who is told what, when and why. Touches nothing but its ledger. */
export class PlanBatch {
  readonly #options: PlanOptions
  readonly #queue: NoticeQueue
  readonly #followUps: FollowUps
  readonly #decided: Verdicts

  constructor(options: PlanOptions) {
    this.#options = options
    this.#queue = new NoticeQueue(options)
    this.#followUps = new FollowUps(options, this.#queue)
    this.#decided = options.verdicts ?? new Verdicts(options.rules, options.nowMs)
  }

  take(happening: Happening): RuleDecision[] {
    const sheet = new DecisionSheet()
    switch (happening.change) {
      case 'opened':
        this.#announce(happening, 'open', sheet)
        break
      case 'notice':
        this.#announce(happening, 'notice', sheet)
        break
      case 'rca':
        this.#announce(happening, 'rca', sheet)
        break
      case 'severity':
        this.#severity(happening, sheet)
        break
      case 'acknowledged':
        this.#followUps.toEverybodyTold(happening, 'acknowledge', sheet)
        break
      case 'resolved':
        this.#followUps.toEverybodyTold(happening, 'resolve', sheet)
        break
      case 'updated':
      case 'repeated':
        this.#nothingNew(happening, sheet)
    }
    return sheet.decisions
  }

  /** To each channel of each rule that matches; to one that two rules want once. */
  #announce(
    happening: Happening,
    action: NoticeAction,
    sheet: DecisionSheet,
    isAlreadyTold: (channelId: string) => boolean = () => false,
  ): void {
    const { event } = happening
    for (const wish of this.#wishes(happening, sheet).values()) {
      const { channel, rules } = wish
      if (isAlreadyTold(channel.id)) continue
      const names = rules.map(({ rule }) => nameOf(rule))
      const refusal = refusalOf(channel, severityOf(happening), event.type, this.#options.nowMs)
      if (refusal !== undefined) {
        sheet.channel(names, { ...identified(channel), ...refusal, delivery_id: null })
        continue
      }
      const because = wish.verdicts.map((verdict, index) => `rule ${names[index]?.name ?? ''}: ${verdict.because}`)
      const {
        delivery,
        outcome,
        because: outcomeBecause,
      } = this.#queue.put({
        happening,
        channel,
        action,
        rules,
        names,
        because: because.join('; '),
        mayJoinStorm: true,
      })
      sheet.channel(names, {
        ...identified(channel),
        outcome,
        because: outcomeBecause,
        delivery_id: delivery.id,
      })
      if (action === 'open' && happening.incident !== null) this.#tell(happening.incident, channel, names, delivery.id)
    }
  }

  /** Those who know of it hear that it changed; when it got worse, rules may want it that did not before. */
  #severity(happening: Happening, sheet: DecisionSheet): void {
    const { incident } = happening
    if (incident === null) return
    const gotWorse = incident.severity === incident.highest_severity && incident.status !== 'resolved'
    const told = this.#followUps.knownTo(incident.id)
    if (gotWorse) this.#announce(happening, 'open', sheet, (channelId) => told.has(channelId))
    else this.#verdicts(happening, sheet)
    this.#followUps.severity(happening, sheet)
  }

  #nothingNew(happening: Happening, sheet: DecisionSheet): void {
    const because =
      happening.change === 'updated' ? 'only what it says has changed: see its timeline' : 'told before, nothing is new'
    for (const { channel, rules } of this.#wishes(happening, sheet).values()) {
      const names = rules.map(({ rule }) => nameOf(rule))
      sheet.channel(names, { ...identified(channel), outcome: 'repeat', because, delivery_id: null })
    }
  }

  #tell(incident: Incident, channel: StoredChannel, rules: RuleName[], deliveryId: string): void {
    this.#options.ledger.tell({
      incidentId: incident.id,
      channelId: channel.id,
      rules,
      toldAt: new Date(this.#options.nowMs).toISOString(),
      // Set when it has been delivered.
      repeatAt: null,
      deliveryId,
    })
  }

  #wishes(happening: Happening, sheet: DecisionSheet): Map<string, Wish> {
    const wishes = new Map<string, Wish>()
    for (const [compiled, verdict] of this.#verdicts(happening, sheet)) {
      if (!verdict.matched) continue
      for (const id of compiled.rule.channels) {
        const channel = this.#options.channel(id)
        if (channel === undefined) continue
        const wish = wishes.get(id) ?? { channel, rules: [], verdicts: [] }
        wish.rules.push(compiled)
        wish.verdicts.push(verdict)
        wishes.set(id, wish)
      }
    }
    return wishes
  }

  #verdicts(happening: Happening, sheet: DecisionSheet): readonly (readonly [CompiledRule, Verdict])[] {
    const verdicts = this.#decided.of(happening)
    for (const [{ rule }, verdict] of verdicts) sheet.verdict(nameOf(rule), verdict)
    return verdicts
  }
}

function identified(channel: StoredChannel) {
  return { channel_id: channel.id, channel_name: channel.name }
}

function nameOf({ id, name }: RuleName): RuleName {
  return { id, name }
}
