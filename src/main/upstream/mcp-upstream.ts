import { messageOf } from '../base/message-of.ts'
import type { Connection, ProcessUsage } from '../../shared/contract/integrations.ts'
import type { ChildProcesses } from './child-processes.ts'
import type { ConnectionBudget } from './connection-budget.ts'
import { ConnectionWishes } from './connection-wishes.ts'
import { createConnector } from './connector.ts'
import { KnownOffer, offerAtOpening } from './known-offer.ts'
import { IsolatedConnections } from './isolated-connections.ts'
import { KeptConnection } from './kept-connection.ts'
import type { UpstreamLimits } from './limits.ts'
import { counted, LIST_NAMES, listWords } from './list-names.ts'
import { Link } from './link.ts'
import type { ClientInfo } from './modern-meta.ts'
import type { OutputRing } from './output-ring.ts'
import type { StartSlots } from './start-slots.ts'
import type { Offer } from './offer.ts'
import type { ToolList } from './tool-list.ts'
import type {
  Principal,
  ListKind,
  LogLevel,
  McpUpstreamSpec,
  Release,
  ServerNotification,
  SessionOptions,
  Subscribed,
  Upstream,
  UpstreamListener,
  UpstreamRequest,
  UpstreamSession,
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
 * An MCP server that agents share, or have connections of their own to: what it offers, which outlives each connection,
 * and what agents wish to hear of it. The shared connection is kept also where agents are apart: its lists are theirs.
 */
export class McpUpstream implements Upstream {
  readonly id: string
  readonly slug: string
  readonly #spec: McpUpstreamSpec
  readonly #options: McpUpstreamOptions
  #current: Connection
  readonly #known: KnownOffer
  /** Of all who share the connection. */
  readonly #wishes = new ConnectionWishes()
  readonly #shared: KeptConnection
  /** The shared connection, while its tools are known. */
  #link: Link | undefined
  readonly #isolated: IsolatedConnections
  /** Agents do not share: so it is set, or the server has asked something that could have been for any of several. */
  #apart: boolean

  constructor(spec: McpUpstreamSpec, options: McpUpstreamOptions) {
    this.id = spec.id
    this.slug = spec.slug
    this.#spec = spec
    this.#options = options
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
    this.#shared = this.#sharedConnection()
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
    return this.#shared.session(signal)
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
  usage(): Promise<ProcessUsage | null> {
    return this.#shared.usage()
  }

  restart(): void {
    this.#tell('Asked to connect again.')
    this.#isolated.endAll()
    this.#shared.restart()
  }

  async close(): Promise<void> {
    if (!this.#shared.isClosing) this.#tell('Stopped.')
    await Promise.all([this.#shared.close(), this.#isolated.close()])
  }

  #sessionFor({ caller, signal }: UpstreamRequest): Promise<UpstreamSession> {
    return this.session({ principal: caller?.principal, signal })
  }

  #connected(link: Link, tools: ToolList): void {
    const { protocolVersion, serverInfo } = link.opening
    const server = serverInfo ? `: ${serverInfo.name} ${serverInfo.version}`.trimEnd() : ''
    this.#tell(`Connected with MCP ${protocolVersion}${server}, ${counted(tools.tools.length, 'tools')}.`)
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
        const warning = `Its ${LIST_NAMES[kind]} may have changed, but could not be listed: ${messageOf(error)}`
        this.#tell(warning)
        this.#known.warn(kind, [warning])
        this.#change({ warnings: this.#known.warnings })
      },
    })
  }

  #take(found: Partial<Offer>, facts: Partial<Connection> = {}): void {
    const wasConnected = this.#current.state === 'connected'
    const before = this.offer
    const kinds = this.#known.update(found)
    if (wasConnected) for (const kind of kinds ?? []) this.#tell(listWords(kind, before, this.offer))
    this.#change({ ...facts, tool_count: this.tools.tools.length, warnings: this.#known.warnings })
    if (kinds?.includes('tools')) this.#isolated.prepareFor(this.tools)
    if (kinds) this.#options.listener.offerChanged(this, kinds)
  }

  #sharedConnection(): KeptConnection {
    const { mcp, secrets, restMs = 0 } = this.#spec
    const { clientInfo, limits, listener, after } = this.#options
    return new KeptConnection({
      ...this.#options,
      slug: this.slug,
      era: mcp.era,
      restMs,
      after,
      connector: () => createConnector(mcp, secrets(), this.#options),
      open: (connector, era, signal) =>
        Link.open(connector, {
          client: clientInfo,
          limits,
          era,
          signal,
          said: (notification) => listener.said(this, notification),
          onAmbiguous: (method) => this.#separate(method),
        }),
      opened: (link) => {
        this.#prepare(link)
        link.listen({ wishes: this.#wishes, lists: true })
      },
      connected: (link, tools) => this.#connected(link, tools),
      lost: () => {
        this.#link = undefined
      },
      change: (facts) => this.#change(facts),
      tell: (event) => this.#tell(event),
    })
  }

  #isolatedConnections(): IsolatedConnections {
    const { mcp, secrets } = this.#spec
    return new IsolatedConnections({
      ...this.#options,
      slug: this.slug,
      connector: () => createConnector(mcp, secrets(), this.#options),
      era: () => this.#shared.era,
      opened: (link) => this.#prepare(link),
      tell: (event) => this.#tell(event),
    })
  }

  #prepare(link: Link): void {
    link.prepareFor(this.tools)
    link.session.reopen = (request) => this.#sessionFor(request)
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
