import { sql, type Selectable, type Transaction } from 'kysely'
import type { DeliveryState } from '../../shared/contract/deliveries.ts'
import type { Severity } from '../../shared/contract/incidents.ts'
import { worse } from '../base/severity-order.ts'
import type { Database } from './database.ts'
import {
  insertDeliveries,
  titleOf,
  TO_DO,
  toDelivery,
  toDo,
  updateDelivery,
  type RuleName,
  type StoredDelivery,
} from './delivery-rows.ts'
import { listed } from './incident-rows.ts'
import type { Schema } from './schema.ts'

type Tx = Transaction<Schema>
const AT_ONCE = 200
const MOST_NAMED = 100

/** An incident that is to be told again. */
export interface RepeatRow {
  incidentId: string
  channelId: string
  workspace: string
  title: string
  severity: Severity
  rules: RuleName[]
  lastEventId: string
  /** Whether a word on it is still on its way there. */
  isOnItsWay: boolean
}

/** What a delivery is in its place; undefined: it stays as it is. */
type Another = (delivery: StoredDelivery) => StoredDelivery | undefined

interface Reconsidered {
  /** Undefined: all. */
  workspace: string | undefined
  states: readonly DeliveryState[]
  /** A sequence. */
  after: number
}

/** What becomes due at a time: deliveries that wait, repetitions, and the end of what is kept. */
export class DueStore {
  readonly #database: Pick<Database, 'kysely'>

  constructor(database: Pick<Database, 'kysely'>) {
    this.#database = database
  }

  /** When the next one is due; undefined: nothing waits. */
  async next(): Promise<number | undefined> {
    const { kysely } = this.#database
    const waiting = await kysely
      .selectFrom('deliveries')
      .select(({ fn }) => fn.min<string | null>('not_before').as('at'))
      .where(toDo)
      .where('state', '=', 'waiting')
      .executeTakeFirst()
    const repeat = await kysely
      .selectFrom('notified')
      .select(({ fn }) => fn.min<string | null>('repeat_at').as('at'))
      .where('repeat_at', 'is not', null)
      .executeTakeFirst()
    const times = [waiting?.at, repeat?.at].filter((at) => typeof at === 'string').map((at) => Date.parse(at))
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /**
   * Lets go what has waited until `now`, without the incidents that are resolved meanwhile. Gives the workspaces and
   * channels of what is to be sent; an empty list: there was none.
   */
  async release(now: string, leftOut: string, instead: Another): Promise<StoredDelivery[]> {
    return await this.#database.kysely.transaction().execute(async (transaction) => {
      const rows = await transaction
        .selectFrom('deliveries')
        .selectAll()
        .where(toDo)
        .where('state', '=', 'waiting')
        .where('not_before', '<=', now)
        .orderBy('sequence')
        .limit(AT_ONCE)
        .execute()
      const released: StoredDelivery[] = []
      for (const row of rows) {
        const delivery = toDelivery(row)
        const other = instead(delivery)
        released.push(other ?? (await letGo(transaction, delivery, leftOut)))
        if (other !== undefined) await updateDelivery(transaction, other)
      }
      return released
    })
  }

  /**
   * Some of what is not being sent just now, of one workspace or of all, as `anew` has it: those that are others by that, and
   * where to go on; `next` undefined: that was all.
   */
  async reconsider({ workspace, states, after }: Reconsidered, anew: Another) {
    return await this.#database.kysely.transaction().execute(async (transaction) => {
      let query = transaction
        .selectFrom('deliveries')
        .selectAll()
        .where(toDo)
        .where('state', 'in', states)
        .where('sequence', '>', after)
      if (workspace !== undefined) query = query.where('workspace', '=', workspace)
      const rows = await query.orderBy('sequence').limit(AT_ONCE).execute()
      const changed = rows.map((row) => anew(toDelivery(row))).filter((delivery) => delivery !== undefined)
      for (const delivery of changed) await updateDelivery(transaction, delivery)
      return { changed, next: rows.length < AT_ONCE ? undefined : rows.at(-1)?.sequence }
    })
  }

  /** At most 200, the most overdue first. */
  async repeats(transaction: Tx, now: string): Promise<RepeatRow[]> {
    const rows = await transaction
      .selectFrom('notified')
      .innerJoin('incidents', 'incidents.id', 'notified.incident_id')
      .select(['notified.incident_id', 'notified.channel_id', 'notified.rules'])
      .select(['incidents.workspace', 'incidents.title', 'incidents.severity'])
      .select(
        sql<number>`EXISTS (SELECT 1 FROM deliveries, json_each(deliveries.incident_ids) AS told
          WHERE deliveries.channel_id = notified.channel_id AND ${sql.raw(TO_DO)} AND told.value = notified.incident_id)`.as(
          'on_its_way',
        ),
      )
      .select(
        sql<string>`(SELECT max(id) FROM incident_events WHERE incident_events.incident_id = notified.incident_id)`.as(
          'last_event_id',
        ),
      )
      .where('repeat_at', '<=', now)
      .orderBy('repeat_at')
      .limit(AT_ONCE)
      .execute()
    return rows.map((row) => ({
      incidentId: row.incident_id,
      channelId: row.channel_id,
      workspace: row.workspace,
      title: row.title,
      severity: row.severity as Severity,
      rules: JSON.parse(row.rules) as RuleName[],
      lastEventId: row.last_event_id,
      isOnItsWay: row.on_its_way !== 0,
    }))
  }

  async setRepeat(transaction: Tx, { incidentId, channelId }: RepeatRow, at: string | null): Promise<void> {
    await transaction
      .updateTable('notified')
      .set({ repeat_at: at })
      .where('incident_id', '=', incidentId)
      .where('channel_id', '=', channelId)
      .execute()
  }

  /** The rules by which something is told again. */
  async repeatedBy(transaction: Tx): Promise<{ workspace: string; rules: RuleName[] }[]> {
    const rows = await transaction
      .selectFrom('notified')
      .innerJoin('incidents', 'incidents.id', 'notified.incident_id')
      .select(['incidents.workspace', 'notified.rules'])
      .distinct()
      .where('repeat_at', 'is not', null)
      .execute()
    return rows.map(({ workspace, rules }) => ({ workspace, rules: JSON.parse(rules) as RuleName[] }))
  }

  /** `latest` null: never. */
  async bringForward(transaction: Tx, rules: readonly RuleName[], latest: string | null): Promise<void> {
    const later = transaction
      .updateTable('notified')
      .set({ repeat_at: latest })
      .where('rules', '=', JSON.stringify(rules))
      .where('repeat_at', 'is not', null)
    await (latest === null ? later : later.where('repeat_at', '>', latest)).execute()
  }

  async insert(transaction: Tx, deliveries: readonly StoredDelivery[]): Promise<void> {
    await insertDeliveries(transaction, deliveries)
  }

  async inTransaction<Result>(work: (transaction: Tx) => Promise<Result>): Promise<Result> {
    return await this.#database.kysely.transaction().execute(work)
  }

  /** Some of what is finished and sorts before this id; gives how many there were. What is kept is not looked at: it may be much. */
  async deleteFinished(beforeId: string): Promise<number> {
    const old = this.#database.kysely
      .selectFrom('deliveries')
      .select('sequence')
      .where('id', '<', beforeId)
      .where('state', 'in', ['delivered', 'failed', 'withdrawn'])
      .limit(AT_ONCE)
    const result = await this.#database.kysely.deleteFrom('deliveries').where('sequence', 'in', old).executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}

/** A report comes after its incident is resolved as often as before. */
const LEAVES_OUT: ReadonlySet<string> = new Set(['open', 'severity', 'repeat'])

async function letGo(transaction: Tx, delivery: StoredDelivery, leftOut: string): Promise<StoredDelivery> {
  const released: StoredDelivery = { ...delivery, state: 'pending', notBefore: null }
  if (LEAVES_OUT.has(delivery.action) && delivery.incidentIds.length > 0) {
    const open = await openOf(transaction, delivery)
    const [first] = open
    if (first === undefined) Object.assign(released, { state: 'withdrawn', because: leftOut })
    else Object.assign(released, await telling(transaction, delivery, [first, ...open.slice(1)]))
  }
  await updateDelivery(transaction, released)
  return released
}

type OpenIncident = Pick<Selectable<Schema['incidents']>, 'id' | 'title' | 'severity'>

/** What one says that tells of these only: neither in the words of what is over nor as bad as that was. */
async function telling(transaction: Tx, delivery: StoredDelivery, open: readonly [OpenIncident, ...OpenIncident[]]) {
  const incidentIds = open.slice(0, MOST_NAMED).map(({ id }) => id)
  if (delivery.action !== 'open') return { incidentIds }
  if (open.length === delivery.eventCount) return { incidentIds }
  const about = transaction.selectFrom('incident_events').select('id').where('incident_id', 'in', listed(incidentIds))
  const named = await about.where('id', 'in', listed(delivery.eventIds)).orderBy('id').execute()
  const last = named.length > 0 ? named : await about.orderBy('id', 'desc').limit(1).execute()
  return {
    incidentIds,
    eventIds: last.map(({ id }) => id),
    eventCount: open.length,
    title: titleOf(open[0].title, open.length),
    severity: open.map(({ severity }) => severity as Severity).reduce(worse),
  }
}

/** Which of its incidents are not resolved. Of an opening the others are forgotten there: nothing will be said of them. */
async function openOf(transaction: Tx, { id, action, incidentIds }: StoredDelivery): Promise<OpenIncident[]> {
  const ofThese = transaction.selectFrom('incidents').select(['id', 'title', 'severity']).orderBy('id')
  if (action !== 'open') {
    return await ofThese.where('id', 'in', listed(incidentIds)).where('status', '!=', 'resolved').execute()
  }
  await sql`DELETE FROM notified WHERE delivery_id = ${id}
    AND incident_id IN (SELECT id FROM incidents WHERE status = 'resolved')`.execute(transaction)
  const members = transaction.selectFrom('notified').select('incident_id').where('delivery_id', '=', id)
  return await ofThese.where('id', 'in', members).execute()
}
