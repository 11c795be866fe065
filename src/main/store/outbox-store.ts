import { sql, type Transaction } from 'kysely'
import type { DeliveryAttempt } from '../../shared/contract/deliveries.ts'
import type { StoredHealth } from './channels-store.ts'
import type { Database } from './database.ts'
import { DeliveryCommits } from './delivery-commits.ts'
import {
  insertDeliveries,
  toDelivery,
  toDeliveryRow,
  toDo,
  updateDelivery,
  type DeliveryRow,
  type StoredDelivery,
} from './delivery-rows.ts'
import { resolvedOf, type ResolvedIncident } from './incident-rows.ts'
import { noteAttempts, noteInTimelines, noteReferences, type TimelineNote } from './delivery-notes.ts'
import type { Schema } from './schema.ts'

type Tx = Transaction<Schema>
/** So many are looked at to find one that can be sent. */
const MOST_CANDIDATES = 1_000
/** So many that can't be sent are put away by one transaction. */
const MOST_PUT_AWAY = 100

export interface CandidateRow {
  id: string
  attempts: number
  nextAttemptAt: string | null
  incidentIds: string[]
}

/** How an attempt ended: all of it is written at once. */
export interface Settlement {
  delivery: StoredDelivery
  attempts: readonly DeliveryAttempt[]
  health: StoredHealth
  /** What the channel wants to be given again, by incident. */
  references: ReadonlyMap<string, string>
  /** When its incidents are told again. */
  repeatAt: string | null
  timeline: TimelineNote | undefined
}

interface Step {
  channelId: string
  /** What became of the one before. */
  settlement: Settlement | undefined
  /** Given the first, then all of them; undefined: none. */
  choose: (candidates: CandidateRow[], all: boolean) => string | undefined
  /** Marks the chosen one as tried; in another state it is put away, and the next is chosen. */
  mark: (delivery: StoredDelivery) => StoredDelivery
}

/** The deliveries on their way out. */
export class OutboxStore {
  readonly #database: Database
  readonly #commits: DeliveryCommits

  constructor(database: Database) {
    this.#database = database
    this.#commits = new DeliveryCommits(database)
  }

  /**
   * After a start: what was being sent may have arrived or not, so it is sent again. `latest`: no time of an attempt or an end
   * is after that. Gives the channels for which there is something to do.
   */
  async recover(latest: { attempt: string; end: string }): Promise<string[]> {
    const { kysely } = this.#database
    await kysely
      .updateTable('deliveries')
      .set({ state: 'pending' })
      .where(toDo)
      .where('state', '=', 'sending')
      .execute()
    // The clock was ahead when that was written.
    await kysely
      .updateTable('deliveries')
      .set({ next_attempt_at: null })
      .where(toDo)
      .where('next_attempt_at', '>', latest.attempt)
      .execute()
    await kysely
      .updateTable('deliveries')
      .set({ give_up_at: latest.end })
      .where(toDo)
      .where('give_up_at', '>', latest.end)
      .execute()
    const rows = await kysely
      .selectFrom('deliveries')
      .select('channel_id')
      .distinct()
      .where(toDo)
      .where('state', 'in', ['pending', 'retrying'])
      .execute()
    return rows.map((row) => row.channel_id)
  }

  /** Writes the end of one attempt and takes the next delivery, in one transaction. */
  async step({ channelId, settlement, choose, mark }: Step): Promise<StoredDelivery | undefined> {
    return await this.#commits.run(async (transaction) => {
      if (settlement !== undefined) await settle(transaction, settlement)
      for (let putAway = 0; putAway < MOST_PUT_AWAY; putAway++) {
        const chosen = await chosenOf(transaction, channelId, choose)
        if (chosen === undefined) return undefined
        const marked = mark(chosen)
        await updateDelivery(transaction, marked)
        if (marked.state === 'sending') return marked
      }
      return undefined
    })
  }

  async settle(settlement: Settlement): Promise<void> {
    await this.#commits.run((transaction) => settle(transaction, settlement))
  }

  close(): void {
    this.#commits.close()
  }

  /** One that was sent at once and is only noted, a test for example. */
  async insertFinished(delivery: StoredDelivery, attempts: readonly DeliveryAttempt[]): Promise<void> {
    await this.#database.kysely.transaction().execute(async (transaction) => {
      await insertDeliveries(transaction, [delivery])
      await noteAttempts(transaction, delivery.id, attempts)
    })
  }

  /**
   * Another delivery of the same; what it tells of is its own from now on when `former` never arrived. `endOf`: what follows it,
   * given those of its incidents that are resolved at that moment. Gives all that is new; undefined: its channel is gone.
   */
  async insertAgain(
    delivery: StoredDelivery,
    former: StoredDelivery,
    endOf: (resolved: ResolvedIncident[]) => StoredDelivery | undefined,
  ): Promise<StoredDelivery[] | undefined> {
    return await this.#database.kysely.transaction().execute(async (transaction) => {
      const channel = transaction.selectFrom('channels').select('id').where('id', '=', delivery.channelId)
      if ((await channel.executeTakeFirst()) === undefined) return undefined
      const end = endOf(await resolvedOf(transaction, former.incidentIds))
      const added = end === undefined ? [delivery] : [delivery, end]
      await insertDeliveries(transaction, added)
      if (former.state !== 'delivered') {
        await transaction
          .updateTable('notified')
          .set({ delivery_id: delivery.id })
          .where('delivery_id', '=', former.id)
          .execute()
      }
      return added
    })
  }

  /** The clock was set: what waits for a length of time waits as long as it would have. Quiet hours go by the clock. */
  async shiftTimes(byMs: number): Promise<void> {
    const shifted = (column: string) =>
      sql<string>`strftime('%Y-%m-%dT%H:%M:%fZ', ${sql.ref(column)}, ${`${byMs / 1000} seconds`})`
    const { kysely } = this.#database
    await kysely
      .updateTable('deliveries')
      .set({ next_attempt_at: shifted('next_attempt_at'), give_up_at: shifted('give_up_at') })
      .where(toDo)
      .where('attempts', '>', 0)
      .execute()
    await kysely
      .updateTable('deliveries')
      .set({ not_before: shifted('not_before') })
      .where(toDo)
      .where('state', '=', 'waiting')
      .where('group_key', 'like', 'group:%')
      .execute()
    await kysely
      .updateTable('notified')
      .set({ repeat_at: shifted('repeat_at') })
      .where('repeat_at', 'is not', null)
      .execute()
  }
}

async function chosenOf(
  transaction: Tx,
  channelId: string,
  choose: Step['choose'],
): Promise<StoredDelivery | undefined> {
  const inOrder = transaction
    .selectFrom('deliveries')
    .where('channel_id', '=', channelId)
    .where(toDo)
    .where('state', 'in', ['pending', 'retrying'])
    .orderBy('sequence')
  // Nearly always it is the first.
  const first = await inOrder.selectAll().limit(1).executeTakeFirst()
  if (first === undefined) return undefined
  if (choose([candidateRow(first)], false) === first.id) return toDelivery(first)
  const rows = await inOrder
    .select(['id', 'attempts', 'next_attempt_at', 'incident_ids'])
    .limit(MOST_CANDIDATES)
    .execute()
  const id = choose(rows.map(candidateRow), true)
  if (id === undefined) return undefined
  return toDelivery(
    await transaction.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  )
}

function candidateRow(row: Pick<DeliveryRow, 'id' | 'attempts' | 'next_attempt_at' | 'incident_ids'>): CandidateRow {
  return {
    id: row.id,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    incidentIds: JSON.parse(row.incident_ids) as string[],
  }
}

async function settle(transaction: Tx, settlement: Settlement): Promise<void> {
  const { delivery, health, attempts } = settlement
  // That may have been put right meanwhile, when the clock was set.
  const { id, give_up_at: _, ...row } = toDeliveryRow(delivery)
  const settled = transaction.updateTable('deliveries').set(row).where('id', '=', id)
  // What was withdrawn meanwhile, with its channel, stays so unless it arrived: nobody would try it again.
  const written = await (
    row.state === 'delivered' ? settled : settled.where('state', '=', 'sending')
  ).executeTakeFirst()
  await transaction
    .updateTable('channels')
    .set({ health: JSON.stringify(health) })
    .where('id', '=', delivery.channelId)
    .execute()
  // Or its workspace was deleted.
  if (written.numUpdatedRows === 0n) return
  await noteAttempts(transaction, delivery.id, attempts)
  await noteReferences(transaction, settlement)
  if (settlement.timeline !== undefined) await noteInTimelines(transaction, delivery, settlement.timeline)
}
