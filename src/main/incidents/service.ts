import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  EventInput,
  EventOrigin,
  EventType,
  Incident,
  IncidentChanges,
  IncidentCounts,
  IncidentDetail,
  IncidentEvent,
  IncidentFilter,
} from '../../shared/contract/incidents.ts'
import type { Workspace } from '../../shared/contract/workspaces.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import type { Logger } from '../base/log.ts'
import { News } from '../base/news.ts'
import type { TimeIds } from '../base/time-id.ts'
import { cursorOf, readCursor, readIdCursor } from '../records/cursor.ts'
import type { Cleaned } from '../store/incident-cleanup.ts'
import type { IncidentsStore } from '../store/incidents-store.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import type { DeliveryPlanner } from './happening.ts'
import { firstIdAt } from './ids-after.ts'
import { unknownIncident } from './incident-book.ts'
import { Intake } from './intake.ts'
import type { QueueLimits } from './intake-queue.ts'
import { refuseReservedKeys } from './reserved-keys.ts'
import type { Deed, Told } from './told.ts'

interface IncidentsServiceOptions {
  store: IncidentsStore
  planner: DeliveryPlanner
  workspaces: Pick<WorkspacesService, 'require'>
  ids: TimeIds
  emitter: Pick<Emitter, 'emit'>
  log: Pick<Logger, 'warn' | 'error'>
  now?: () => number
  limits?: Partial<QueueLimits>
}

interface PageWanted {
  limit: number
  cursor?: string | undefined
}
type Page<Item> = { items: Item[]; next_cursor: string | null }
/** An admin, by the window, the command line or the API. */
type AdminOrigin = Extract<EventOrigin, 'console' | 'api'>

/** An id, of an event. */
const CURSOR = /^[0-9a-z]{20,40}$/
const DAY_MS = 86_400_000
/** How long events and resolved incidents are kept. */
const RETENTION_DAYS = 180

/** What goes wrong, who is at it, and what it was. */
export class IncidentsService {
  readonly #options: IncidentsServiceOptions
  readonly #intake: Intake
  readonly #news: News
  /** One that is made later under the same name is another. */
  readonly #erased = new WeakSet<Workspace>()
  #cleaning: Promise<void> = Promise.resolve()
  #cleanup: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: IncidentsServiceOptions) {
    this.#options = options
    const { store, emitter, log } = options
    this.#news = new News({
      tell: async (workspace, ids) => {
        emitter.emit(workspace, { type: 'incidents_changed', ids, counts: await store.counts(workspace) })
      },
      failed: (error) => log.warn({ error }, 'changes of incidents could not be told'),
    })
    this.#intake = new Intake({ ...options, changed: (workspace, ids) => this.#news.changed(workspace, ids) })
  }

  /** Begins to delete what is old: now, and once a day. */
  start(): void {
    this.#clean()
    this.#cleanup = setInterval(() => this.#clean(), DAY_MS).unref()
  }

  async list(
    workspace: string,
    filter: IncidentFilter,
    { limit, cursor }: PageWanted,
  ): Promise<Page<Incident> & { total: number; counts: IncidentCounts }> {
    const { store, workspaces } = this.#options
    workspaces.require(workspace)
    const items = await store.list(workspace, filter, { limit, ...readCursor(cursor) })
    const last = items.at(-1)
    return {
      items,
      next_cursor: last === undefined || items.length < limit ? null : String(last.number),
      total: await store.count(workspace, filter),
      counts: await store.counts(workspace),
    }
  }

  async get(workspace: string, id: string): Promise<IncidentDetail> {
    const { store, workspaces } = this.#options
    workspaces.require(workspace)
    const incident = await store.get(workspace, id)
    if (incident === undefined) throw unknownIncident()
    return { ...incident, timeline: await store.timeline(id) }
  }

  async update(
    workspace: string,
    id: string,
    changes: IncidentChanges,
    origin: AdminOrigin = 'console',
  ): Promise<IncidentDetail> {
    return await this.#act(workspace, { incidentId: id, origin, toldBy: null, ...changes })
  }

  async acknowledge(
    workspace: string,
    id: string,
    note?: string,
    origin: AdminOrigin = 'console',
  ): Promise<IncidentDetail> {
    return await this.#act(workspace, { incidentId: id, origin, toldBy: null, status: 'acknowledged', note })
  }

  async resolve(
    workspace: string,
    id: string,
    note?: string,
    origin: AdminOrigin = 'console',
  ): Promise<IncidentDetail> {
    return await this.#act(workspace, { incidentId: id, origin, toldBy: null, status: 'resolved', note })
  }

  async events(
    workspace: string,
    filter: { incident?: string | undefined; type?: EventType | undefined },
    { limit, cursor }: PageWanted,
  ): Promise<Page<IncidentEvent>> {
    const { store, workspaces } = this.#options
    workspaces.require(workspace)
    const items = await store.events(workspace, filter, { limit, ...readIdCursor(cursor, CURSOR) })
    return { items, next_cursor: cursorOf(items, limit) }
  }

  async report(workspace: string, input: EventInput, origin: EventOrigin): Promise<IncidentEvent> {
    const [event] = await this.tell(workspace, [{ input, origin, toldBy: null }])
    if (event === undefined) throw new Error('An event was taken and none came back.')
    return event
  }

  /** What any door was told; resolves when it is on the disk. See Intake. */
  async tell(workspace: string, told: readonly Told[]): Promise<IncidentEvent[]> {
    this.#require(workspace)
    refuseReservedKeys(told)
    return await this.#intake.report(workspace, told)
  }

  /** What somebody does to one incident; the events that it made. */
  async act(workspace: string, deed: Deed): Promise<IncidentEvent[]> {
    this.#require(workspace)
    return await this.#intake.act(workspace, deed)
  }

  /**
   * By its id, its number as people say it (`#12`), or a key of one that is not resolved; digits alone are a number where they
   * are no key. Undefined: there is none.
   */
  async find(workspace: string, reference: string): Promise<Incident | undefined> {
    const { store } = this.#options
    const digits = /^#?(\d{1,15})$/.exec(reference)?.[1]
    const numbered = async () => (digits === undefined ? undefined : await store.withNumber(workspace, Number(digits)))
    const named = async () => (await store.get(workspace, reference)) ?? (await store.withKey(workspace, reference))
    if (reference.startsWith('#')) return (await numbered()) ?? (await named())
    return (await named()) ?? (await numbered())
  }

  /** Something else than an event was written of these incidents. */
  changed(workspace: string, ids: readonly string[]): void {
    this.#news.changed(workspace, ids)
  }

  /** Of a workspace that is about to be deleted: from now on nothing is taken there, or it could not be. */
  async erase(workspace: string): Promise<void> {
    const { workspaces, store } = this.#options
    const erased = workspaces.require(workspace)
    this.#erased.add(erased)
    try {
      await this.#intake.settled(workspace)
      await store.erase(workspace)
    } catch (error) {
      this.#erased.delete(erased)
      throw error
    }
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#cleanup)
    await this.#intake.close()
    await this.#cleaning
    this.#news.close()
  }

  #require(name: string): void {
    const workspace = this.#options.workspaces.require(name)
    if (!this.#erased.has(workspace)) return
    throw new AppError('not_found', { message: `The workspace ${name} is being deleted.` })
  }

  async #act(workspace: string, deed: Deed): Promise<IncidentDetail> {
    await this.act(workspace, deed)
    return await this.get(workspace, deed.incidentId)
  }

  #clean(): void {
    const { store, log, now = Date.now } = this.#options
    const beforeMs = now() - RETENTION_DAYS * DAY_MS
    const before = new Date(beforeMs).toISOString()
    const clean = async () => {
      await this.#inParts((from?: string) => store.cleanup.timeline(firstIdAt(beforeMs), from))
      await this.#inParts((from?: Cleaned) => store.cleanup.events(before, from))
      await this.#inParts((from?: Cleaned) => store.cleanup.incidents(before, from))
    }
    this.#cleaning = this.#cleaning.then(clean).catch((error: unknown) => {
      log.warn({ error }, 'old incidents could not be deleted')
    })
  }

  /** Each part gives where the next one begins; between two of them the thread serves agents. */
  async #inParts<Place>(part: (from?: Place) => Promise<Place | undefined>): Promise<void> {
    let from = await part()
    while (from !== undefined && !this.#isClosed) {
      await nextTurn()
      from = await part(from)
    }
  }
}
