import type { EventInput } from '../../../shared/contract/incidents.ts'
import type { NewQuery, PrometheusStatus, QueryChanges, StoredQuery } from '../../../shared/contract/prometheus.ts'
import { AppError } from '../../base/app-error.ts'
import type { Emitter } from '../../base/emitter.ts'
import type { Logger } from '../../base/log.ts'
import { messageOf } from '../../base/message-of.ts'
import type { Database } from '../../store/database.ts'
import type { PrometheusQueriesStore } from '../../store/prometheus-queries-store.ts'
import type { SeriesSchema } from '../../store/series-schema.ts'
import type { SystemAccess } from '../system-adapter.ts'
import { KeptSeries, type ReadSeries } from './kept-series.ts'
import { Poller } from './poller.ts'
import type { PrometheusApi } from './prometheus-api.ts'
import { settingsOf } from './prometheus-settings.ts'
import { StoredQueryBook } from './stored-query-book.ts'
import { evaluateQueries } from './stored-queries.ts'
import { endUnwatched } from './unwatched.ts'

export interface PrometheusServiceOptions {
  /** As it is now. Undefined: it is not set up. */
  setup: (workspace: string) => { access: SystemAccess; isActive: boolean } | undefined
  /** Resolves when they are stored. */
  report: (workspace: string, events: EventInput[]) => Promise<void>
  /** Keys of incidents that are not resolved, which begin so. */
  openKeys: (workspace: string, prefix: string) => Promise<string[]>
  queries: PrometheusQueriesStore
  openSeries: () => Promise<Database<SeriesSchema>>
  hasSeries: () => boolean
  emitter: Pick<Emitter, 'emit'>
  log: Pick<Logger, 'info' | 'warn'>
}

const CLEAN_MS = 3_600_000

/** Watches the Prometheus of each workspace that has one: alerts, targets, and the queries whose values are kept. */
export class PrometheusService {
  readonly #options: PrometheusServiceOptions
  readonly #queries: StoredQueryBook
  readonly #series: KeptSeries
  readonly #pollers = new Map<string, Poller>()
  /** Those that end; a new one of the same workspace waits for the former. */
  readonly #stopping = new Map<string, Promise<void>>()
  #cleaning: NodeJS.Timeout | undefined
  #isWatching = false

  constructor(options: PrometheusServiceOptions) {
    this.#options = options
    this.#queries = new StoredQueryBook(options.queries)
    this.#series = new KeptSeries({ open: options.openSeries, log: options.log })
  }

  /** Begins to watch, in all workspaces. */
  start(workspaces: readonly string[]): void {
    this.#isWatching = true
    for (const workspace of workspaces) this.#refresh(workspace)
  }

  /** It was set up, for the first time or again, or enabled, disabled or forgotten. */
  changed(workspace: string, what: 'set_up' | 'status' | 'forgotten'): void {
    this.#refresh(workspace)
    if (what !== 'set_up') return
    this.#queries
      .createDefaults(workspace)
      .then(() => this.#changed(workspace))
      .catch((error: unknown) => this.#options.log.warn({ error }, 'the first queries could not be made'))
  }

  async status(workspace: string): Promise<PrometheusStatus> {
    const setup = this.#options.setup(workspace)
    if (setup === undefined) return nothing('not_set_up')
    const { retentionDays } = settingsOf(setup.access)
    const status = this.#pollers.get(workspace)?.status ?? nothing('disabled')
    const kept = await this.#series.count(workspace).catch((error: unknown) => {
      this.#options.log.warn({ reason: messageOf(error) }, 'the time series can not be read')
      return 0
    })
    return { ...status, retention_days: retentionDays, kept_points: kept }
  }

  /** Now, or when the poll that runs has ended. */
  async poll(workspace: string): Promise<PrometheusStatus> {
    const poller = this.#pollers.get(workspace)
    if (poller === undefined) {
      const what = this.#options.setup(workspace) === undefined ? 'is not set up' : 'is disabled'
      throw new AppError('invalid_input', { message: `Prometheus ${what} in this workspace.` })
    }
    await this.#stopping.get(workspace)
    await poller.poll()
    return await this.status(workspace)
  }

  async queries(workspace: string): Promise<StoredQuery[]> {
    return await this.#queries.list(workspace)
  }

  async createQuery(workspace: string, input: NewQuery): Promise<StoredQuery> {
    const query = await this.#queries.create(workspace, input)
    this.#changed(workspace)
    return query
  }

  async updateQuery(workspace: string, id: string, changes: QueryChanges): Promise<StoredQuery> {
    const { query, isAnother } = await this.#queries.update(workspace, id, changes)
    if (isAnother) await this.#series.forgetQuery(id)
    this.#changed(workspace)
    return query
  }

  async removeQuery(workspace: string, id: string): Promise<void> {
    await this.#queries.remove(workspace, id)
    await this.#series.forgetQuery(id)
    this.#changed(workspace)
  }

  async series(
    workspace: string,
    id: string,
    { since, until, max_points }: { since: string; until?: string | undefined; max_points: number },
  ): Promise<{ step_s: number; series: ReadSeries[] }> {
    await this.#queries.require(workspace, id)
    const range = { since: Date.parse(since), until: until === undefined ? Date.now() : Date.parse(until) }
    if (range.until <= range.since) {
      const message = 'The end has to be after the begin.'
      throw new AppError('invalid_input', { message, details: [{ path: 'since', message }] })
    }
    const setup = this.#options.setup(workspace)
    const intervalS = setup === undefined ? 1 : settingsOf(setup.access).intervalMs / 1_000
    const step_s = Math.ceil(Math.max(intervalS, (range.until - range.since) / 1_000 / max_points))
    return { step_s, series: await this.#series.read(id, { ...range, stepMs: step_s * 1_000 }) }
  }

  /** Everything of a workspace that is about to be deleted. */
  async erase(workspace: string): Promise<void> {
    this.#refresh(workspace)
    await this.#stopping.get(workspace)
    await this.#queries.forget(workspace)
    // Also what was seen: another workspace of its name would not be told of what is known already.
    if (this.#options.hasSeries()) await this.#series.forgetWorkspace(workspace)
    this.#stopping.delete(workspace)
  }

  async close(): Promise<void> {
    this.#isWatching = false
    clearInterval(this.#cleaning)
    await Promise.all([...this.#pollers.values()].map((poller) => poller.stop()))
    await Promise.all(this.#stopping.values())
    await this.#series.close()
  }

  /** Watches as it is set up now; what was watched before ends first. */
  #refresh(workspace: string): void {
    const former = this.#pollers.get(workspace)
    this.#pollers.delete(workspace)
    const stopped = Promise.all([this.#stopping.get(workspace), former?.stop()]).then(() =>
      this.#endUnwatched(workspace),
    )
    this.#stopping.set(workspace, stopped)
    const isWatched = this.#isWatching && this.#options.setup(workspace)?.isActive === true
    const poller = isWatched ? this.#createPoller(workspace) : undefined
    if (poller !== undefined) this.#pollers.set(workspace, poller)
    void stopped.then(() => {
      if (!this.#isWatching || this.#pollers.get(workspace) !== poller) return
      poller?.start()
      void this.#expire(workspace)
    })
    this.#options.emitter.emit(workspace, { type: 'prometheus_changed' })
  }

  async #endUnwatched(workspace: string): Promise<void> {
    if (!this.#isWatching) return
    const { setup, openKeys, report, log } = this.#options
    await endUnwatched({
      setup: setup(workspace),
      openKeys: (prefix) => openKeys(workspace, prefix),
      report: (events) => report(workspace, events),
      forgetSeen: async () => await (await this.#series.store()).setWatch(workspace, null),
    }).catch((error: unknown) => log.warn({ error, workspace }, 'what is no longer watched could not be resolved'))
  }

  #createPoller(workspace: string): Poller {
    const { setup, report, openKeys, emitter, log } = this.#options
    return new Poller({
      workspace,
      access: () => {
        const now = setup(workspace)
        if (now === undefined) throw new AppError('not_found', { message: 'Prometheus is not set up any more.' })
        return now.access
      },
      report: (events) => report(workspace, events),
      openKeys: (prefix) => openKeys(workspace, prefix),
      memory: {
        load: async () => await (await this.#series.store()).watch(workspace),
        save: async (state) => await (await this.#series.store()).setWatch(workspace, state),
      },
      evaluate: (api, signal) => this.#evaluate(workspace, api, signal),
      changed: () => emitter.emit(workspace, { type: 'prometheus_changed' }),
      log,
    })
  }

  async #evaluate(workspace: string, api: PrometheusApi, signal: AbortSignal): Promise<void> {
    const queries = await this.#queries.rows(workspace)
    await evaluateQueries(api, queries, signal, async (query, samples, evaluation) => {
      if (!this.#queries.isCurrent(workspace, query)) return
      this.#queries.evaluated(query.id, evaluation)
      try {
        await this.#series.add(workspace, query.id, samples)
      } catch (error) {
        this.#queries.evaluated(query.id, { ...evaluation, error: messageOf(error) })
      }
    })
  }

  /** Begins with new queries at once: nobody wants to wait for an hour to see whether they are right. */
  #changed(workspace: string): void {
    this.#options.emitter.emit(workspace, { type: 'prometheus_changed' })
    void this.#pollers.get(workspace)?.poll()
  }

  async #clean(): Promise<void> {
    for (const workspace of this.#stopping.keys()) await this.#expire(workspace)
  }

  /** Deletes what is older than this workspace keeps it, also where nothing is watched any more: what was kept goes on ageing. */
  async #expire(workspace: string): Promise<void> {
    try {
      const setup = this.#options.setup(workspace)
      // Where there never was a setup there are no queries, and the file is left alone.
      if (setup === undefined && (await this.#queries.rows(workspace)).length === 0) return
      if (this.#isWatching) this.#cleaning ??= setInterval(() => void this.#clean(), CLEAN_MS).unref()
      await this.#series.expire(workspace, settingsOf(setup?.access ?? { values: {} }).retentionDays)
    } catch {
      // It was logged where it failed; the next time may go better.
    }
  }
}

function nothing(state: 'not_set_up' | 'disabled'): PrometheusStatus {
  return {
    state,
    last_poll_at: null,
    next_poll_at: null,
    last_duration_ms: null,
    error: null,
    firing_alerts: 0,
    clusters: [],
    kept_points: 0,
    retention_days: settingsOf({ values: {} }).retentionDays,
  }
}
