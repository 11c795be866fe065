import type { Incident, IncidentEvent, RuleDecision } from '../../shared/contract/incidents.ts'
import { AppError } from '../base/app-error.ts'
import type { TimeIds } from '../base/time-id.ts'
import type { IncidentBatch, NewTimelineEntry, StoredIncident } from '../store/incident-batch.ts'
import { dedupeKeyOf } from './dedupe-key.ts'
import { eventsOf } from './deeds.ts'
import type { Happening } from './happening.ts'
import { merge } from './merge.ts'
import { actorOf, type Deed, type Told } from './told.ts'

/** An event that has been taken; `decisions` are those of the rules, or why they were not asked. */
interface Taken {
  event: IncidentEvent
  /** Undefined: it is nothing that rules are about. */
  happening: Happening | undefined
}

interface Held {
  incident: Incident
  keys: Set<string>
}

/**
 * The incidents that one transaction is about, in memory: takes one event after the other, and writes what became of them in
 * a few statements.
 */
export class IncidentBook {
  readonly #batch: IncidentBatch
  readonly #ids: TimeIds
  readonly #now: string
  readonly #byId = new Map<string, Held>()
  readonly #byKey = new Map<string, Held>()
  readonly #changed = new Set<Held>()
  readonly #addedKeys = new Map<string, string>()
  readonly #removedKeys = new Set<string>()
  readonly #entries: NewTimelineEntry[] = []
  readonly #taken: Taken[] = []
  #lastNumber: number | undefined

  /** `now`: when all of it is received. */
  constructor(batch: IncidentBatch, { ids, now }: { ids: TimeIds; now: string }) {
    this.#batch = batch
    this.#ids = ids
    this.#now = now
  }

  /** What the rules have to judge, in order. */
  get happenings(): Happening[] {
    return this.#taken.flatMap(({ happening }) => happening ?? [])
  }

  /** Ids of all incidents that something was written of, in order. */
  get touched(): string[] {
    return [...this.#changed].map(({ incident }) => incident.id)
  }

  /** Reads what these are about. */
  async open(told: readonly (Told | Deed)[]): Promise<void> {
    const keys = new Set<string>()
    const ids = new Set<string>()
    for (const each of told) {
      if (each.incidentId !== undefined) ids.add(each.incidentId)
      if (!('input' in each)) continue
      keys.add(dedupeKeyOf(each.input))
      for (const key of each.continues ?? []) keys.add(key)
    }
    for (const stored of await this.#batch.load([...keys], [...ids])) this.#hold(stored)
    this.#lastNumber = await this.#batch.lastNumber()
  }

  async takeTold(told: Told): Promise<IncidentEvent> {
    const event = this.#eventOf(told)
    return this.#take(event, await this.#heldBy(told, event), told)
  }

  /**
   * What somebody does, as events; none where only a note was made. Throws AppError, with nothing taken, when it is about an
   * incident that can't be acted on.
   */
  takeDeed(deed: Deed): IncidentEvent[] {
    const held = this.#byId.get(deed.incidentId)
    if (held === undefined) throw unknownIncident()
    const told = eventsOf(deed, held.incident)
    if (deed.note !== undefined && deed.status === undefined) {
      this.#enter(held.incident, { kind: 'note', message: deed.note }, actorOf(deed.origin, deed.toldBy), null)
      this.#touch({ ...held.incident, updated_at: this.#now })
    }
    return told.map((each) => this.#take(this.#eventOf(each), held, each))
  }

  /** Before the rules are asked: what they write points at incidents. */
  async writeIncidents(): Promise<void> {
    await this.#batch.writeIncidents([...this.#changed].map(({ incident }) => incident))
    await this.#batch.writeKeys(this.#addedKeys, [...this.#removedKeys])
  }

  /** `decisions` of each happening, in their order. */
  async writeEvents(decisions: readonly RuleDecision[][]): Promise<void> {
    let at = 0
    for (const { event, happening } of this.#taken) {
      if (happening !== undefined) event.decisions = decisions[at++] ?? []
    }
    await this.#batch.writeEvents(this.#taken.map(({ event }) => event))
    await this.#batch.writeTimeline(this.#entries)
  }

  async #heldBy({ continues = [] }: Told, event: IncidentEvent): Promise<Held | undefined> {
    const key = event.dedupe_key
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    if (event.type === 'rca_completed') {
      const resolved = this.#resolvedHere(key) ?? (await this.#batch.newestResolved(key))
      return resolved && (this.#byId.get(resolved.id) ?? this.#hold({ incident: resolved, keys: [] }))
    }
    if (event.status !== 'open') return undefined
    const former = continues.map((each) => this.#byKey.get(each)).find((held) => held !== undefined)
    if (former === undefined) return undefined
    this.#endKeys(former)
    this.#addKey(key, former)
    return former
  }

  /** One that was resolved by an event of this very transaction. */
  #resolvedHere(key: string): Incident | undefined {
    const ended = [...this.#changed].map((held) => held.incident)
    return ended.filter(({ status, dedupe_key }) => status === 'resolved' && dedupe_key === key).at(-1)
  }

  #take(event: IncidentEvent, held: Held | undefined, { origin, toldBy, incidentId }: Told): IncidentEvent {
    const actor = actorOf(origin, toldBy)
    const opens = () => ({ id: this.#ids.next(), number: (this.#lastNumber = (this.#lastNumber ?? 0) + 1) })
    const { change, incident, entries, ignored } = merge(
      { event, actor, edits: incidentId !== undefined, opens },
      held?.incident,
    )
    event.incident_id = incident?.id ?? null
    if (incident !== null) {
      const now = this.#touch(incident)
      if (change === 'opened') this.#addKey(event.dedupe_key, now)
      if (incident.status === 'resolved') this.#endKeys(now)
      for (const entry of entries) this.#enter(incident, entry, actor, event.id)
    }
    if (ignored !== undefined) event.decisions = [unasked(ignored)]
    this.#taken.push({ event, happening: ignored === undefined ? { event, incident, change } : undefined })
    return event
  }

  #eventOf({ input, origin, toldBy }: Told): IncidentEvent {
    const { type, severity, status, title, description, source, service, labels, links, rca, occurred_at } = input
    return {
      id: this.#ids.next(),
      received_at: this.#now,
      occurred_at: occurred_at === undefined ? this.#now : past(occurred_at, this.#now),
      origin,
      told_by: toldBy,
      type,
      severity,
      status,
      title,
      description,
      source,
      service,
      labels,
      dedupe_key: dedupeKeyOf(input),
      links,
      rca: rca ?? null,
      incident_id: null,
      decisions: [],
    }
  }

  #enter(
    { id }: Incident,
    entry: Pick<NewTimelineEntry, 'kind' | 'message'>,
    actor: string,
    eventId: string | null,
  ): void {
    const place = { id: this.#ids.next(), incident_id: id, at: this.#now, actor, event_id: eventId, delivery_id: null }
    this.#entries.push({ ...place, ...entry })
  }

  #hold({ incident, keys }: StoredIncident): Held {
    const held = { incident, keys: new Set(keys) }
    this.#byId.set(incident.id, held)
    for (const key of keys) this.#byKey.set(key, held)
    return held
  }

  #touch(incident: Incident): Held {
    const held = this.#byId.get(incident.id) ?? this.#hold({ incident, keys: [] })
    held.incident = incident
    this.#changed.add(held)
    return held
  }

  #addKey(key: string, held: Held): void {
    held.keys.add(key)
    this.#byKey.set(key, held)
    this.#addedKeys.set(key, held.incident.id)
  }

  #endKeys(held: Held): void {
    for (const key of [...held.keys]) this.#endKey(key, held)
  }

  #endKey(key: string, held: Held): void {
    held.keys.delete(key)
    this.#byKey.delete(key)
    // One that was added in this transaction is not there yet; another incident may have had it before.
    this.#addedKeys.delete(key)
    this.#removedKeys.add(key)
  }
}

/** Nothing that is told has happened in the future, whatever the clock of whoever tells it; nor before there was Unix. */
function past(time: string, now: string): string {
  return new Date(Math.min(Math.max(0, Date.parse(time)), Date.parse(now))).toISOString()
}

/** Stands in the place of what rules say. */
function unasked(because: string): RuleDecision {
  return { rule_id: '', rule_name: 'All rules', matched: false, because, channels: [] }
}

export function unknownIncident(): AppError {
  return new AppError('not_found', {
    message: 'There is no such incident in this workspace (any more): resolved ones are deleted after 180 days.',
  })
}
