import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql, type Transaction } from 'kysely'
import type { DeliveryAttempt } from '../../shared/contract/deliveries.ts'
import type { StoredDelivery } from './delivery-rows.ts'
import { writeTimeline } from './incident-batch.ts'
import { listed } from './incident-rows.ts'
import type { Schema } from './schema.ts'

type Tx = Transaction<Schema>
/** Of more attempts the first and the last ones are kept. */
const FIRST_KEPT = 3
const LAST_KEPT = 17
const ENTRIES_AT_ONCE = 1_000

/** An entry for each incident that a delivery tells of. */
export interface TimelineNote {
  at: string
  kind: 'delivered' | 'delivery_failed'
  actor: string
  message: string
  nextId: () => string
}

export async function noteAttempts(
  transaction: Tx,
  deliveryId: string,
  attempts: readonly DeliveryAttempt[],
): Promise<void> {
  if (attempts.length === 0) return
  let last = 0
  for (const { at, duration_ms, request, answer, error } of attempts) {
    const row = {
      delivery_id: deliveryId,
      number: sql<number>`(SELECT coalesce(max(number), 0) + 1 FROM delivery_attempts WHERE delivery_id = ${deliveryId})`,
      at,
      duration_ms,
      request: JSON.stringify(request),
      answer: answer === null ? null : JSON.stringify(answer),
      error: error === null ? null : JSON.stringify(error),
    }
    last = (await transaction.insertInto('delivery_attempts').values(row).returning('number').executeTakeFirstOrThrow())
      .number
  }
  if (last <= FIRST_KEPT + LAST_KEPT) return
  await transaction
    .deleteFrom('delivery_attempts')
    .where('delivery_id', '=', deliveryId)
    .where('number', '>', FIRST_KEPT)
    .where('number', '<=', last - LAST_KEPT)
    .execute()
}

interface Told {
  delivery: StoredDelivery
  references: ReadonlyMap<string, string>
  repeatAt: string | null
}

/** What the next word on an incident needs, and when it is told again. */
export async function noteReferences(transaction: Tx, { delivery, references, repeatAt }: Told): Promise<void> {
  for (const [incidentId, reference] of references) {
    await transaction
      .updateTable('notified')
      .set({ reference })
      .where('incident_id', '=', incidentId)
      .where('channel_id', '=', delivery.channelId)
      .execute()
  }
  const [shared, ...others] = new Set(references.values())
  if (shared !== undefined && others.length === 0 && delivery.action === 'open') {
    // One message for all of them, also for those beyond the ones that it names.
    await sql`UPDATE notified SET reference = ${shared}
      WHERE delivery_id = ${delivery.id} AND reference IS NULL`.execute(transaction)
  }
  if (repeatAt === null || delivery.action !== 'open') return
  await sql`UPDATE notified SET repeat_at = ${repeatAt} WHERE delivery_id = ${delivery.id}
    AND incident_id IN (SELECT id FROM incidents WHERE status = 'open')`.execute(transaction)
}

/** Of an opening all incidents that it tells of, also those beyond the ones it names. */
export async function noteInTimelines(transaction: Tx, delivery: StoredDelivery, note: TimelineNote): Promise<void> {
  const members = transaction.selectFrom('notified').select('incident_id').where('delivery_id', '=', delivery.id)
  const ids = await transaction
    .selectFrom('incidents')
    .select('id')
    .where((where) => where.or([where('id', 'in', members), where('id', 'in', listed(delivery.incidentIds))]))
    .execute()
  const { at, kind, actor, message, nextId } = note
  for (let from = 0; from < ids.length; from += ENTRIES_AT_ONCE) {
    // The driver works on this thread: agents are served between two parts.
    if (from > 0) await nextTurn()
    const entries = ids.slice(from, from + ENTRIES_AT_ONCE).map(({ id }) => ({
      id: nextId(),
      incident_id: id,
      at,
      kind,
      actor,
      message,
      event_id: null,
      delivery_id: delivery.id,
    }))
    await writeTimeline(transaction, entries)
  }
}
