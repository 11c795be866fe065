import { sql, type RawBuilder, type Selectable, type Transaction } from 'kysely'
import type { Incident, IncidentEvent, TimelineEntry } from '../../shared/contract/incidents.ts'
import type { Schema } from './schema.ts'

type IncidentRow = Selectable<Schema['incidents']>
type EventRow = Selectable<Schema['incident_events']>
type TimelineRow = Selectable<Schema['incident_timeline']>

/** Checks of the tables, and this being the one writer, hold what the casts say. */
export function toIncident({ workspace: _, labels, links, ...row }: IncidentRow): Incident {
  return {
    ...(row as Omit<Incident, 'labels' | 'links'>),
    labels: JSON.parse(labels) as Incident['labels'],
    links: JSON.parse(links) as Incident['links'],
  }
}

export function toEvent({ workspace: _, labels, links, decisions, ...row }: EventRow): IncidentEvent {
  return {
    ...(row as Omit<IncidentEvent, 'labels' | 'links' | 'decisions'>),
    labels: JSON.parse(labels) as IncidentEvent['labels'],
    links: JSON.parse(links) as IncidentEvent['links'],
    decisions: JSON.parse(decisions) as IncidentEvent['decisions'],
  }
}

export function toTimelineEntry({ incident_id: _, ...row }: TimelineRow): TimelineEntry {
  return row as TimelineEntry
}

export function incidentRow(workspace: string, incident: Incident): IncidentRow {
  return {
    ...incident,
    workspace,
    labels: JSON.stringify(incident.labels),
    links: JSON.stringify(incident.links),
  }
}

export function eventRow(workspace: string, event: IncidentEvent): EventRow {
  return {
    ...event,
    workspace,
    labels: JSON.stringify(event.labels),
    links: JSON.stringify(event.links),
    decisions: JSON.stringify(event.decisions),
  }
}

/**
 * Rows for `INSERT INTO … SELECT`: one statement with one parameter, whatever their number. It is run on the thread that
 * serves agents, so what a statement costs by itself matters.
 */
export function rowsAsSelect<Row extends object>(
  columns: readonly (keyof Row & string)[],
  rows: readonly Row[],
): { names: RawBuilder<unknown>; select: RawBuilder<unknown> } {
  const values = JSON.stringify(rows.map((row) => columns.map((column) => row[column])))
  const read = sql.join(columns.map((_, index) => sql`value ->> ${sql.lit(index)}`))
  // Without the WHERE, SQLite takes an ON CONFLICT that follows for a join.
  return {
    names: sql.join(columns.map((column) => sql.ref(column))),
    select: sql`SELECT ${read} FROM json_each(${values}) WHERE true`,
  }
}

/** A list of any length as one parameter: a statement takes 32,766 of them at most. */
export function listed(values: readonly string[]): RawBuilder<string> {
  return sql<string>`(SELECT value FROM json_each(${JSON.stringify(values)}))`
}

/** One that is over, with its newest event. */
export interface ResolvedIncident {
  id: string
  lastEventId: string
}

/** Those of these that are resolved. */
export async function resolvedOf(
  transaction: Transaction<Schema>,
  incidentIds: readonly string[],
): Promise<ResolvedIncident[]> {
  const rows = await transaction
    .selectFrom('incidents')
    .innerJoin('incident_events', 'incident_events.incident_id', 'incidents.id')
    .select(['incidents.id', ({ fn }) => fn.max('incident_events.id').as('last')])
    .where('incidents.id', 'in', listed(incidentIds))
    .where('incidents.status', '=', 'resolved')
    .groupBy('incidents.id')
    .execute()
  return rows.map(({ id, last }) => ({ id, lastEventId: last }))
}
