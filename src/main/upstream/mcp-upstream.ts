import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { Connection, ProcessUsage } from '../../shared/contract/integrations.ts'
import { Attempt } from './attempt.ts'
import type { ChildProcesses } from './child-processes.ts'
import type { ConnectionBudget } from './connection-budget.ts'
import { ConnectionWishes } from './connection-wishes.ts'
import { createConnector } from './connector.ts'
import { KnownOffer, offerAtOpening } from './known-offer.ts'
import { IsolatedConnections } from './isolated-connections.ts'
import type { UpstreamLimits } from './limits.ts'
import { countOf, LIST_NAMES } from './list-names.ts'
import { Link } from './link.ts'
import type { ClientInfo } from './modern-meta.ts'
import { eraToTry } from './negotiate.ts'
import { NOBODY } from './nobody.ts'
import { Outcome, waitFor } from './outcome.ts'
import type { OutputRing } from './output-ring.ts'
import { Pause, type PauseOptions } from './pause.ts'
import { Retry } from './retry.ts'
import type { StartSlots } from './start-slots.ts'
import type { Offer } from './offer.ts'
import type { ToolList } from './tool-list.ts'
import type {
  Era,
  Principal,
  ListKind,
  LogLevel,
  Release,
  ServerNotification,
  SessionOptions,
  Subscribed,
  Upstream,
  UpstreamListener,
  UpstreamRequest,
  UpstreamSession,
  UpstreamSpec,
} from './upstream.ts'

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
  /** Of the connections that agents do not share, over all upstreams. */
  budget: ConnectionBudget
  children: ChildProcesses
  output: OutputRing
  /** What must be over before the first attempt: the end of the connection that this one replaces. */
  after?: Promise<void>
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
  readonly #retry: Retry
  readonly #closing = new AbortController()
  readonly #loop: Promise<void>
  #current: Connection
  readonly #known: KnownOffer
  /** Of all who share the connection. */
  readonly #wishes = new ConnectionWishes()
  /** The era that an earlier connection with these settings found: spares the probe. */
  #knownEra: Era | undefined
  #link: Link | undefined
  #live: Promise<UpstreamSession> | undefined
  /** What callers wait for: the session of the attempt that is running or comes next. */
  #next = new Outcome<UpstreamSession>()
  #demanded = false
  #failure: AppError | undefined
  #round = new AbortController()
  #startedAt = -Infinity
  #attempt: Attempt | undefined
  readonly #isolated: IsolatedConnections
  /** Agents do not share: so it is set, or the server has asked something that could have been for any of several. */
  #apart: boolean
  #pausing: Pause | undefined

  constructor(spec: UpstreamSpec, options: McpUpstreamOptions) {
    this.id = spec.id
    this.slug = spec.slug
    this.#spec = spec
    this.#options = options
    this.#retry = new Retry(options.limits.backoff)
    this.#apart = spec.mcp.isolation === 'per_session'
    this.#isolated = this.#isolatedConnections()
    this.#known = new KnownOffer(spec.lastKnown)
    this.#current = {
      state: 'connecting',
      error: null,
      protocol_version: null,
      server_info: null,
      tool_count: spec.lastKnown.tools.tools.length,
      warnings: this.#known.warnings,
      since: new Date().toISOString(),
      next_retry_at: null,
    }
    this.#loop = this.#run()
  }

  get connection(): Connection {
    return this.#current
  }

  get tools(): ToolList {
    return this.#known.offer.tools
  }

  get offer(): Offer {
    return this.#known.offer
  }

  session({ signal, principal }: SessionOptions = {}): Promise<UpstreamSession> {
    if (this.#apart && principal) return this.#isolated.session(principal, signal)
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

  subscribe(uri: string, changed: (notification: ServerNotification) => void, principal?: Principal): Subscribed {
    const subscribed = this.#wishesOf(principal).resources.want(uri, changed)
    // Where agents are kept apart there may be no connection yet on which this one could hear anything.
    if (this.#apart && principal) this.session({ principal }).catch(() => undefined)
    return subscribed
  }

  wantLogLevel(level: LogLevel, principal?: Principal): Release {
    return this.#wishesOf(principal).logLevel.want(level)
  }

  freshen(kind: ListKind): void {
    this.#link?.freshen(kind)
  }

  release(principal: Principal): void {
    this.#isolated.release(principal)
  }

  /** Null while no process of it runs. */
  async usage(): Promise<ProcessUsage | null> {
    return (await this.#attempt?.process?.usage()) ?? null
  }

  restart(): void {
    this.#tell('Asked to connect again.')
    this.#retry.reset()
    this.#knownEra = undefined
    this.#isolated.endAll()
    this.#round.abort()
    this.#pausing?.until(0)
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#tell('Stopped.')
    this.#closing.abort()
    this.#round.abort()
    this.#pausing?.until(0)
    await Promise.all([this.#loop, this.#isolated.close()])
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
    this.#attempt = undefined
    this.#change({ state: 'connecting', next_retry_at: null })
    const attempt = new Attempt(await createConnector(mcp, this.#spec.secrets(), this.#options), this.#retry)
    this.#attempt = attempt
    const { connector } = attempt
    const open = () =>
      Link.open(connector, {
        client: clientInfo,
        limits,
        era: eraToTry(mcp.era, this.#knownEra),
        signal,
        said: (notification) => this.#options.listener.said(this, notification),
        wishes: this.#wishes,
        onAmbiguous: (method) => this.#separate(method),
      })
    // Only processes compete for the machine.
    const link = connector.kind === 'stdio' ? await starts.run(open, limits.startTimeoutMs, signal) : await open()
    const abort = () => void link.close()
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    try {
      this.#knownEra = link.opening.era
      attempt.cameUp()
      link.prepareFor(this.tools)
      link.listen()
      this.#demanded = false
      link.session.reopen = (request) => this.#sessionFor(request)
      this.#live = Promise.resolve(link.session)
      this.#next.resolve(link.session)
      void link.ended.then(() => this.#lose())
      this.#connected(link, await link.list(signal))
      void attempt.process?.settled()
      const ends: Promise<AppError | 'idle'>[] = [link.ended]
      if (connector.kind === 'stdio' && limits.idleTimeoutMs > 0) ends.push(link.untilIdle(limits.idleTimeoutMs))
      return await Promise.race(ends)
    } finally {
      this.#link = undefined
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

  #sessionFor({ caller, signal }: UpstreamRequest): Promise<UpstreamSession> {
    return this.session({ principal: caller === NOBODY ? undefined : caller?.principal, signal })
  }

  #connected(link: Link, tools: ToolList): void {
    const { protocolVersion, serverInfo } = link.opening
    this.#failure = undefined
    const server = serverInfo ? `: ${serverInfo.name} ${serverInfo.version}`.trimEnd() : ''
    this.#tell(`Connected with MCP ${protocolVersion}${server}, ${countOf({ ...this.offer, tools }, 'tools')}.`)
    this.#link = link
    this.#known.warn('tools', tools.warnings)
    this.#take(
      { ...offerAtOpening(link.opening), tools },
      { state: 'connected', error: null, protocol_version: protocolVersion, server_info: serverInfo },
    )
    this.#options.log.info({ integration: this.slug, protocolVersion, tools: tools.tools.length }, 'upstream connected')
    link.watch({
      listed: (kind, found, warnings) => {
        this.#known.warn(kind, warnings)
        this.#take(found)
      },
      listFailed: (kind, error) => {
        const warning = `Its ${LIST_NAMES[kind]} may have changed, but could not be listed: ${asAppError(error).message}`
        this.#tell(warning)
        this.#known.warn(kind, [warning])
        this.#change({ warnings: this.#known.warnings })
      },
    })
  }

  #take(found: Partial<Offer>, facts: Partial<Connection> = {}): void {
    const wasConnected = this.#current.state === 'connected'
    const kinds = this.#known.update(found)
    if (wasConnected)
      for (const kind of kinds ?? [])
        this.#tell(`The list of ${LIST_NAMES[kind]} changed: ${countOf(this.offer, kind)}.`)
    this.#change({ ...facts, tool_count: this.tools.tools.length, warnings: this.#known.warnings })
    if (kinds?.includes('tools')) this.#isolated.sendHeadersFor(this.tools)
    if (kinds) this.#options.listener.offerChanged(this, kinds)
  }

  /** After an end: shows what it means, and waits until the next attempt is due or asked for. */
  async #rest(end: AppError | 'idle'): Promise<void> {
    if (end === 'idle') {
      this.#tell('Not used for a while: it rests until it is needed.')
      await this.#pauseUntilAsked()
      return
    }
    const wasConnected = this.#current.state === 'connected'
    const lastedMs = performance.now() - this.#startedAt
    const { state, delayMs, failure } = this.#retry.after(end, lastedMs, this.#attempt?.exits ?? 0)
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

  #pauseUntilAsked(): Promise<void> {
    return this.#pause(Infinity, { onDemand: true, patient: true })
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

  #isolatedConnections(): IsolatedConnections {
    const { mcp, secrets } = this.#spec
    return new IsolatedConnections({
      ...this.#options,
      slug: this.slug,
      connector: () => createConnector(mcp, secrets(), this.#options),
      era: () => eraToTry(mcp.era, this.#knownEra),
      opened: (session) => {
        session.reopen = (request) => this.#sessionFor(request)
        session.sendHeadersFor(this.tools)
      },
      tell: (event) => this.#tell(event),
    })
  }

  /** From now on each agent has a connection of its own, until these settings end. */
  #separate(method: string): void {
    if (this.#apart) return
    this.#apart = true
    this.#tell(
      `It asked ${method} without telling for whom, while several agents waited: nobody was asked, and each gets a connection of its own from now on.`,
    )
  }

  #wishesOf(principal: Principal | undefined): ConnectionWishes {
    return this.#apart && principal ? this.#isolated.wishesOf(principal) : this.#wishes
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

function stopped(): AppError {
  return new AppError('upstream_unavailable', { message: 'The connection was stopped.' })
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const message = messageOf(error)
  return new AppError('upstream_unavailable', { message, cause: error })
}
