import { sql, type Selectable, type Transaction } from 'kysely'
import type { ChannelKind, MessagePreview } from '../../shared/contract/channels.ts'
import type { DeliveryState, NoticeAction } from '../../shared/contract/deliveries.ts'
import type { Severity } from '../../shared/contract/incidents.ts'
import { rowsAsSelect } from './incident-rows.ts'
import type { Schema } from './schema.ts'

/** A rule as it was called when it decided. */
export interface RuleName {
  id: string
  name: string
}

/** One notice to one channel: of what it tells, how far it got, and why. */
export interface StoredDelivery {
  id: string
  workspace: string
  createdAt: string
  channelId: string
  channelName: string
  channelKind: ChannelKind
  action: NoticeAction
  state: DeliveryState
  title: string
  severity: Severity
  rules: RuleName[]
  incidentIds: string[]
  eventIds: string[]
  eventCount: number
  /** What later ones have to have in common with it to join it. */
  groupKey: string | null
  because: string
  notBefore: string | null
  attempts: number
  nextAttemptAt: string | null
  giveUpAt: string | null
  deliveredAt: string | null
  latencyMs: number | null
  lastError: { code: string; message: string } | null
  preview: MessagePreview | null
}

export type DeliveryRow = Selectable<Schema['deliveries']>

/** States in which there is still something to do. As SQL that is word for word the condition of the index `deliveries_to_do`. */
export const TO_DO = `state IN ('waiting', 'pending', 'sending', 'retrying')`
export const toDo = sql<boolean>`${sql.raw(TO_DO)}`

const DELIVERY_COLUMNS = [
  'id',
  'workspace',
  'created_at',
  'channel_id',
  'channel_name',
  'channel_kind',
  'action',
  'state',
  'title',
  'severity',
  'rules',
  'incident_ids',
  'event_ids',
  'event_count',
  'group_key',
  'because',
  'not_before',
  'attempts',
  'next_attempt_at',
  'give_up_at',
  'delivered_at',
  'latency_ms',
  'last_error',
  'preview',
] as const satisfies readonly (keyof DeliveryRow)[]

export function toDeliveryRow(delivery: StoredDelivery): Omit<DeliveryRow, 'sequence'> {
  return {
    id: delivery.id,
    workspace: delivery.workspace,
    created_at: delivery.createdAt,
    channel_id: delivery.channelId,
    channel_name: delivery.channelName,
    channel_kind: delivery.channelKind,
    action: delivery.action,
    state: delivery.state,
    title: delivery.title,
    severity: delivery.severity,
    rules: JSON.stringify(delivery.rules),
    incident_ids: JSON.stringify(delivery.incidentIds),
    event_ids: JSON.stringify(delivery.eventIds),
    event_count: delivery.eventCount,
    group_key: delivery.groupKey,
    because: delivery.because,
    not_before: delivery.notBefore,
    attempts: delivery.attempts,
    next_attempt_at: delivery.nextAttemptAt,
    give_up_at: delivery.giveUpAt,
    delivered_at: delivery.deliveredAt,
    latency_ms: delivery.latencyMs,
    last_error: jsonOrNull(delivery.lastError),
    preview: jsonOrNull(delivery.preview),
  }
}

/** The casts are sound: only `toDeliveryRow` and the outbox write these columns. */
export function toDelivery(row: Omit<DeliveryRow, 'sequence'>): StoredDelivery {
  return {
    id: row.id,
    workspace: row.workspace,
    createdAt: row.created_at,
    channelId: row.channel_id,
    channelName: row.channel_name,
    channelKind: row.channel_kind as ChannelKind,
    action: row.action as NoticeAction,
    state: row.state as DeliveryState,
    title: row.title,
    severity: row.severity as Severity,
    rules: JSON.parse(row.rules) as RuleName[],
    incidentIds: JSON.parse(row.incident_ids) as string[],
    eventIds: JSON.parse(row.event_ids) as string[],
    eventCount: row.event_count,
    groupKey: row.group_key,
    because: row.because,
    notBefore: row.not_before,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    giveUpAt: row.give_up_at,
    deliveredAt: row.delivered_at,
    latencyMs: row.latency_ms,
    lastError: parsedOrNull(row.last_error) as StoredDelivery['lastError'],
    preview: parsedOrNull(row.preview) as MessagePreview | null,
  }
}

/** Of one that tells of so many: `Disk full and 2 more`. */
export function titleOf(first: string, count: number): string {
  return count === 1 ? first : `${first} and ${(count - 1).toLocaleString('en')} more`
}

/** In the order given, which is the one in which a channel gets them. */
export async function insertDeliveries(
  transaction: Transaction<Schema>,
  deliveries: readonly StoredDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return
  const { names, select } = rowsAsSelect(DELIVERY_COLUMNS, deliveries.map(toDeliveryRow))
  await sql`INSERT INTO deliveries (${names}) ${select}`.execute(transaction)
}

export async function updateDelivery(transaction: Transaction<Schema>, delivery: StoredDelivery): Promise<void> {
  const { id, ...row } = toDeliveryRow(delivery)
  await transaction.updateTable('deliveries').set(row).where('id', '=', id).execute()
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

function parsedOrNull(text: string | null): unknown {
  return text === null ? null : JSON.parse(text)
}
