import type { DeliveryState } from '../../shared/contract/deliveries.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import { isStormKey } from './group-key.ts'
import type { ToldRow, ToldWithOpening } from '../store/plan-store.ts'

interface LedgerContents {
  told?: readonly ToldWithOpening[]
  joinable?: readonly StoredDelivery[]
  /** Deliveries of the openings that `told` names which can still be taken back. */
  openings?: readonly StoredDelivery[]
  queued?: ReadonlyMap<string, number>
  /** Of the openings those that tell of an incident that is open: of all others that can still be changed it is known. */
  open?: ReadonlySet<string>
}

/**
 * What a plan works on: the part of the outbox that it may have to look at or to change, loaded before, and everything it
 * has added or changed since. So planning itself waits for nothing, and one batch sees its own earlier decisions.
 */
export class Ledger {
  readonly #told = new Map<string, Map<string, ToldRow>>()
  readonly #deliveries = new Map<string, StoredDelivery>()
  readonly #states = new Map<string, { state: DeliveryState | undefined; events: number }>()
  readonly #joinable = new Map<string, StoredDelivery>()
  readonly #queued: Map<string, number>
  readonly #over = new Set<string>()
  /** Incidents that an opening tells of since. */
  readonly #members = new Map<string, Set<string>>()
  readonly #added: StoredDelivery[] = []
  readonly #addedIds = new Set<string>()
  readonly #changed = new Set<StoredDelivery>()
  readonly #changedTold = new Set<ToldRow>()

  constructor({ told = [], joinable = [], openings = [], queued, open }: LedgerContents = {}) {
    for (const delivery of [...openings, ...joinable]) this.#deliveries.set(delivery.id, delivery)
    for (const { id } of joinable) {
      const delivery = this.#deliveries.get(id)
      if (delivery === undefined || delivery.groupKey === null) continue
      // One that waited and is on its way now takes no others; what tells of a storm does until it is sent.
      if (delivery.state === 'pending' && !isStormKey(delivery.groupKey)) continue
      this.#joinable.set(placeOf(delivery.channelId, delivery.groupKey), delivery)
    }
    for (const { openingState, openingEvents, ...row } of told) {
      this.#keepTold(row)
      this.#states.set(row.deliveryId, { state: openingState, events: openingEvents })
    }
    this.#queued = new Map(queued)
    for (const { id } of openings) if (open?.has(id) !== true) this.#over.add(id)
  }

  toldOf(incidentId: string): ToldRow[] {
    return [...(this.#told.get(incidentId)?.values() ?? [])]
  }

  /** The opening's delivery as it is by now; `delivery` only where it can still be changed. */
  openingOf({ deliveryId }: ToldRow): {
    state: DeliveryState | undefined
    events: number
    delivery: StoredDelivery | undefined
  } {
    const delivery = this.#deliveries.get(deliveryId)
    if (delivery !== undefined) return { state: delivery.state, events: delivery.eventCount, delivery }
    return { ...(this.#states.get(deliveryId) ?? { state: undefined, events: 1 }), delivery: undefined }
  }

  /** Whether its opening is the only word on its way, and was never tried, so that it can be taken back. */
  isUntried({ deliveryId, channelId, incidentId }: ToldRow): boolean {
    const delivery = this.#deliveries.get(deliveryId)
    if (delivery?.state !== 'pending' || delivery.attempts > 0) return false
    return !this.#added.some(
      ({ id, channelId: its, incidentIds }) =>
        id !== deliveryId && its === channelId && incidentIds.includes(incidentId),
    )
  }

  tell(row: ToldRow): void {
    this.#keepTold(row)
    this.#changedTold.add(row)
    const members = this.#members.get(row.deliveryId) ?? new Set()
    this.#members.set(row.deliveryId, members.add(row.incidentId))
  }

  toldChanged(row: ToldRow): void {
    this.#changedTold.add(row)
  }

  /** Whether of those whose opening this delivery tells, none is open any more. */
  resolvedIn(deliveryId: string, incidentId: string): boolean {
    const members = this.#members.get(deliveryId)
    members?.delete(incidentId)
    return (members?.size ?? 0) === 0 && (this.#addedIds.has(deliveryId) || this.#over.has(deliveryId))
  }

  /** One that others of its group may still join. */
  group(channelId: string, groupKey: string, state: 'waiting' | 'pending'): StoredDelivery | undefined {
    const found = this.#joinable.get(placeOf(channelId, groupKey))
    return found?.state === state ? found : undefined
  }

  queuedFor(channelId: string): number {
    return this.#queued.get(channelId) ?? 0
  }

  add(delivery: StoredDelivery): void {
    this.#added.push(delivery)
    this.#addedIds.add(delivery.id)
    this.#deliveries.set(delivery.id, delivery)
    this.#keepJoinable(delivery)
    if (delivery.state === 'pending') this.#countQueued(delivery)
  }

  changed(delivery: StoredDelivery): void {
    if (!this.#addedIds.has(delivery.id)) this.#changed.add(delivery)
  }

  /** It need not wait any longer. */
  release(delivery: StoredDelivery): void {
    delivery.state = 'pending'
    delivery.notBefore = null
    this.#countQueued(delivery)
    this.changed(delivery)
  }

  /** For a replay: what waited until then has been sent, and nothing is queued. `atItsTime`: what one is that is not sent then. */
  passTo(nowMs: number, atItsTime: (delivery: StoredDelivery, dueMs: number) => StoredDelivery | undefined): void {
    this.#queued.clear()
    for (const delivery of this.#added) {
      const dueMs = Date.parse(delivery.notBefore ?? '')
      if (delivery.state === 'waiting' && dueMs <= nowMs) {
        const other = atItsTime(delivery, dueMs)
        if (other === undefined) delivery.state = 'delivered'
        else this.#keepJoinable(Object.assign(delivery, other))
      }
      if (delivery.state === 'pending') delivery.state = 'delivered'
    }
  }

  /** What is to be written. */
  get changes(): { added: readonly StoredDelivery[]; changed: StoredDelivery[]; told: ToldRow[] } {
    return { added: this.#added, changed: [...this.#changed], told: [...this.#changedTold] }
  }

  #keepJoinable(delivery: StoredDelivery): void {
    if (delivery.groupKey !== null) this.#joinable.set(placeOf(delivery.channelId, delivery.groupKey), delivery)
  }

  #countQueued({ channelId }: StoredDelivery): void {
    this.#queued.set(channelId, this.queuedFor(channelId) + 1)
  }

  #keepTold(row: ToldRow): void {
    const channels = this.#told.get(row.incidentId) ?? new Map<string, ToldRow>()
    this.#told.set(row.incidentId, channels.set(row.channelId, row))
  }
}

function placeOf(channelId: string, groupKey: string): string {
  return `${channelId}\n${groupKey}`
}
