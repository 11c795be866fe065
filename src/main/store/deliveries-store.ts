import { sql } from 'kysely'
import type { DeliveryAttempt, DeliveryCounts, DeliveryFilter } from '../../shared/contract/deliveries.ts'
import { DELIVERY_STATES } from '../../shared/contract/words.ts'
import type { Database } from './database.ts'
import { toDelivery, toDo, type StoredDelivery } from './delivery-rows.ts'
import { listed } from './incident-rows.ts'

/** The delivery log, to be read. */
export class DeliveriesStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Newest first. */
  async list(
    workspace: string,
    filter: DeliveryFilter,
    { limit, before }: { limit: number; before?: string },
  ): Promise<StoredDelivery[]> {
    let query = this.#database.kysely.selectFrom('deliveries').selectAll().where('workspace', '=', workspace)
    if (before !== undefined) query = query.where('id', '<', before)
    if (filter.channel !== undefined) query = query.where('channel_id', '=', filter.channel)
    if (filter.state !== undefined) query = query.where('state', '=', filter.state)
    if (filter.rule !== undefined) {
      query = query.where(
        sql<boolean>`EXISTS (SELECT 1 FROM json_each(rules) AS rule WHERE rule.value ->> 'id' = ${filter.rule})`,
      )
    }
    if (filter.incident !== undefined) {
      // The opening names the first hundred only.
      query = query.where(
        sql<boolean>`(EXISTS (SELECT 1 FROM json_each(incident_ids) AS incident WHERE incident.value = ${filter.incident})
          OR id IN (SELECT delivery_id FROM notified WHERE incident_id = ${filter.incident}))`,
      )
    }
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toDelivery)
  }

  async find(workspace: string, id: string): Promise<StoredDelivery | undefined> {
    const row = await this.#database.kysely
      .selectFrom('deliveries')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('id', '=', id)
      .executeTakeFirst()
    return row && toDelivery(row)
  }

  /** Newest last. */
  async attempts(id: string): Promise<DeliveryAttempt[]> {
    const rows = await this.#database.kysely
      .selectFrom('delivery_attempts')
      .selectAll()
      .where('delivery_id', '=', id)
      .orderBy('number')
      .execute()
    return rows.map(({ at, duration_ms, request, answer, error }) => ({
      at,
      duration_ms,
      request: JSON.parse(request) as DeliveryAttempt['request'],
      answer: answer === null ? null : (JSON.parse(answer) as DeliveryAttempt['answer']),
      error: error === null ? null : (JSON.parse(error) as DeliveryAttempt['error']),
    }))
  }

  async counts(workspace: string): Promise<DeliveryCounts> {
    const states = await this.#countedBy(workspace, ['waiting', 'pending', 'sending', 'retrying', 'failed'])
    const of = (state: string) => states[state] ?? 0
    return {
      waiting: of('waiting') + of('pending') + of('sending'),
      retrying: of('retrying'),
      failed: of('failed'),
    }
  }

  /** How many there are in each state. */
  async byState(workspace: string): Promise<Readonly<Record<string, number>>> {
    const none = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0]))
    return { ...none, ...(await this.#countedBy(workspace, DELIVERY_STATES)) }
  }

  /** What has not arrived yet, by channel. */
  async waiting(channelIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (channelIds.length === 0) return new Map()
    const rows = await this.#database.kysely
      .selectFrom('deliveries')
      .select(['channel_id', ({ fn }) => fn.countAll<number>().as('count')])
      .where('channel_id', 'in', listed(channelIds))
      .where(toDo)
      .groupBy('channel_id')
      .execute()
    return new Map(rows.map((row) => [row.channel_id, row.count]))
  }

  /** The greatest id that there is. */
  async lastId(): Promise<string | undefined> {
    const row = await this.#database.kysely
      .selectFrom('deliveries')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row?.id
  }

  async #countedBy(workspace: string, states: readonly string[]): Promise<Record<string, number>> {
    const rows = await this.#database.kysely
      .selectFrom('deliveries')
      .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
      .where('workspace', '=', workspace)
      .where('state', 'in', states)
      .groupBy('state')
      .execute()
    return Object.fromEntries(rows.map((row) => [row.state, row.count]))
  }
}
