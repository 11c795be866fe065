import { sql } from 'kysely'
import type { Incident, IncidentEvent } from '../../shared/contract/incidents.ts'
import type { Database } from './database.ts'
import type { StoredDelivery } from './delivery-rows.ts'
import { listed, toEvent, toIncident } from './incident-rows.ts'

/** What a delivery tells of, as it is now. */
export interface NoticeFacts {
  /** The worst first. */
  incidents: Incident[]
  /** Undefined: it is so old that it is gone. */
  event: IncidentEvent | undefined
  /** What the channel gave back when it was told of an incident, by its id. */
  references: ReadonlyMap<string, string>
}

export class NoticeStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** `most`: so many incidents at most. */
  async factsOf({ channelId, incidentIds, eventIds }: StoredDelivery, most: number): Promise<NoticeFacts> {
    const { kysely } = this.#database
    const newest = eventIds.at(-1)
    const event =
      newest === undefined
        ? undefined
        : await kysely.selectFrom('incident_events').selectAll().where('id', '=', newest).executeTakeFirst()
    if (incidentIds.length === 0) {
      return { incidents: [], event: event && toEvent(event), references: new Map() }
    }
    const rows = await kysely
      .selectFrom('incidents')
      .leftJoin('notified', (join) =>
        join.onRef('notified.incident_id', '=', 'incidents.id').on('notified.channel_id', '=', channelId),
      )
      .selectAll('incidents')
      .select('notified.reference')
      .where('incidents.id', 'in', listed(incidentIds))
      .orderBy(sql`instr('critical,high,medium,low,info', incidents.severity)`)
      .orderBy('incidents.number')
      .limit(most)
      .execute()
    return {
      incidents: rows.map(({ reference: _, ...row }) => toIncident(row)),
      event: event && toEvent(event),
      references: new Map(rows.flatMap(({ id, reference }) => (reference === null ? [] : [[id, reference]]))),
    }
  }

  /** The last events, oldest first, and of each incident among them when its first event came. */
  async lastEvents(workspace: string, limit: number): Promise<{ events: IncidentEvent[]; first: Set<string> }> {
    const { kysely } = this.#database
    const rows = await kysely
      .selectFrom('incident_events as event')
      .selectAll('event')
      .select(
        sql<number>`NOT EXISTS (SELECT 1 FROM incident_events AS earlier
          WHERE earlier.incident_id = event.incident_id AND earlier.id < event.id)`.as('is_first'),
      )
      .where('workspace', '=', workspace)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    rows.reverse()
    return {
      events: rows.map(({ is_first: _, ...row }) => toEvent(row)),
      first: new Set(rows.filter((row) => row.is_first !== 0).map(({ id }) => id)),
    }
  }
}
