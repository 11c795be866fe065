import type { NoticeAction } from '../../shared/contract/deliveries.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Clock } from './clock.ts'
import { firstToLetGo } from './first-to-let-go.ts'
import { isGroupKey, quietKey } from './group-key.ts'
import { timeText } from './messages/text.ts'
import { muteOf } from './mutes.ts'
import type { RuleBook } from './rule-book.ts'
import { quietUntil, stillWanting, type CompiledRule } from './rule-decision.ts'

interface HoldsOptions {
  rules: RuleBook
  channels: ChannelBook
  clock: Pick<Clock, 'now'>
}

/** They wait for the end of a mute. The others tell of something new, and nothing new is made up for after one. */
const ENDS: ReadonlySet<NoticeAction> = new Set(['acknowledge', 'resolve'])
/** Nobody is told of it for another reason than its rules. */
const OF_RULES: ReadonlySet<NoticeAction> = new Set(['open', 'notice', 'rca', 'repeat'])

/** Whether what was planned earlier is still to be sent, and when: rules and mutes may be others by now. */
export class Holds {
  readonly #options: HoldsOptions

  constructor(options: HoldsOptions) {
    this.#options = options
  }

  /** What one is whose turn it is, if it can't be sent: withdrawn, or waiting; undefined: it is sent. */
  instead(delivery: StoredDelivery): StoredDelivery | undefined {
    const nowMs = this.#options.clock.now()
    const channel = this.#options.channels.find(delivery.channelId)
    const mute = channel && muteOf(channel, this.#wanting(delivery), nowMs)
    if (mute === undefined) return undefined
    if (!ENDS.has(delivery.action)) return withdrawn(delivery, `${mute.because}, and nothing is made up for afterwards`)
    return {
      ...delivery,
      state: 'waiting',
      because: until(delivery, mute.untilMs, mute.because),
      notBefore: isoOf(mute.untilMs),
      nextAttemptAt: null,
      // Its day of patience begins when it can be sent.
      giveUpAt: null,
      groupKey: null,
    }
  }

  /** The same of one that has waited for its time. */
  atItsTime(delivery: StoredDelivery): StoredDelivery | undefined {
    return this.instead(delivery) ?? quietAtItsTime(delivery, this.#wanting(delivery), this.#options.clock.now())
  }

  /** As one is by now that was on its way when rules or mutes were changed; undefined: as it was. */
  anew(delivery: StoredDelivery): StoredDelivery | undefined {
    if (delivery.state !== 'waiting') return this.instead(delivery)
    const wanting = this.#wanting(delivery)
    if (wanting.length === 0 && delivery.rules.length > 0 && OF_RULES.has(delivery.action)) {
      const names = delivery.rules.map(({ name }) => `rule ${name}`).join(' and ')
      return withdrawn(delivery, `${names} was deleted, turned off or sends elsewhere before its time came`)
    }
    const nowMs = this.#options.clock.now()
    const untilMs = this.#untilMs(delivery, wanting, nowMs)
    const formerMs = Date.parse(delivery.notBefore ?? '')
    if (untilMs === formerMs || (untilMs <= nowMs && formerMs <= nowMs)) return undefined
    return { ...delivery, notBefore: isoOf(untilMs), because: until(delivery, untilMs, 'by its rule as it is now') }
  }

  #untilMs(delivery: StoredDelivery, wanting: readonly CompiledRule[], nowMs: number): number {
    const { action, severity, groupKey, notBefore } = delivery
    if (ENDS.has(action)) {
      const channel = this.#options.channels.find(delivery.channelId)
      return (channel && muteOf(channel, wanting, nowMs)?.untilMs) ?? nowMs
    }
    const hold = firstToLetGo(wanting, (compiled) => {
      const untilMs = isGroupKey(groupKey)
        ? Math.min(Date.parse(notBefore ?? ''), nowMs + compiled.rule.grouping.wait_s * 1000)
        : quietUntil(compiled, severity, nowMs)
      return untilMs === undefined ? undefined : { untilMs }
    })
    return hold?.untilMs ?? nowMs
  }

  /** Of the rules that wanted it those that still send there. */
  #wanting({ workspace, rules, channelId }: StoredDelivery): CompiledRule[] {
    return stillWanting(this.#options.rules.of(workspace), rules, channelId)
  }
}

/** A group that was made before quiet hours, and whose time comes in them, waits for their end; undefined: it is sent. */
export function quietAtItsTime(
  delivery: StoredDelivery,
  rules: readonly CompiledRule[],
  nowMs: number,
): StoredDelivery | undefined {
  if (!isGroupKey(delivery.groupKey)) return undefined
  const hold = firstToLetGo(rules, (compiled) => {
    const untilMs = quietUntil(compiled, delivery.severity, nowMs)
    return untilMs === undefined ? undefined : { untilMs, name: compiled.rule.name }
  })
  if (hold === undefined) return undefined
  const ids = delivery.rules.map(({ id }) => id)
  return {
    ...delivery,
    notBefore: isoOf(hold.untilMs),
    groupKey: quietKey(ids, delivery.action),
    because: until(delivery, hold.untilMs, `quiet hours of rule ${hold.name}`),
  }
}

function withdrawn(delivery: StoredDelivery, because: string): StoredDelivery {
  return { ...delivery, state: 'withdrawn', because, notBefore: null, nextAttemptAt: null }
}

/** Why it waits, in the place of what was said of that before. */
function until({ because }: StoredDelivery, untilMs: number, why: string): string {
  return `${because.replace(/; waits until .*$/s, '')}; waits until ${timeText(isoOf(untilMs))}: ${why}`
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}
