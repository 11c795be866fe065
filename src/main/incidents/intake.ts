import { setImmediate as nextTurn } from 'node:timers/promises'
import type { IncidentEvent } from '../../shared/contract/incidents.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import type { TimeIds } from '../base/time-id.ts'
import { IncidentBatch } from '../store/incident-batch.ts'
import type { IncidentsStore } from '../store/incidents-store.ts'
import type { DeliveryPlanner } from './happening.ts'
import { IncidentBook } from './incident-book.ts'
import { IntakeQueue, QUEUE_LIMITS, type Intaken, type QueueLimits } from './intake-queue.ts'
import type { Deed, Told } from './told.ts'

interface IntakeOptions {
  store: Pick<IncidentsStore, 'transaction'>
  planner: DeliveryPlanner
  ids: TimeIds
  /** Something was written of these incidents. Must not throw. */
  changed: (workspace: string, ids: readonly string[]) => void
  log: Pick<Logger, 'error'>
  now?: () => number
  limits?: Partial<QueueLimits>
}

/** How long an event waits for others that are written with it. */
const GATHER_MS = 5
const MAX_EVENT_BYTES = 256 * 1024

/**
 * The one way in. What comes at the same time is written by one transaction: event, incident, timeline and the deliveries that
 * rules make of it are there afterwards, all of them on the disk, or none; only then is whoever told of it answered.
 */
export class Intake {
  readonly #options: IntakeOptions
  readonly #limits: QueueLimits
  readonly #queue: IntakeQueue
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isClosed = false

  constructor(options: IntakeOptions) {
    this.#options = options
    this.#limits = { ...QUEUE_LIMITS, ...options.limits }
    this.#queue = new IntakeQueue(this.#limits)
  }

  /**
   * Resolves when all of it is committed. Throws `too_large`, or `rate_limited` with nothing taken. Where it fails later, some
   * of many may be written: to tell of all of them again does no harm.
   */
  async report(workspace: string, told: readonly Told[]): Promise<IncidentEvent[]> {
    const sizes = told.map(({ input }, index) => sizeOf(input, told.length === 1 ? undefined : index))
    this.#admit(told.length, sum(sizes))
    const parts: Promise<IncidentEvent[]>[] = []
    for (let from = 0; from < told.length; from += this.#limits.batchEvents) {
      const to = from + this.#limits.batchEvents
      const part = told.slice(from, to)
      parts.push(this.#add(workspace, part, part.length, sum(sizes.slice(from, to))))
    }
    return (await Promise.all(parts)).flat()
  }

  /** Throws `not_found`, or `invalid_input` where the incident is not in a state for it. */
  async act(workspace: string, deed: Deed): Promise<IncidentEvent[]> {
    const bytes = sizeOf(deed, undefined)
    this.#admit(1, bytes)
    return await this.#add(workspace, deed, 1, bytes)
  }

  /** Resolves when all that was handed in for a workspace before is written, or has failed. */
  async settled(workspace: string): Promise<void> {
    await this.#add(workspace, [], 0, 0)
  }

  /** Takes nothing more, and writes what waits. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#begin()
    await this.#running
  }

  #admit(count: number, bytes: number): void {
    if (this.#isClosed) throw new AppError('rate_limited', { message: 'Gatehouse is stopping. Send it again shortly.' })
    this.#queue.admit(count, bytes)
  }

  #add(workspace: string, work: Intaken['work'], count: number, bytes: number): Promise<IncidentEvent[]> {
    return new Promise((taken, failed) => {
      this.#queue.add(workspace, { work, count, bytes, taken, failed })
      if (this.#queue.hasBatch) this.#begin()
      else this.#timer ??= setTimeout(() => this.#begin(), GATHER_MS)
    })
  }

  #begin(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      if (!this.#queue.isEmpty) this.#begin()
    })
  }

  async #run(): Promise<void> {
    for (let next = this.#queue.next(); next !== undefined; next = this.#queue.next()) {
      await this.#write(next.workspace, next.items)
      // The driver works on this thread: agents are served between two transactions.
      await nextTurn()
    }
  }

  async #write(workspace: string, items: readonly Intaken[]): Promise<void> {
    try {
      await this.#commit(workspace, items)
    } catch (error) {
      // A disk that is full refuses the next one as well; anything else may be the fault of one of them.
      if (items.length === 1 || error instanceof AppError) {
        if (!(error instanceof AppError))
          this.#options.log.error({ workspace, err: error }, 'events could not be taken')
        for (const item of items) item.failed(error)
        return
      }
      for (const item of items) await this.#write(workspace, [item])
    }
  }

  async #commit(workspace: string, items: readonly Intaken[]): Promise<void> {
    const { store, planner, ids, changed, now = Date.now } = this.#options
    await planner.ready()
    const nowMs = now()
    const settle: (() => void)[] = []
    const touched = await store.transaction(async (transaction) => {
      const book = new IncidentBook(new IncidentBatch(transaction, workspace), { ids, now: isoOf(nowMs) })
      await book.open(items.flatMap<Told | Deed>(({ work }) => (isTold(work) ? work : [work])))
      for (const item of items) settle.push(await take(book, item))
      await book.writeIncidents()
      const { happenings } = book
      await book.writeEvents(
        happenings.length === 0 ? [] : await planner.plan(transaction, workspace, happenings, nowMs),
      )
      return book.touched
    })
    planner.committed(workspace)
    for (const each of settle) each()
    if (touched.length > 0) changed(workspace, touched)
  }
}

/** Takes one item; how it is answered once all is committed. */
async function take(book: IncidentBook, { work, taken, failed }: Intaken): Promise<() => void> {
  if (!isTold(work)) {
    try {
      const events = book.takeDeed(work)
      return () => taken(events)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return () => failed(error)
    }
  }
  const events: IncidentEvent[] = []
  for (const told of work) events.push(await book.takeTold(told))
  return () => taken(events)
}

function isTold(work: Intaken['work']): work is readonly Told[] {
  return Array.isArray(work)
}

/** Throws `too_large`. `index`: of several. */
function sizeOf(value: object, index: number | undefined): number {
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes <= MAX_EVENT_BYTES) return bytes
  const message = `An event may have ${MAX_EVENT_BYTES / 1024} KiB; this one has ${Math.ceil(bytes / 1024)}. Shorten its texts.`
  throw new AppError('too_large', {
    message,
    details: index === undefined ? [] : [{ path: `events.${index}`, message }],
  })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}
