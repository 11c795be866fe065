import { AppError } from '../base/app-error.ts'
import type { CancelSignal } from '../base/cancellation.ts'
import { messageOf } from '../base/message-of.ts'
import type { Connection, EraSetting, ProcessUsage } from '../../shared/contract/integrations.ts'
import { Attempt } from './attempt.ts'
import { connectionStopped, stillConnecting } from './connection-errors.ts'
import type { Connector } from './connector.ts'
import type { UpstreamLimits } from './limits.ts'
import type { Link } from './link.ts'
import { eraToTry } from './negotiate.ts'
import { Outcome, waitFor } from './outcome.ts'
import { Pause, type PauseOptions } from './pause.ts'
import { Retry } from './retry.ts'
import type { StartSlots } from './start-slots.ts'
import type { ToolList } from './tool-list.ts'
import type { Era, UpstreamSession } from './upstream.ts'

export interface KeptConnectionOptions {
  slug: string
  era: EraSetting
  limits: UpstreamLimits
  starts: StartSlots
  log: { warn(fields: object, message: string): void }
  /** It rests so long, without a connection, unless somebody needs one sooner. Infinity: until then. */
  restMs: number
  /** What must be over before the first attempt. */
  after: Promise<void> | undefined
  connector(): Promise<Connector>
  open(connector: Connector, era: EraSetting, signal: AbortSignal): Promise<Link>
  /** It can be asked from here on. */
  opened(link: Link): void
  /** Its tools are known. */
  connected(link: Link, tools: ToolList): void
  /** It is over. */
  lost(): void
  /** What a person is shown of it changes. */
  change(facts: Partial<Connection>): void
  tell(event: string): void
}

/**
 * A connection that is kept: one loop that connects, lists, serves until the end, and waits before it tries again. A
 * failure is a state of the connection, never an exception.
 */
export class KeptConnection {
  readonly #options: KeptConnectionOptions
  readonly #retry: Retry
  readonly #closing = new AbortController()
  readonly #loop: Promise<void>
  /** The era that an earlier connection with these settings found: spares the probe. */
  #knownEra: Era | undefined
  #live: Promise<UpstreamSession> | undefined
  /** What callers wait for: the session of the attempt that is running or comes next. */
  #next = new Outcome<UpstreamSession>()
  #demanded = false
  #isConnected = false
  #failure: AppError | undefined
  #round = new AbortController()
  #startedAt = -Infinity
  #attempt: Attempt | undefined
  #pausing: Pause | undefined

  constructor(options: KeptConnectionOptions) {
    this.#options = options
    this.#retry = new Retry(options.limits.backoff)
    this.#loop = this.#run()
  }

  /** Which era to try on another connection to the same server. */
  get era(): EraSetting {
    return eraToTry(this.#options.era, this.#knownEra)
  }

  session(signal: CancelSignal | undefined): Promise<UpstreamSession> {
    if (this.#live) return this.#live
    if (this.#closing.signal.aborted) return Promise.reject(connectionStopped())
    if (this.#pausing && !this.#wake(this.#pausing)) return Promise.reject(this.#failure ?? connectionStopped())
    this.#demanded = true
    const { slug, limits } = this.#options
    return waitFor(this.#next.promise, {
      timeoutMs: limits.startTimeoutMs,
      late: () => stillConnecting(slug),
      signal,
    })
  }

  /** Null while no process of it runs. */
  async usage(): Promise<ProcessUsage | null> {
    return (await this.#attempt?.process?.usage()) ?? null
  }

  /** Connects again now, with a fresh back-off. */
  restart(): void {
    this.#retry.reset()
    this.#knownEra = undefined
    this.#round.abort()
    this.#pausing?.until(0)
  }

  get isClosing(): boolean {
    return this.#closing.signal.aborted
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#round.abort()
    this.#pausing?.until(0)
    await this.#loop
  }

  async #run(): Promise<void> {
    await this.#options.after
    const { restMs } = this.#options
    if (restMs > 0 && !this.#round.signal.aborted) await this.#pauseUnlessAsked(restMs)
    while (!this.#closing.signal.aborted) {
      this.#round = new AbortController()
      this.#startedAt = performance.now()
      let end: AppError | 'idle'
      try {
        end = await this.#connectOnce(this.#round.signal)
      } catch (error) {
        end = asAppError(error)
        this.#knownEra = undefined
      }
      if (!this.#round.signal.aborted) await this.#rest(end)
    }
    this.#next.reject(connectionStopped())
  }

  /** One connection, from the secrets to its end. Resolves with the reason of its end; throws when it did not come up. */
  async #connectOnce(signal: AbortSignal): Promise<AppError | 'idle'> {
    const { limits, starts } = this.#options
    this.#attempt = undefined
    this.#isConnected = false
    this.#options.change({ state: 'connecting', next_retry_at: null })
    const attempt = new Attempt(await this.#options.connector(), this.#retry)
    this.#attempt = attempt
    const { connector } = attempt
    const open = () => this.#options.open(connector, this.era, signal)
    // Only processes compete for the machine.
    const link = connector.kind === 'stdio' ? await starts.run(open, limits.startTimeoutMs, signal) : await open()
    const abort = () => void link.close()
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    try {
      this.#knownEra = link.opening.era
      attempt.cameUp()
      this.#options.opened(link)
      this.#demanded = false
      this.#live = Promise.resolve(link.session)
      this.#next.resolve(link.session)
      void link.ended.then(() => this.#lose())
      const tools = await link.list(signal)
      this.#failure = undefined
      this.#isConnected = true
      this.#options.connected(link, tools)
      void attempt.process?.settled()
      const ends: Promise<AppError | 'idle'>[] = [link.ended]
      if (connector.kind === 'stdio' && limits.idleTimeoutMs > 0) ends.push(link.untilIdle(limits.idleTimeoutMs))
      return await Promise.race(ends)
    } finally {
      this.#options.lost()
      this.#lose()
      signal.removeEventListener('abort', abort)
      await link.close()
    }
  }

  /** The session is over: whoever asks for one from here on waits for the next. */
  #lose(): void {
    if (!this.#live) return
    this.#live = undefined
    this.#next = new Outcome()
  }

  /** After an end: shows what it means, and waits until the next attempt is due or asked for. */
  async #rest(end: AppError | 'idle'): Promise<void> {
    const { log, slug } = this.#options
    if (end === 'idle') {
      this.#options.tell('Not used for a while: it rests until it is needed.')
      await this.#pauseUnlessAsked(Infinity)
      return
    }
    const wasConnected = this.#isConnected
    const lastedMs = performance.now() - this.#startedAt
    const { state, delayMs, failure } = this.#retry.after(end, lastedMs, this.#attempt?.exits ?? 0)
    this.#failure = failure
    const { code, message } = failure
    const retryAt = Number.isFinite(delayMs) ? new Date(Date.now() + delayMs).toISOString() : null
    this.#options.tell(`${wasConnected ? 'Disconnected' : 'Not connected'}: ${message}`)
    if (retryAt !== null) this.#options.tell(`Next try in ${Math.max(1, Math.round(delayMs / 1000))} s.`)
    this.#options.change({ state, error: { code, message }, next_retry_at: retryAt })
    log.warn({ integration: slug, state, code, reason: message }, 'upstream not connected')
    const patient = wasConnected && state === 'error'
    if (!patient) {
      this.#next.reject(failure)
      this.#next = new Outcome()
      this.#demanded = false
    }
    await this.#pause(delayMs, { onDemand: state === 'error', patient })
  }

  #pauseUnlessAsked(delayMs: number): Promise<void> {
    return this.#pause(delayMs, { onDemand: true, patient: true })
  }

  async #pause(delayMs: number, options: PauseOptions): Promise<void> {
    this.#pausing = new Pause(delayMs, options)
    if (this.#demanded) this.#wake(this.#pausing)
    await this.#pausing.over
    this.#pausing = undefined
  }

  /** A caller needs the server: cuts the pause short as far as the floor of the back-off lets it. False: no use waiting. */
  #wake(pause: Pause): boolean {
    const earliest = this.#startedAt + this.#options.limits.backoff.firstMs
    if (!pause.onDemand || (!pause.patient && performance.now() < earliest)) return false
    pause.until(earliest)
    return true
  }
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const message = messageOf(error)
  return new AppError('upstream_unavailable', { message, cause: error })
}
