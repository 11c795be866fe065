import type { DueStore, RepeatRow } from '../store/due-store.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { RuleName, StoredDelivery } from '../store/delivery-rows.ts'
import type { Transaction } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { ChannelBook } from './channel-book.ts'
import { firstToLetGo } from './first-to-let-go.ts'
import { ruleMute } from './mutes.ts'
import { isMuted, quietUntil, type CompiledRule } from './rule-decision.ts'
import type { RuleBook } from './rule-book.ts'
import { addressedTo, countOneMore, UNTRIED } from './new-delivery.ts'
import { isAtLeast } from '../base/severity-order.ts'

interface RepeatsOptions {
  store: DueStore
  rules: RuleBook
  channels: ChannelBook
  groups: (kind: StoredChannel['settings']['kind']) => boolean
  nextId: () => string
}

/** Tells again of incidents that are still open and that nobody acknowledged. */
export class Repeats {
  readonly #options: RepeatsOptions

  constructor(options: RepeatsOptions) {
    this.#options = options
  }

  /** When the incidents of a delivery are told again, as its rules are now; null: never. */
  after(workspace: string, names: readonly RuleName[], nowMs: number): string | null {
    const seconds = this.#rulesOf(workspace, names).map(({ rule }) => rule.grouping.repeat_s)
    const wanted = seconds.filter((value) => value > 0)
    return wanted.length === 0 ? null : new Date(nowMs + Math.min(...wanted) * 1000).toISOString()
  }

  /**
   * Those that are due, each once however long ago that was; what is due at the same time for the same channel by the same
   * rules is told together. Gives the deliveries; `more`: there are others that are due.
   */
  async run(nowMs: number): Promise<{ deliveries: StoredDelivery[]; more: boolean }> {
    const { store } = this.#options
    return await store.inTransaction(async (transaction) => {
      const rows = await store.repeats(transaction, new Date(nowMs).toISOString())
      const made = new Map<string, StoredDelivery>()
      for (const row of rows) await this.#one(transaction, row, nowMs, made)
      const deliveries = [...made.values()]
      await store.insert(transaction, deliveries)
      return { deliveries, more: rows.length > 0 }
    })
  }

  /** None is told again later than its rules say as they are now: they were changed, or the clock was ahead. */
  async bringForward(nowMs: number): Promise<void> {
    const { store } = this.#options
    await store.inTransaction(async (transaction) => {
      for (const { workspace, rules } of await store.repeatedBy(transaction)) {
        await store.bringForward(transaction, rules, this.after(workspace, rules, nowMs))
      }
    })
  }

  async #one(
    transaction: Transaction<Schema>,
    row: RepeatRow,
    nowMs: number,
    made: Map<string, StoredDelivery>,
  ): Promise<void> {
    const { store, channels, groups, nextId } = this.#options
    const channel = channels.find(row.channelId)
    const rules = this.#rulesOf(row.workspace, row.rules).filter(({ rule }) => rule.grouping.repeat_s > 0)
    const next = this.after(row.workspace, row.rules, nowMs)
    if (channel === undefined || next === null) {
      await store.setRepeat(transaction, row, null)
      return
    }
    const hold = firstToLetGo(rules, (rule) => holdOf(rule, row, nowMs))
    if (hold !== undefined) {
      await store.setRepeat(transaction, row, new Date(hold.untilMs).toISOString())
      return
    }
    await store.setRepeat(transaction, row, next)
    if (row.isOnItsWay || !channel.enabled || isMuted(channel.mutedUntil, nowMs)) return
    if (!isAtLeast(row.severity, channel.minSeverity)) return
    const names = rules.map(({ rule: { id, name } }) => ({ id, name }))
    const key = JSON.stringify([channel.id, names, groups(channel.settings.kind) ? '' : row.incidentId])
    const known = made.get(key)
    if (known === undefined) made.set(key, reminder(channel, row, names, nextId(), nowMs))
    else {
      known.incidentIds.push(row.incidentId)
      countOneMore(known, row.severity)
    }
  }

  #rulesOf(workspace: string, names: readonly RuleName[]): CompiledRule[] {
    return this.#options.rules
      .of(workspace)
      .filter(({ rule }) => rule.enabled && names.some(({ id }) => id === rule.id))
  }
}

function holdOf(rule: CompiledRule, { severity }: RepeatRow, nowMs: number): { untilMs: number } | undefined {
  const untilMs = ruleMute(rule, nowMs)?.untilMs ?? quietUntil(rule, severity, nowMs)
  return untilMs === undefined ? undefined : { untilMs }
}

function reminder(
  channel: StoredChannel,
  row: RepeatRow,
  rules: RuleName[],
  id: string,
  nowMs: number,
): StoredDelivery {
  return {
    ...UNTRIED,
    ...addressedTo(channel),
    id,
    createdAt: new Date(nowMs).toISOString(),
    action: 'repeat',
    state: 'pending',
    title: row.title,
    severity: row.severity,
    rules,
    incidentIds: [row.incidentId],
    eventIds: [row.lastEventId],
    eventCount: 1,
    because: `still open, and nobody acknowledged it: ${rules.map(({ name }) => `rule ${name}`).join(' and ')} tells again`,
  }
}
