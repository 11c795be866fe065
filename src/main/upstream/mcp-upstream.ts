import { AppError } from '../base/app-error.ts'
import type { Connection, ConnectionState, ProcessUsage } from '../../shared/contract/integrations.ts'
import { Backoff } from './backoff.ts'
import type { ChildProcesses } from './child-processes.ts'
import { createConnector, type Connector } from './connector.ts'
import type { UpstreamLimits } from './limits.ts'
import { Link } from './link.ts'
import type { ClientInfo } from './modern-meta.ts'
import { eraToTry } from './negotiate.ts'
import { Outcome, waitFor } from './outcome.ts'
import type { OutputRing } from './output-ring.ts'
import { SessionLost } from './http-errors.ts'
import type { StartSlots } from './start-slots.ts'
import { ProcessExit, StdioTransport } from './stdio.ts'
import type { ToolList } from './tool-list.ts'
import type { Era, Upstream, UpstreamListener, UpstreamSession, UpstreamSpec } from './upstream.ts'

/** The part of a logger that is used here. */
export interface UpstreamLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface McpUpstreamOptions {
  listener: UpstreamListener
  limits: UpstreamLimits
  clientInfo: ClientInfo
  log: UpstreamLog
  starts: StartSlots
  children: ChildProcesses
  output: OutputRing
  /** What must be over before the first attempt: the end of the connection that this one replaces. */
  after?: Promise<void>
}

/** A stored credential that was refused is not tried again soon: that only fills the server's log. */
const REFUSED_FACTOR = 10

/** A wait between two attempts. */
interface Pause {
  /** Moves its end. */
  until(atMs: number): void
  /** Whether a caller may cut it short. */
  onDemand: boolean
  /** It worked until just now: callers wait for the next attempt even when it is not due at once. */
  patient: boolean
}

/**
 * An MCP server that is kept connected: one loop that connects, lists, serves until the end, and waits before it tries
 * again. A failure is a state of the connection, never an exception; the last known tools stay.
 */
export class McpUpstream implements Upstream {
  readonly id: string
  readonly slug: string
  readonly #spec: UpstreamSpec
  readonly #options: McpUpstreamOptions
  readonly #backoff: Backoff
  readonly #closing = new AbortController()
  readonly #loop: Promise<void>
  #current: Connection
  #currentTools: ToolList
  /** The era that an earlier connection with these settings found: spares the probe. */
  #knownEra: Era | undefined
  #live: Promise<UpstreamSession> | undefined
  /** What callers wait for: the session of the attempt that is running or comes next. */
  #next = new Outcome<UpstreamSession>()
  #demanded = false
  #failure: AppError | undefined
  #round = new AbortController()
  #startedAt = -Infinity
  #process: StdioTransport | undefined
  /** Processes of this attempt that ended by themselves before the last one. */
  #exits = 0
  #pausing: Pause | undefined

  constructor(spec: UpstreamSpec, options: McpUpstreamOptions) {
    this.id = spec.id
    this.slug = spec.slug
    this.#spec = spec
    this.#options = options
    this.#backoff = new Backoff(options.limits.backoff)
    this.#currentTools = spec.lastKnownTools
    this.#current = {
      state: 'connecting',
      error: null,
      protocol_version: null,
      server_info: null,
      tool_count: spec.lastKnownTools.tools.length,
      warnings: [...spec.lastKnownTools.warnings],
      since: new Date().toISOString(),
      next_retry_at: null,
    }
    this.#loop = this.#run()
  }

  get connection(): Connection {
    return this.#current
  }

  get tools(): ToolList {
    return this.#currentTools
  }

  session(signal?: AbortSignal): Promise<UpstreamSession> {
    if (this.#live) return this.#live
    if (this.#closing.signal.aborted) return Promise.reject(stopped())
    if (this.#pausing && !this.#wake(this.#pausing)) return Promise.reject(this.#failure ?? stopped())
    this.#demanded = true
    return waitFor(this.#next.promise, {
      timeoutMs: this.#options.limits.startTimeoutMs,
      late: () => new AppError('upstream_timeout', { message: `${this.slug} is still connecting. Try again shortly.` }),
      signal,
    })
  }

  /** Null while no process of it runs. */
  async usage(): Promise<ProcessUsage | null> {
    return (await this.#process?.usage()) ?? null
  }

  restart(): void {
    this.#tell('Asked to connect again.')
    this.#backoff.reset()
    this.#knownEra = undefined
    this.#round.abort()
    this.#pausing?.until(0)
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#tell('Stopped.')
    this.#closing.abort()
    this.#round.abort()
    this.#pausing?.until(0)
    await this.#loop
  }

  async #run(): Promise<void> {
    await this.#options.after
    if (this.#spec.onDemand === true && !this.#round.signal.aborted) await this.#pauseUntilAsked()
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
    this.#next.reject(stopped())
  }

  /** One connection, from the secrets to its end. Resolves with the reason of its end; throws when it did not come up. */
  async #connectOnce(signal: AbortSignal): Promise<AppError | 'idle'> {
    const { limits, clientInfo, starts } = this.#options
    const { mcp } = this.#spec
    this.#exits = 0
    this.#change({ state: 'connecting', next_retry_at: null })
    const connector = this.#counted(await createConnector(mcp, this.#spec.secrets(), this.#options))
    const open = () =>
      Link.open(connector, { client: clientInfo, limits, era: eraToTry(mcp.era, this.#knownEra), signal })
    // Only processes compete for the machine.
    const link = connector.kind === 'stdio' ? await starts.run(open, limits.startTimeoutMs, signal) : await open()
    const abort = () => void link.close()
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    try {
      this.#knownEra = link.opening.era
      this.#exits = 0 // that one left because of a question that is not asked again
      link.prepareFor(this.#currentTools)
      this.#demanded = false
      this.#live = Promise.resolve(link.session)
      this.#next.resolve(link.session)
      this.#connected(link, await link.list(signal))
      const ends: Promise<AppError | 'idle'>[] = [link.ended]
      if (connector.kind === 'stdio' && limits.idleTimeoutMs > 0) ends.push(link.untilIdle(limits.idleTimeoutMs))
      return await Promise.race(ends)
    } finally {
      this.#process = undefined
      this.#live = undefined
      this.#next = new Outcome()
      signal.removeEventListener('abort', abort)
      await link.close()
    }
  }

  /**
   * Knows the process, and counts those of one attempt that end by themselves: where the first question is no question
   * for a server, a second process is started for the older one, and one that always ends would do so twice a time.
   */
  #counted(connector: Connector): Connector {
    let last: StdioTransport | undefined
    return {
      ...connector,
      open: () => {
        if (last?.crash !== undefined) {
          if (this.#backoff.isLast(this.#exits + 1)) throw last.crash
          this.#exits++
        }
        const transport = connector.open()
        last = transport instanceof StdioTransport ? transport : undefined
        this.#process = last
        return transport
      },
    }
  }

  #connected(link: Link, tools: ToolList): void {
    const { protocolVersion, serverInfo } = link.opening
    this.#failure = undefined
    const server = serverInfo ? `: ${serverInfo.name} ${serverInfo.version}`.trimEnd() : ''
    this.#tell(`Connected with MCP ${protocolVersion}${server}, ${countTools(tools)}.`)
    void this.#process?.settled()
    this.#takeTools(tools, {
      state: 'connected',
      error: null,
      protocol_version: protocolVersion,
      server_info: serverInfo,
    })
    this.#options.log.info({ integration: this.slug, protocolVersion, tools: tools.tools.length }, 'upstream connected')
    link.watch({
      tools: (list) => {
        if (list.text !== this.#currentTools.text) this.#tell(`The list of tools changed: ${countTools(list)}.`)
        this.#takeTools(list)
      },
      listFailed: (error) => {
        const warning = `Its tools may have changed, but they could not be listed again: ${asAppError(error).message}`
        this.#tell(warning)
        this.#change({ warnings: [...this.#currentTools.warnings, warning] })
      },
    })
  }

  #takeTools(list: ToolList, facts: Partial<Connection> = {}): void {
    const changed = list.text !== this.#currentTools.text
    this.#currentTools = list
    this.#change({ ...facts, tool_count: list.tools.length, warnings: [...list.warnings] })
    if (changed) this.#options.listener.toolsChanged(this)
  }

  /** After an end: shows what it means, and waits until the next attempt is due or asked for. */
  async #rest(end: AppError | 'idle'): Promise<void> {
    if (end === 'idle') {
      this.#tell('Not used for a while: it rests until it is needed.')
      await this.#pauseUntilAsked()
      return
    }
    const wasConnected = this.#current.state === 'connected'
    const { state, delayMs, failure } = this.#afterFailure(end)
    this.#failure = failure
    const { code, message } = failure
    const retryAt = Number.isFinite(delayMs) ? new Date(Date.now() + delayMs).toISOString() : null
    this.#tell(`${wasConnected ? 'Disconnected' : 'Not connected'}: ${message}`)
    if (retryAt !== null) this.#tell(`Next try in ${Math.max(1, Math.round(delayMs / 1000))} s.`)
    this.#change({ state, error: { code, message }, next_retry_at: retryAt })
    this.#options.log.warn({ integration: this.slug, state, code, reason: message }, 'upstream not connected')
    const patient = wasConnected && state === 'error'
    if (!patient) {
      this.#next.reject(failure)
      this.#next = new Outcome()
      this.#demanded = false
    }
    await this.#pause(delayMs, { onDemand: state === 'error', patient })
  }

  #afterFailure(end: AppError): { state: ConnectionState; delayMs: number; failure: AppError } {
    const { firstMs, maxMs, healthyMs } = this.#options.limits.backoff
    const lastedMs = performance.now() - this.#startedAt
    if (end.code === 'vault_locked') return { state: 'locked', delayMs: maxMs, failure: end }
    if (end.code === 'authorization_required') {
      return { state: 'needs_auth', delayMs: maxMs * REFUSED_FACTOR, failure: end }
    }
    // The server forgot us, nothing is broken: it may be asked again at once, but not in a circle.
    if (end.cause instanceof SessionLost) {
      return { state: 'error', delayMs: Math.max(0, firstMs - lastedMs), failure: end }
    }
    const hasExited = end.cause instanceof ProcessExit
    const delayMs = this.#backoff.next(lastedMs, hasExited ? this.#exits + 1 : 0)
    if (!this.#backoff.exhausted) return { state: 'error', delayMs, failure: end }
    const message =
      `${end.message} It ended ${this.#backoff.crashes} times within ${healthyMs / 1000} s of its start, ` +
      'so it is not started again by itself. Correct the cause, then restart it.'
    const { code, details, cause } = end
    return { state: 'quarantined', delayMs: Infinity, failure: new AppError(code, { message, details, cause }) }
  }

  #pauseUntilAsked(): Promise<void> {
    return this.#pause(Infinity, { onDemand: true, patient: true })
  }

  #pause(delayMs: number, { onDemand, patient }: Omit<Pause, 'until'>): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const done = () => {
        this.#pausing = undefined
        resolve()
      }
      const until = (atMs: number) => {
        clearTimeout(timer)
        timer = setTimeout(done, Math.max(0, atMs - performance.now()))
      }
      this.#pausing = { until, onDemand, patient }
      if (Number.isFinite(delayMs)) until(performance.now() + delayMs)
      if (this.#demanded) this.#wake(this.#pausing)
    })
  }

  /** A caller needs the server: cuts the pause short as far as the floor of the back-off lets it. False: no use waiting. */
  #wake(pause: Pause): boolean {
    const earliest = this.#startedAt + this.#options.limits.backoff.firstMs
    if (!pause.onDemand || (!pause.patient && performance.now() < earliest)) return false
    pause.until(earliest)
    return true
  }

  #tell(event: string): void {
    this.#options.output.event(event)
  }

  #change(facts: Partial<Connection>): void {
    const since =
      (facts.state ?? this.#current.state) === this.#current.state ? this.#current.since : new Date().toISOString()
    const changed = { ...this.#current, ...facts, since }
    if (JSON.stringify(changed) === JSON.stringify(this.#current)) return
    this.#current = changed
    this.#options.listener.connectionChanged(this)
  }
}

function countTools({ tools }: ToolList): string {
  return tools.length === 1 ? '1 tool' : `${tools.length} tools`
}

function stopped(): AppError {
  return new AppError('upstream_unavailable', { message: 'The connection was stopped.' })
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new AppError('upstream_unavailable', { message, cause: error })
}
