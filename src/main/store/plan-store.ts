import { sql, type Transaction } from 'kysely'
import type { DeliveryState } from '../../shared/contract/deliveries.ts'
import {
  insertDeliveries,
  TO_DO,
  toDelivery,
  toDo,
  updateDelivery,
  type RuleName,
  type StoredDelivery,
} from './delivery-rows.ts'
import { listed, rowsAsSelect } from './incident-rows.ts'
import type { Schema } from './schema.ts'

/** That a channel was told of an incident, or will be. */
export interface ToldRow {
  incidentId: string
  channelId: string
  rules: RuleName[]
  toldAt: string
  /** When it is told again, if nobody acknowledges it. */
  repeatAt: string | null
  /** The delivery of its opening. */
  deliveryId: string
}

export interface ToldWithOpening extends ToldRow {
  /** Undefined: that delivery is so old that it is gone. */
  openingState: DeliveryState | undefined
  openingEvents: number
}

type Tx = Transaction<Schema>
const TOLD_COLUMNS = [
  'incident_id',
  'channel_id',
  'rules',
  'told_at',
  'repeat_at',
  'delivery_id',
] as const satisfies readonly (keyof Schema['notified'])[]

/** What has to be known of the outbox to plan deliveries, and what the plan changes: all of it in the planner's transaction. */
export class PlanStore {
  async told(transaction: Tx, incidentIds: readonly string[]): Promise<ToldWithOpening[]> {
    if (incidentIds.length === 0) return []
    const rows = await transaction
      .selectFrom('notified')
      .leftJoin('deliveries', 'deliveries.id', 'notified.delivery_id')
      .selectAll('notified')
      .select(['deliveries.state as opening_state', 'deliveries.event_count as opening_events'])
      .where('incident_id', 'in', listed(incidentIds))
      .execute()
    return rows.map((row) => ({
      incidentId: row.incident_id,
      channelId: row.channel_id,
      rules: JSON.parse(row.rules) as RuleName[],
      toldAt: row.told_at,
      repeatAt: row.repeat_at,
      deliveryId: row.delivery_id,
      openingState: (row.opening_state ?? undefined) as DeliveryState | undefined,
      openingEvents: row.opening_events ?? 1,
    }))
  }

  /** Channels that are there: one may be deleted, and those who remember it not know yet. */
  async channelIds(transaction: Tx, workspace: string): Promise<Set<string>> {
    const rows = await transaction.selectFrom('channels').select('id').where('workspace', '=', workspace).execute()
    return new Set(rows.map(({ id }) => id))
  }

  /** Deliveries that are still open for others of their group, of the groups with these keys. */
  async joinable(transaction: Tx, channelIds: readonly string[], keys: readonly string[]): Promise<StoredDelivery[]> {
    if (channelIds.length === 0 || keys.length === 0) return []
    const rows = await transaction
      .selectFrom('deliveries')
      .selectAll()
      .where('channel_id', 'in', listed(channelIds))
      .where(toDo)
      .where('group_key', 'in', listed(keys))
      .where(sql<boolean>`(state = 'waiting' OR (state = 'pending' AND attempts = 0))`)
      .execute()
    return rows.map(toDelivery)
  }

  async byIds(transaction: Tx, ids: readonly string[]): Promise<StoredDelivery[]> {
    if (ids.length === 0) return []
    return (await transaction.selectFrom('deliveries').selectAll().where('id', 'in', listed(ids)).execute()).map(
      toDelivery,
    )
  }

  /** Of these openings those that were never tried and are the only word on the way to their channel on their incidents. */
  async untried(transaction: Tx, ids: readonly string[]): Promise<StoredDelivery[]> {
    if (ids.length === 0) return []
    const rows = await transaction
      .selectFrom('deliveries')
      .selectAll()
      .where('id', 'in', listed(ids))
      .where('state', '=', 'pending')
      .where('attempts', '=', 0)
      .where(
        sql<boolean>`NOT EXISTS (SELECT 1 FROM deliveries AS other, json_each(other.incident_ids) AS told
          JOIN notified ON notified.incident_id = told.value AND notified.channel_id = other.channel_id
          WHERE other.channel_id = deliveries.channel_id AND other.id <> deliveries.id
            AND other.${sql.raw(TO_DO)} AND notified.delivery_id = deliveries.id)`,
      )
      .execute()
    return rows.map(toDelivery)
  }

  /** How many notices are next to be sent, by channel. */
  async queued(transaction: Tx, channelIds: readonly string[]): Promise<Map<string, number>> {
    if (channelIds.length === 0) return new Map()
    const rows = await transaction
      .selectFrom('deliveries')
      .select(['channel_id', ({ fn }) => fn.countAll<number>().as('count')])
      .where('channel_id', 'in', listed(channelIds))
      .where(toDo)
      .where('state', 'in', ['pending', 'retrying'])
      .groupBy('channel_id')
      .execute()
    return new Map(rows.map((row) => [row.channel_id, row.count]))
  }

  /** Which of these openings tell of an incident that is not resolved. Looks for one, however many there are. */
  async open(transaction: Tx, deliveryIds: readonly string[]): Promise<Set<string>> {
    if (deliveryIds.length === 0) return new Set()
    const { rows } = await sql<{ id: string }>`SELECT value AS id FROM json_each(${JSON.stringify(deliveryIds)})
      WHERE EXISTS (SELECT 1 FROM notified CROSS JOIN incidents ON incidents.id = notified.incident_id
        WHERE notified.delivery_id = json_each.value AND incidents.status <> 'resolved')`.execute(transaction)
    return new Set(rows.map(({ id }) => id))
  }

  async insertDeliveries(transaction: Tx, deliveries: readonly StoredDelivery[]): Promise<void> {
    await insertDeliveries(transaction, deliveries)
  }

  async updateDeliveries(transaction: Tx, deliveries: readonly StoredDelivery[]): Promise<void> {
    for (const delivery of deliveries) await updateDelivery(transaction, delivery)
  }

  async upsertTold(transaction: Tx, rows: readonly ToldRow[]): Promise<void> {
    if (rows.length === 0) return
    const { names, select } = rowsAsSelect(TOLD_COLUMNS, rows.map(toNotified))
    const changing = TOLD_COLUMNS.filter((column) => column !== 'incident_id' && column !== 'channel_id')
    const set = sql.join(changing.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`))
    await sql`INSERT INTO notified (${names}) ${select}
      ON CONFLICT (incident_id, channel_id) DO UPDATE SET ${set}`.execute(transaction)
  }
}

function toNotified(row: ToldRow): Omit<Schema['notified'], 'reference'> {
  return {
    incident_id: row.incidentId,
    channel_id: row.channelId,
    rules: JSON.stringify(row.rules),
    told_at: row.toldAt,
    repeat_at: row.repeatAt,
    delivery_id: row.deliveryId,
  }
}
