import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Rows that the cleanup looks at at once: between two looks the thread serves agents. With an incident goes its timeline. */
const EVENTS_AT_ONCE = 500
const ENTRIES_AT_ONCE = 500
const INCIDENTS_AT_ONCE = 50

/** How far the cleanup is: rows are in the order of a time. */
export interface Cleaned {
  at: string
  row: number
}
const NOTHING_CLEANED: Cleaned = { at: '', row: 0 }

/** Deletes what is older than it is kept, some at a time, and never looks at the same rows twice. */
export class IncidentCleanup {
  readonly #database: Pick<Database, 'kysely'>

  constructor(database: Pick<Database, 'kysely'>) {
    this.#database = database
  }

  /**
   * Deletes some of the events that were received before `at`; of an incident that is not resolved the newest one stays, so that
   * there is something to tell. Gives how far that is; undefined: to the end.
   */
  async events(at: string, { at: from, row }: Cleaned = NOTHING_CLEANED): Promise<Cleaned | undefined> {
    const { kysely } = this.#database
    const { rows } = await sql<Cleaned>`SELECT received_at AS at, rowid AS row FROM incident_events
      WHERE (received_at, rowid) > (${from}, ${row}) AND received_at < ${at}
      ORDER BY received_at, rowid LIMIT ${sql.lit(EVENTS_AT_ONCE)}`.execute(kysely)
    await sql`DELETE FROM incident_events WHERE rowid IN ${rowsOf(rows)} AND (
      incident_id IS NULL OR EXISTS (SELECT 1 FROM incidents WHERE id = incident_id AND status = 'resolved')
      OR EXISTS (SELECT 1 FROM incident_events AS newer
        WHERE newer.incident_id = incident_events.incident_id AND newer.id > incident_events.id)
    )`.execute(kysely)
    return rows.length < EVENTS_AT_ONCE ? undefined : rows.at(-1)
  }

  /**
   * The same of entries of timelines that sort before an id: an incident may be open for years, and told again each minute. How
   * it began stays.
   */
  async timeline(beforeId: string, from = ''): Promise<string | undefined> {
    const { kysely } = this.#database
    const { rows } = await sql<{ id: string }>`SELECT id FROM incident_timeline
      WHERE id > ${from} AND id < ${beforeId} ORDER BY id LIMIT ${sql.lit(ENTRIES_AT_ONCE)}`.execute(kysely)
    const ids = JSON.stringify(rows.map(({ id }) => id))
    await sql`DELETE FROM incident_timeline WHERE id IN (SELECT value FROM json_each(${ids})) AND kind <> 'opened'`.execute(
      kysely,
    )
    return rows.length < ENTRIES_AT_ONCE ? undefined : rows.at(-1)?.id
  }

  /**
   * The same of incidents that are resolved and that nothing was told of since `at`: their times are those of the source. The
   * newest one of a workspace stays, so that no number is given twice.
   */
  async incidents(at: string, { at: from, row }: Cleaned = NOTHING_CLEANED): Promise<Cleaned | undefined> {
    const { kysely } = this.#database
    const { rows } = await sql<Cleaned>`SELECT resolved_at AS at, rowid AS row FROM incidents
      WHERE status = 'resolved' AND (resolved_at, rowid) > (${from}, ${row}) AND resolved_at < ${at}
      ORDER BY resolved_at, rowid LIMIT ${sql.lit(INCIDENTS_AT_ONCE)}`.execute(kysely)
    await sql`DELETE FROM incidents AS old WHERE rowid IN ${rowsOf(rows)} AND updated_at < ${at}
      AND number < (SELECT max(number) FROM incidents WHERE workspace = old.workspace)`.execute(kysely)
    return rows.length < INCIDENTS_AT_ONCE ? undefined : rows.at(-1)
  }
}

function rowsOf(rows: readonly Cleaned[]) {
  return sql`(SELECT value FROM json_each(${JSON.stringify(rows.map(({ row }) => row))}))`
}
