import type { Transaction } from 'kysely'
import type { ChannelKind } from '../../shared/contract/channels.ts'
import type { RuleDecision } from '../../shared/contract/incidents.ts'
import type { DeliveryPlanner, Happening } from '../incidents/happening.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { PlanStore, ToldWithOpening } from '../store/plan-store.ts'
import type { Schema } from '../store/schema.ts'
import type { ChannelBook } from './channel-book.ts'
import { Ledger } from './ledger.ts'
import { PlanBatch } from './plan-batch.ts'
import { possibleKeys } from './possible-keys.ts'
import type { RuleBook } from './rule-book.ts'
import { Verdicts } from './verdicts.ts'

interface PlannerOptions {
  store: PlanStore
  rules: RuleBook
  channels: ChannelBook
  groups: (kind: ChannelKind) => boolean
  nextId: () => string
  /** Lengths of time in the outbox are right again after the clock was set. */
  checkClock: () => Promise<void>
  /** There is something to send to these channels, some of it later. */
  planned: (workspace: string, deliveries: readonly StoredDelivery[]) => void
}

/** Turns what happens into deliveries, in the transaction that writes what happens. */
export class Planner implements DeliveryPlanner {
  readonly #options: PlannerOptions
  /** Of the last transaction of each workspace: there is one at a time, and one that was not committed is forgotten by the next. */
  readonly #planned = new Map<string, StoredDelivery[]>()

  constructor(options: PlannerOptions) {
    this.#options = options
  }

  /** What is planned goes by the clock as it is, so what was planned before has to do so first. */
  async ready(): Promise<void> {
    await this.#options.checkClock()
  }

  async plan(
    transaction: Transaction<Schema>,
    workspace: string,
    happenings: readonly Happening[],
    nowMs: number,
  ): Promise<RuleDecision[][]> {
    const { store, rules: book, channels, groups, nextId } = this.#options
    const rules = book.of(workspace)
    const verdicts = new Verdicts(rules, nowMs)
    const there = await store.channelIds(transaction, workspace)
    const ledger = await this.#load(transaction, [...there], happenings, verdicts)
    const batch = new PlanBatch({
      ledger,
      rules,
      // No event is refused because of a channel.
      channel: (id) => (there.has(id) ? channels.find(id) : undefined),
      groups,
      nextId,
      nowMs,
      verdicts,
    })
    const decisions = happenings.map((happening) => batch.take(happening))
    const { added, changed, told } = ledger.changes
    await store.insertDeliveries(transaction, added)
    await store.updateDeliveries(transaction, changed)
    await store.upsertTold(transaction, told)
    this.#planned.set(workspace, [...added, ...changed])
    return decisions
  }

  committed(workspace: string): void {
    const planned = this.#planned.get(workspace) ?? []
    this.#planned.delete(workspace)
    if (planned.length > 0) this.#options.planned(workspace, planned)
  }

  async #load(
    transaction: Transaction<Schema>,
    channelIds: readonly string[],
    happenings: readonly Happening[],
    verdicts: Verdicts,
  ): Promise<Ledger> {
    const { store } = this.#options
    const known = new Set(
      happenings.flatMap(({ change, incident }) =>
        incident === null || change === 'opened' || change === 'repeated' || change === 'updated' ? [] : [incident.id],
      ),
    )
    const told = await store.told(transaction, [...known])
    const waiting = [...new Set(told.filter((row) => row.openingState === 'waiting').map((row) => row.deliveryId))]
    const untried = await store.untried(transaction, this.#ofDisabled(told))
    const openings = [...(await store.byIds(transaction, waiting)), ...untried]
    const keys = possibleKeys(happenings, verdicts, told)
    return new Ledger({
      told,
      joinable: await store.joinable(transaction, channelIds, [...keys]),
      openings,
      queued: await store.queued(transaction, channelIds),
      open: await store.open(
        transaction,
        openings.map(({ id }) => id),
      ),
    })
  }

  /** Openings that stand in the queue of a channel that is turned off. */
  #ofDisabled(told: readonly ToldWithOpening[]): string[] {
    const rows = told.filter(
      ({ openingState, channelId }) =>
        openingState === 'pending' && this.#options.channels.find(channelId)?.enabled === false,
    )
    return [...new Set(rows.map(({ deliveryId }) => deliveryId))]
  }
}
