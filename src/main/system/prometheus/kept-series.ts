import type { Logger } from '../../base/log.ts'
import type { Database } from '../../store/database.ts'
import type { SeriesSchema } from '../../store/series-schema.ts'
import { SeriesStore, type Sample, type SeriesLabels } from '../../store/series-store.ts'

interface KeptSeriesOptions {
  /** Opens the file. Called when there is something to be kept or to be read, and again after it failed. */
  open: () => Promise<Database<SeriesSchema>>
  log: Pick<Logger, 'warn'>
  now?: () => number
  mostPoints?: number
}

/** Of all workspaces together: about 60 MB. */
const MOST_POINTS = 2_000_000
/** What is deleted at a time when there are too many, so that it need not be done with each poll. */
const SLACK = 0.02
const DAY_MS = 86_400_000
/** A step in which there was nothing is a gap when it is followed by as many more. */
const GAP_STEPS = 2

export interface ReadSeries {
  labels: SeriesLabels
  points: [seconds: number, value: number | null][]
}

/** The time series of all workspaces: opened when the first is set up, and never more than there is room for. */
export class KeptSeries {
  readonly #options: KeptSeriesOptions
  #opened: Promise<{ database: Database<SeriesSchema>; store: SeriesStore }> | undefined
  /** How many points there are. */
  #points = 0
  #cleaning: Promise<void> = Promise.resolve()

  constructor(options: KeptSeriesOptions) {
    this.#options = options
  }

  async add(workspace: string, queryId: string, samples: readonly Sample[]): Promise<void> {
    if (samples.length === 0) return
    const { mostPoints = MOST_POINTS } = this.#options
    const store = await this.store()
    this.#points += await store.add(workspace, queryId, samples)
    if (this.#points > mostPoints) await this.#clean((all) => all.limit(Math.floor(mostPoints * (1 - SLACK))))
  }

  /** In steps of `stepMs`, each by its highest value; where some are missing there is a null. */
  async read(queryId: string, range: { since: number; until: number; stepMs: number }): Promise<ReadSeries[]> {
    const found: ReadSeries[] = []
    const { stepMs } = range
    for await (const { labels, points } of (await this.store()).read(queryId, range)) {
      const withGaps: ReadSeries['points'] = []
      let last = Infinity
      for (const [at, value] of points) {
        if (at - last > stepMs * (GAP_STEPS + 1)) withGaps.push([(last + stepMs) / 1_000, null])
        withGaps.push([at / 1_000, value])
        last = at
      }
      found.push({ labels, points: withGaps })
    }
    return found
  }

  async count(workspace: string): Promise<number> {
    return await (await this.store()).count(workspace)
  }

  /** Deletes what is older than `days`. */
  async expire(workspace: string, days: number): Promise<void> {
    const { now = Date.now } = this.#options
    await this.#clean((store) => store.expire(workspace, now() - days * DAY_MS))
  }

  async forgetQuery(queryId: string): Promise<void> {
    await this.#clean((store) => store.forgetQuery(queryId))
  }

  async forgetWorkspace(workspace: string): Promise<void> {
    await this.#clean((store) => store.forgetWorkspace(workspace))
  }

  async store(): Promise<SeriesStore> {
    this.#opened ??= this.#open()
    return (await this.#opened).store
  }

  /** Waits for what is being deleted. */
  async close(): Promise<void> {
    await this.#cleaning
    const opened = await this.#opened?.catch(() => undefined)
    await opened?.database.close()
  }

  async #open(): Promise<{ database: Database<SeriesSchema>; store: SeriesStore }> {
    try {
      const database = await this.#options.open()
      const store = new SeriesStore(database)
      this.#points = await store.count()
      return { database, store }
    } catch (error) {
      this.#opened = undefined
      throw error
    }
  }

  /** One after the other: each goes through the rows in batches. */
  async #clean(work: (store: SeriesStore) => Promise<void>): Promise<void> {
    const store = await this.store()
    const mine = this.#cleaning.then(async () => {
      await work(store)
      this.#points = await store.count()
    })
    this.#cleaning = mine.catch((error: unknown) => {
      this.#options.log.warn({ error }, 'old time series could not be deleted')
    })
    await mine
  }
}
