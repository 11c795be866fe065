import { EventInput, type EventGiven, type IncidentEvent } from '../../../src/shared/contract/incidents.ts'
import type { Workspace } from '../../../src/shared/contract/workspaces.ts'
import type { ChangeEvent } from '../../../src/shared/contract/events.ts'
import { createLogger } from '../../../src/main/base/log.ts'
import { TimeIds } from '../../../src/main/base/time-id.ts'
import type { DeliveryPlanner, Happening } from '../../../src/main/incidents/happening.ts'
import type { QueueLimits } from '../../../src/main/incidents/intake-queue.ts'
import { IncidentsService } from '../../../src/main/incidents/service.ts'
import type { Told } from '../../../src/main/incidents/told.ts'
import type { Database } from '../../../src/main/store/database.ts'
import { IncidentsStore } from '../../../src/main/store/incidents-store.ts'
import { WorkspacesStore } from '../../../src/main/store/workspaces-store.ts'
import { freshDatabase } from '../store/fresh-store.ts'

export const log = createLogger({ level: 'silent' })

/** An event as its schema makes it. */
export function input(given: Partial<EventGiven> = {}): EventInput {
  return EventInput.parse({ title: 'Disk full', ...given })
}

export function told(given: Partial<EventGiven> = {}, more: Partial<Told> = {}): Told {
  return { input: input(given), origin: 'api', toldBy: null, ...more }
}

export interface Fixture {
  database: Database
  store: IncidentsStore
  service: IncidentsService
  /** What the planner was asked about, oldest first. */
  happenings: Happening[]
  /** What was told to the doors. */
  news: ChangeEvent[]
  /** Milliseconds since 1970. */
  clock: { now: number }
  /** Replaces what plans. */
  planner: DeliveryPlanner
  tell: (given?: Partial<EventGiven>, more?: Partial<Told>) => Promise<IncidentEvent>
}

/** The service on a database of its own, in the workspace `default`. */
export async function freshIncidents(
  options: { limits?: Partial<QueueLimits>; database?: Database } = {},
): Promise<Fixture> {
  const database = options.database ?? (await freshDatabase())
  const workspaces = new WorkspacesStore(database)
  const known = (await workspaces.list()).map(({ name }) => name)
  for (const name of ['default', 'other']) {
    if (!known.includes(name)) await workspaces.insert({ name, plan: 'pro', created_at: '2026-01-01T00:00:00.000Z' })
  }
  const held = new Map<string, Workspace>()
  const store = new IncidentsStore(database)
  const happenings: Happening[] = []
  const news: ChangeEvent[] = []
  const clock = { now: Date.parse('2026-03-01T12:00:00.000Z') }
  const planner: DeliveryPlanner = {
    ready: () => Promise.resolve(),
    plan: (_transaction, _workspace, planned) => {
      happenings.push(...planned)
      return Promise.resolve(planned.map(() => []))
    },
    committed: () => undefined,
  }
  const service = new IncidentsService({
    store,
    planner,
    workspaces: {
      require: (name) => {
        const workspace = held.get(name) ?? { name, plan: 'pro', created_at: '' }
        held.set(name, workspace)
        return workspace
      },
    },
    ids: new TimeIds(() => clock.now),
    emitter: { emit: (_workspace, event) => void news.push(event) },
    log,
    now: () => clock.now,
    ...(options.limits && { limits: options.limits }),
  })
  return {
    database,
    store,
    service,
    happenings,
    news,
    clock,
    planner,
    tell: async (given, more) => {
      const [event] = await service.tell('default', [told(given, more)])
      if (event === undefined) throw new Error('nothing was taken')
      return event
    },
  }
}
