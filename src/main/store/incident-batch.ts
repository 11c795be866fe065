import { sql, type Transaction } from 'kysely'
import type { Incident, IncidentEvent, TimelineEntry } from '../../shared/contract/incidents.ts'
import { eventRow, incidentRow, listed, rowsAsSelect, toIncident } from './incident-rows.ts'
import type { Schema } from './schema.ts'

/** An incident that is not resolved, with all of its keys; or one that is, which has none any more. */
export interface StoredIncident {
  incident: Incident
  keys: string[]
}

/** An entry that belongs to an incident. */
export type NewTimelineEntry = TimelineEntry & { incident_id: string }

const INCIDENT_COLUMNS = [
  'id',
  'workspace',
  'number',
  'type',
  'severity',
  'highest_severity',
  'status',
  'title',
  'description',
  'source',
  'service',
  'labels',
  'dedupe_key',
  'links',
  'rca',
  'opened_at',
  'acknowledged_at',
  'acknowledged_by',
  'resolved_at',
  'resolved_by',
  'updated_at',
  'event_count',
] as const satisfies readonly (keyof Schema['incidents'])[]
/** What never changes. */
const FIXED: readonly string[] = ['id', 'workspace', 'number', 'type', 'dedupe_key', 'opened_at']

const EVENT_COLUMNS = [
  'id',
  'workspace',
  'received_at',
  'occurred_at',
  'origin',
  'told_by',
  'type',
  'severity',
  'status',
  'title',
  'description',
  'source',
  'service',
  'labels',
  'dedupe_key',
  'links',
  'rca',
  'incident_id',
  'decisions',
] as const satisfies readonly (keyof Schema['incident_events'])[]

const TIMELINE_COLUMNS = [
  'id',
  'incident_id',
  'at',
  'kind',
  'actor',
  'message',
  'event_id',
  'delivery_id',
] as const satisfies readonly (keyof Schema['incident_timeline'])[]

/** What one transaction of the intake reads and writes of one workspace: few statements, whatever the number of events. */
export class IncidentBatch {
  readonly #transaction: Transaction<Schema>
  readonly #workspace: string

  constructor(transaction: Transaction<Schema>, workspace: string) {
    this.#transaction = transaction
    this.#workspace = workspace
  }

  /** Those that are not resolved and have one of the keys, and those with one of the ids in any state. */
  async load(keys: readonly string[], ids: readonly string[]): Promise<StoredIncident[]> {
    const transaction = this.#transaction
    const ofKeys = transaction
      .selectFrom('incident_keys')
      .select('incident_id')
      .where('workspace', '=', this.#workspace)
      .where('dedupe_key', 'in', listed(keys))
    const rows = await transaction
      .selectFrom('incidents')
      .selectAll()
      .where('workspace', '=', this.#workspace)
      .where((where) => where.or([where('id', 'in', ofKeys), where('id', 'in', listed(ids))]))
      .execute()
    if (rows.length === 0) return []
    const keyRows = await transaction
      .selectFrom('incident_keys')
      .select(['incident_id', 'dedupe_key'])
      .where('incident_id', 'in', listed(rows.map(({ id }) => id)))
      .execute()
    const keysOf = new Map<string, string[]>(rows.map(({ id }) => [id, []]))
    for (const { incident_id, dedupe_key } of keyRows) keysOf.get(incident_id)?.push(dedupe_key)
    return rows.map((row) => ({ incident: toIncident(row), keys: keysOf.get(row.id) ?? [] }))
  }

  /** The newest resolved incident that was opened with this key. */
  async newestResolved(key: string): Promise<Incident | undefined> {
    const row = await this.#transaction
      .selectFrom('incidents')
      .selectAll()
      .where('workspace', '=', this.#workspace)
      .where('dedupe_key', '=', key)
      .where('status', '=', 'resolved')
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && toIncident(row)
  }

  async lastNumber(): Promise<number> {
    const { last } = await this.#transaction
      .selectFrom('incidents')
      .select(sql<number | null>`max(number)`.as('last'))
      .where('workspace', '=', this.#workspace)
      .executeTakeFirstOrThrow()
    return last ?? 0
  }

  /** New ones and changed ones alike. */
  async writeIncidents(incidents: readonly Incident[]): Promise<void> {
    if (incidents.length === 0) return
    const rows = incidents.map((incident) => incidentRow(this.#workspace, incident))
    const { names, select } = rowsAsSelect(INCIDENT_COLUMNS, rows)
    const changing = INCIDENT_COLUMNS.filter((column) => !FIXED.includes(column))
    const set = sql.join(changing.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`))
    await sql`INSERT INTO incidents (${names}) ${select} ON CONFLICT (id) DO UPDATE SET ${set}`.execute(
      this.#transaction,
    )
  }

  async writeKeys(added: ReadonlyMap<string, string>, removed: readonly string[]): Promise<void> {
    if (removed.length > 0) {
      await this.#transaction
        .deleteFrom('incident_keys')
        .where('workspace', '=', this.#workspace)
        .where('dedupe_key', 'in', listed(removed))
        .execute()
    }
    if (added.size === 0) return
    const rows = [...added].map(([dedupe_key, incident_id]) => ({
      workspace: this.#workspace,
      dedupe_key,
      incident_id,
    }))
    const { names, select } = rowsAsSelect(['workspace', 'dedupe_key', 'incident_id'], rows)
    await sql`INSERT INTO incident_keys (${names}) ${select}`.execute(this.#transaction)
  }

  async writeEvents(events: readonly IncidentEvent[]): Promise<void> {
    if (events.length === 0) return
    const rows = events.map((event) => eventRow(this.#workspace, event))
    const { names, select } = rowsAsSelect(EVENT_COLUMNS, rows)
    await sql`INSERT INTO incident_events (${names}) ${select}`.execute(this.#transaction)
  }

  async writeTimeline(entries: readonly NewTimelineEntry[]): Promise<void> {
    await writeTimeline(this.#transaction, entries)
  }
}

/** Also for what the deliveries have to say of an incident, in the transaction of theirs. */
export async function writeTimeline(
  transaction: Transaction<Schema>,
  entries: readonly NewTimelineEntry[],
): Promise<void> {
  if (entries.length === 0) return
  const { names, select } = rowsAsSelect(TIMELINE_COLUMNS, entries)
  await sql`INSERT INTO incident_timeline (${names}) ${select}`.execute(transaction)
}
