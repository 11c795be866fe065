import type { EventInput } from '../../../shared/contract/incidents.ts'
import type { PrometheusStatus } from '../../../shared/contract/prometheus.ts'
import { AppError } from '../../base/app-error.ts'
import type { Logger } from '../../base/log.ts'
import { messageOf } from '../../base/message-of.ts'
import type { SystemAccess } from '../system-adapter.ts'
import { CLUSTER_KEYS, ENDPOINT_KEY, endpointEvent } from './alert-events.ts'
import { isInDoubt } from './cluster-watch.ts'
import { look } from './look.ts'
import { FAILURES_UNTIL_LOST, leastBetweenLooksMs, pauseMs } from './poll-pace.ts'
import { PrometheusApi } from './prometheus-api.ts'
import { PrometheusProblem } from './prometheus-problem.ts'
import { settingsOf, type PrometheusSettings } from './prometheus-settings.ts'
import { restoredState, storedState, type WatchState } from './watch-state.ts'

export interface PollerOptions {
  workspace: string
  /** As it is set up now. Throws AppError where it is not any more. */
  access: () => SystemAccess
  /** Resolves when they are stored. */
  report: (events: EventInput[]) => Promise<void>
  openKeys: (prefix: string) => Promise<string[]>
  memory: { load: () => Promise<unknown>; save: (state: unknown) => Promise<void> }
  /** Evaluates the stored queries. */
  evaluate: (api: PrometheusApi, signal: AbortSignal) => Promise<void>
  /** A poll has ended. */
  changed: () => void
  log: Pick<Logger, 'info' | 'warn'>
  random?: () => number
}

/** As it is for one poll. */
interface Setup {
  access: SystemAccess
  settings: PrometheusSettings
}

/** One poll with all of its requests. */
const POLL_MS = 120_000
/** The first one: not while everything else starts. */
const FIRST_MS = 500

/**
 * Asks one Prometheus again and again. A poll begins a pause after the end of the former one, by the monotonic clock: two
 * never overlap, and after a sleep or a change of the clock there is one and no burst.
 */
export class Poller {
  readonly #options: PollerOptions
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #state: WatchState | undefined
  #failures = 0
  #lastLook = -Infinity
  #facts: Omit<PrometheusStatus, 'kept_points' | 'retention_days' | 'clusters'> = {
    state: 'waiting',
    last_poll_at: null,
    next_poll_at: null,
    last_duration_ms: null,
    error: null,
    firing_alerts: 0,
  }

  constructor(options: PollerOptions) {
    this.#options = options
  }

  get status(): Omit<PrometheusStatus, 'kept_points' | 'retention_days'> {
    const clusters = [...(this.#state?.clusters ?? [])].map(([name, { state, up, targets, since }]) => ({
      name,
      state,
      targets_up: up,
      targets,
      since: new Date(since).toISOString(),
    }))
    return { ...this.#facts, clusters: clusters.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  }

  start(): void {
    this.#schedule(FIRST_MS * (this.#options.random ?? Math.random)())
  }

  /** Polls now, or waits for the poll that runs. */
  async poll(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    clearTimeout(this.#timer)
    this.#running ??= this.#run().finally(() => (this.#running = undefined))
    await this.#running
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    const begin = performance.now()
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(POLL_MS)])
    let setup: Setup | undefined
    let note: string | null = null
    try {
      const access = this.#options.access()
      setup = { access, settings: settingsOf(access) }
      const api = new PrometheusApi(access)
      note = await this.#look(setup, api, signal)
      // It can be asked, whatever comes of the queries.
      this.#failures = 0
      await this.#options.evaluate(api, signal)
      this.#facts.state = 'ok'
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      this.#facts.state = 'failing'
      note = signal.aborted ? `A poll took longer than ${POLL_MS / 1_000} s.` : messageOf(error)
      if (setup !== undefined && (signal.aborted || isOfServer(error))) await this.#failed(setup, note)
    }
    if (this.#stopping.signal.aborted) return
    const pause = pauseMs(
      {
        intervalMs: setup?.settings.intervalMs ?? POLL_MS,
        failures: this.#failures,
        inDoubt: isInDoubt(this.#state?.clusters ?? new Map()),
      },
      this.#options.random,
    )
    this.#facts.error = note
    this.#facts.last_poll_at = new Date().toISOString()
    this.#facts.last_duration_ms = performance.now() - begin
    this.#schedule(pause)
    this.#options.changed()
  }

  /** Gives what a person should know of it, though it went well. */
  async #look(setup: Setup, api: PrometheusApi, signal: AbortSignal): Promise<string | null> {
    const { access, settings } = setup
    const { openKeys } = this.#options
    const state = await this.#restored(setup)
    const isSoon = performance.now() - this.#lastLook < leastBetweenLooksMs(settings.intervalMs)
    const seen = await look(state, { api, settings, openKeys, isSoon, nowMs: Date.now(), signal })
    if (!isSoon) this.#lastLook = performance.now()
    const events = state.isEndpointLost ? [endpointEvent(access.baseUrl, undefined), ...seen.events] : seen.events
    await this.#commit({ ...seen.state, isEndpointLost: false }, events)
    this.#facts.firing_alerts = seen.firing
    return seen.note
  }

  async #failed(setup: Setup, reason: string): Promise<void> {
    const sinceLook = performance.now() - this.#lastLook
    if (this.#failures > 0 && sinceLook < leastBetweenLooksMs(setup.settings.intervalMs)) return
    this.#lastLook = performance.now()
    this.#failures++
    if (this.#failures === 1) this.#options.log.warn({ workspace: this.#options.workspace, reason }, 'a poll failed')
    if (this.#failures < FAILURES_UNTIL_LOST) return
    try {
      const state = await this.#restored(setup)
      if (!state.isEndpointLost) {
        await this.#commit({ ...state, isEndpointLost: true }, [endpointEvent(setup.access.baseUrl, reason)])
      }
    } catch (failure) {
      this.#options.log.warn({ error: failure }, 'that Prometheus can not be asked could not be told')
    }
  }

  async #restored({ access, settings: { clusterLabel } }: Setup): Promise<WatchState> {
    if (this.#state !== undefined) return this.#state
    const { memory, openKeys, log } = this.#options
    const stored = await memory.load().catch((error: unknown) => {
      log.warn({ error }, 'what was seen of Prometheus before could not be read')
    })
    const lost = await openKeys(CLUSTER_KEYS)
    this.#state = restoredState(stored, `${access.baseUrl} ${clusterLabel}`, {
      clusters: lost.map((key) => key.slice(CLUSTER_KEYS.length)),
      endpoint: (await openKeys(ENDPOINT_KEY)).includes(ENDPOINT_KEY),
      nowMs: Date.now(),
    })
    return this.#state
  }

  /** What was told is remembered afterwards: told twice is better than not at all, and is the same incident. */
  async #commit(state: WatchState, events: EventInput[]): Promise<void> {
    const former = this.#state
    if (events.length > 0) await this.#options.report(events)
    this.#state = state
    const learned = former?.alerts === undefined && state.alerts !== undefined
    if (events.length === 0 && !learned && former !== undefined && sameNames(former, state)) return
    await this.#options.memory.save(storedState(state)).catch((error: unknown) => {
      this.#options.log.warn({ error }, 'what was seen of Prometheus could not be kept')
    })
  }

  #schedule(pause: number): void {
    clearTimeout(this.#timer)
    if (this.#stopping.signal.aborted) return
    this.#facts.next_poll_at = new Date(Date.now() + pause).toISOString()
    this.#timer = setTimeout(() => void this.poll(), pause).unref()
  }
}

/** And not of this machine: a vault that is locked, a disk that is full. */
function isOfServer(error: unknown): boolean {
  if (!(error instanceof PrometheusProblem)) return false
  return !(error.cause instanceof AppError && error.cause.code === 'vault_locked')
}

function sameNames({ clusters: one }: WatchState, { clusters: other }: WatchState): boolean {
  return one.size === other.size && [...one.keys()].every((name) => other.has(name))
}
