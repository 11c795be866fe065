import { sql, type SqlBool, type Transaction } from 'kysely'
import type {
  EventType,
  Incident,
  IncidentCounts,
  IncidentEvent,
  IncidentFilter,
  IncidentStatus,
  Severity,
  TimelineEntry,
} from '../../shared/contract/incidents.ts'
import { SEVERITIES } from '../../shared/contract/words.ts'
import { isAtLeast } from '../base/severity-order.ts'
import type { Database } from './database.ts'
import { IncidentCleanup } from './incident-cleanup.ts'
import { toEvent, toIncident, toTimelineEntry } from './incident-rows.ts'
import type { Schema } from './schema.ts'

/** What the console shows of one incident, at most. */
const MOST_ENTRIES = 500
/** Keys that one alert may have at a time, and more: one that ended unseen leaves one behind. */
const MOST_KEYS = 10
/** Each word is looked for in all incidents. */
const MOST_WORDS = 10
/** What is erased at once of a workspace that is deleted. */
const TABLES = ['incident_events', 'incidents'] as const

export class IncidentsStore {
  readonly cleanup: IncidentCleanup
  readonly #database: Pick<Database, 'kysely'>

  constructor(database: Pick<Database, 'kysely'>) {
    this.#database = database
    this.cleanup = new IncidentCleanup(database)
  }

  /** All of what `work` writes or nothing. */
  async transaction<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result> {
    return await this.#database.kysely.transaction().execute(work)
  }

  /** The id that sorts last of all that were given to events and entries; undefined: there are none. */
  async lastId(): Promise<string | undefined> {
    const last = async (table: 'incident_events' | 'incident_timeline' | 'incidents') => {
      const id = sql<string | null>`max(id)`.as('id')
      return (await this.#database.kysely.selectFrom(table).select(id).executeTakeFirst())?.id
    }
    const ids = [await last('incident_events'), await last('incident_timeline'), await last('incidents')]
    return ids
      .flatMap((id) => id ?? [])
      .sort()
      .at(-1)
  }

  /** Newest first, at most `limit`, from before the one with the number `before`. */
  async list(
    workspace: string,
    filter: IncidentFilter,
    { limit, before }: { limit: number; before?: number },
  ): Promise<Incident[]> {
    const rows = await this.#matching(workspace, filter)
      .selectAll()
      .$if(before !== undefined, (query) => query.where('number', '<', before ?? 0))
      .orderBy('number', 'desc')
      .limit(limit)
      .execute()
    return rows.map(toIncident)
  }

  async count(workspace: string, filter: IncidentFilter): Promise<number> {
    const { total } = await this.#matching(workspace, filter)
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return total
  }

  async counts(workspace: string): Promise<IncidentCounts> {
    const rows = await this.#incidents(workspace)
      .select((select) => ['status', select.fn.countAll<number>().as('total')])
      .groupBy('status')
      .execute()
    const totalOf = (status: IncidentStatus) => rows.find((row) => row.status === status)?.total ?? 0
    return { open: totalOf('open'), acknowledged: totalOf('acknowledged'), resolved: totalOf('resolved') }
  }

  /** Of those that are not resolved. */
  async activeBySeverity(workspace: string): Promise<{ status: IncidentStatus; severity: Severity; total: number }[]> {
    const rows = await this.#incidents(workspace)
      .select((select) => ['status', 'severity', select.fn.countAll<number>().as('total')])
      .where('status', 'in', ['open', 'acknowledged'])
      .groupBy(['status', 'severity'])
      .execute()
    return rows as { status: IncidentStatus; severity: Severity; total: number }[]
  }

  async get(workspace: string, id: string): Promise<Incident | undefined> {
    const row = await this.#incidents(workspace).selectAll().where('id', '=', id).executeTakeFirst()
    return row && toIncident(row)
  }

  async withNumber(workspace: string, number: number): Promise<Incident | undefined> {
    const row = await this.#incidents(workspace).selectAll().where('number', '=', number).executeTakeFirst()
    return row && toIncident(row)
  }

  /** The one that is not resolved and has this key. */
  async withKey(workspace: string, key: string): Promise<Incident | undefined> {
    const ofKey = this.#database.kysely
      .selectFrom('incident_keys')
      .select('incident_id')
      .where('workspace', '=', workspace)
      .where('dedupe_key', '=', key)
    const row = await this.#incidents(workspace).selectAll().where('id', 'in', ofKey).executeTakeFirst()
    return row && toIncident(row)
  }

  /** Those that are not resolved and have a key that begins with `prefix`; by their key. */
  async withKeyPrefix(workspace: string, prefix: string): Promise<Map<string, Incident>> {
    const rows = await this.#incidents(workspace)
      .innerJoin('incident_keys', 'incident_keys.incident_id', 'incidents.id')
      .selectAll('incidents')
      .select('incident_keys.dedupe_key as key')
      .where(beginsWith(prefix))
      .execute()
    return new Map(rows.map(({ key, ...row }) => [key, toIncident(row)]))
  }

  /** Keys of those that are not resolved, which begin with `prefix`. */
  async openKeys(workspace: string, prefix: string): Promise<string[]> {
    const rows = await this.#database.kysely
      .selectFrom('incident_keys')
      .select('dedupe_key')
      .where('workspace', '=', workspace)
      .where(beginsWith(prefix))
      .execute()
    return rows.map(({ dedupe_key }) => dedupe_key)
  }

  /** Some keys of incidents that are not resolved, by the name of the prefix that they begin with. A prefix ends with a colon. */
  async openKeysOf(workspace: string, prefixes: ReadonlyMap<string, string>): Promise<Map<string, string[]>> {
    if (prefixes.size === 0) return new Map()
    // A semicolon is what comes after a colon: the range is one of the primary key.
    const wanted = JSON.stringify([...prefixes].map(([name, prefix]) => [name, prefix, `${prefix.slice(0, -1)};`]))
    const some = sql`SELECT dedupe_key FROM incident_keys
      WHERE workspace = ${workspace} AND dedupe_key >= value ->> 1 AND dedupe_key < value ->> 2
      ORDER BY dedupe_key DESC LIMIT ${sql.lit(MOST_KEYS)}`
    const { rows } = await sql<{ name: string; keys: string }>`
      SELECT value ->> 0 AS name, (SELECT json_group_array(dedupe_key) FROM (${some})) AS keys FROM json_each(${wanted})
    `.execute(this.#database.kysely)
    return new Map(rows.map(({ name, keys }) => [name, JSON.parse(keys) as string[]]))
  }

  /** Oldest first; of many the newest. */
  async timeline(incidentId: string): Promise<TimelineEntry[]> {
    const rows = await this.#database.kysely
      .selectFrom('incident_timeline')
      .selectAll()
      .where('incident_id', '=', incidentId)
      .orderBy('id', 'desc')
      .limit(MOST_ENTRIES)
      .execute()
    return rows.reverse().map(toTimelineEntry)
  }

  /** Newest first, from before the one with the id `before`. */
  async events(
    workspace: string,
    { incident, type }: { incident?: string | undefined; type?: EventType | undefined },
    { limit, before }: { limit: number; before?: string },
  ): Promise<IncidentEvent[]> {
    let query = this.#database.kysely.selectFrom('incident_events').selectAll().where('workspace', '=', workspace)
    if (incident !== undefined) query = query.where('incident_id', '=', incident)
    if (type !== undefined) query = query.where('type', '=', type)
    if (before !== undefined) query = query.where('id', '<', before)
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toEvent)
  }

  /** Everything of a workspace that is about to be deleted. */
  async erase(workspace: string): Promise<void> {
    await this.transaction(async (transaction) => {
      for (const table of TABLES) await transaction.deleteFrom(table).where('workspace', '=', workspace).execute()
    })
  }

  #incidents(workspace: string) {
    return this.#database.kysely.selectFrom('incidents').where('incidents.workspace', '=', workspace)
  }

  #matching(workspace: string, filter: IncidentFilter) {
    const { query = '', status, min_severity: least, type, source, service, since, until } = filter
    let matching = this.#incidents(workspace)
    if (status === 'active') matching = matching.where('status', 'in', ['open', 'acknowledged'])
    else if (status !== undefined) matching = matching.where('status', '=', status)
    if (least !== undefined) {
      const severities = SEVERITIES.filter((severity) => isAtLeast(severity, least))
      matching = matching.where('severity', 'in', severities)
    }
    if (type !== undefined) matching = matching.where('type', '=', type)
    if (source !== undefined) matching = matching.where('source', '=', source)
    if (service !== undefined) matching = matching.where('service', '=', service)
    // The two texts may differ in their digits after the second.
    if (since !== undefined) matching = matching.where('opened_at', '>=', new Date(since).toISOString())
    if (until !== undefined) matching = matching.where('opened_at', '<=', new Date(until).toISOString())
    const words = wordsOf(query)
    const isNumber = (word: string) => /^#\d{1,15}$/.test(word)
    for (const word of words.filter(isNumber)) matching = matching.where('number', '=', Number(word.slice(1)))
    const others = words.filter((word) => !isNumber(word))
    return others.length === 0 ? matching : matching.where(hasWords(others))
  }
}

/** Prefixes are ASCII: SQLite counts characters. */
function beginsWith(prefix: string) {
  return sql<SqlBool>`substr(incident_keys.dedupe_key, 1, ${prefix.length}) = ${prefix}`
}

/** Each once. Lower case is that of SQLite, which knows the letters of ASCII. */
function wordsOf(query: string): string[] {
  const lower = query.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  return [...new Set(lower.split(/\s+/).filter((word) => word !== ''))].slice(0, MOST_WORDS)
}

/**
 * `instr` and not LIKE: a word may hold % and _. The text of an incident may be long, so it is made once for all words: the
 * LIMIT keeps SQLite from making it anew for each of them.
 */
function hasWords(words: readonly string[]) {
  const labels = sql`(SELECT group_concat(key || '=' || value, ' ') FROM json_each(labels))`
  const text = sql`SELECT lower(concat_ws(' ', title, description, source, service, ${labels})) AS whole LIMIT 1`
  return sql<SqlBool>`NOT EXISTS (
    SELECT 1 FROM (${text}) CROSS JOIN json_each(${JSON.stringify(words)}) AS words WHERE instr(whole, words.value) = 0
  )`
}
