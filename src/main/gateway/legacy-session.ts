import { randomBytes } from 'node:crypto'
import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import type { AgentIdentity } from '../agents/agent-identity.ts'
import { InFlight } from '../base/in-flight.ts'
import { isObject } from '../base/is-object.ts'
import type { ServedIntegration } from '../integrations/served-integration.ts'
import type {
  LogLevel,
  Principal,
  Release,
  ServerNotification,
  ServerRequest,
  UpstreamAnswer,
} from '../upstream/upstream.ts'
import { methodNotFound } from '../upstream/nobody.ts'
import { canAnswer, isKnownRequest, type Capabilities } from './agent-capabilities.ts'
import { AgentRequests } from './agent-requests.ts'
import { AgentStreams } from './agent-stream.ts'
import type { AnswerBytes } from './answer.ts'
import { NO_CAPABILITIES, capabilitiesForModern, type AgentIdentification } from './era-bridge.ts'
import type { EventMemory } from './event-log.ts'
import type { KnownLists } from './known-lists.ts'
import type { Owned } from './owned.ts'
import { PRIMED_VERSION } from './protocol.ts'
import { ResourceWatch } from './resource-watch.ts'
import { messageFor } from './server-messages.ts'
import { gatewayTaskId, readGatewayTaskId, withTaskIds } from './task-ids.ts'
import type { Subscription } from './subscriptions.ts'

/** What a modern server is told of a session that never set a level: as much as most legacy servers send by themselves. */
const LOG_LEVEL_UNSET: LogLevel = 'info'

/** What a session begins with. */
export interface OpenedSession {
  agent: AgentIdentity
  slug: string | undefined
  mode: DiscoveryMode | undefined
  protocolVersion: string
  /** JSON text, to be shown to upstreams. */
  clientInfo: Buffer | undefined
  /** JSON text of what the agent declared that it can do. */
  capabilities?: Buffer | undefined
  known: KnownLists
}

/** What sessions share. */
export interface SessionParts {
  memory: EventMemory
  owned: Owned
  /** How long an agent may take to answer a server. */
  answerMs: number
  /** Changes of one resource within this time are told as one. */
  coalesceMs: number
  /** The monotonic clock, in milliseconds. */
  now: () => number
}

/** A request that is being answered. */
export interface RunningCall {
  /** JSON text. */
  readonly id: Buffer
  cancel(): void
}

/**
 * One `initialize` of a legacy agent: what later requests need of it, and little more (an idle one must stay below 1 KiB;
 * what only some need is made when they need it).
 */
export class Session {
  /** 128 random bits. */
  readonly id = randomBytes(16).toString('hex')
  /** Whose token made it. What this agent may see is asked for at each request, since it changes. */
  readonly agentId: string
  readonly workspace: string
  readonly slug: string | undefined
  /** Asked for in the address that opened it. */
  readonly mode: DiscoveryMode | undefined
  readonly protocolVersion: string
  readonly clientInfo: Buffer | undefined
  /** JSON text. */
  readonly capabilities: Buffer
  /** The same, parsed. */
  readonly declared: Capabilities
  readonly known: KnownLists
  /** The GET stream, while it is open. */
  stream: Subscription | undefined
  /** For `notifications/cancelled`. */
  readonly calls = new InFlight<RunningCall>()
  lastSeen: number
  readonly #parts: SessionParts
  #logLevel: LogLevel | undefined
  #identification: AgentIdentification | undefined
  #requests: AgentRequests | undefined
  #streams: AgentStreams | undefined
  #resources: ResourceWatch | undefined
  /** By the id of the upstream. */
  #principals: Map<string, SessionPrincipal> | undefined

  constructor({ agent, ...opened }: OpenedSession, parts: SessionParts) {
    this.agentId = agent.id
    this.workspace = agent.workspace
    this.slug = opened.slug
    this.mode = opened.mode
    this.protocolVersion = opened.protocolVersion
    this.clientInfo = opened.clientInfo
    this.capabilities = opened.capabilities ?? NO_CAPABILITIES
    this.declared = readCapabilities(this.capabilities)
    this.known = opened.known
    this.lastSeen = parts.now()
    this.#parts = parts
  }

  /** Requests of servers that the agent has not answered yet. */
  get requests(): AgentRequests {
    return (this.#requests ??= new AgentRequests(this.#parts.answerMs))
  }

  get streams(): AgentStreams {
    return (this.#streams ??= new AgentStreams(this.#parts.memory, this.protocolVersion >= PRIMED_VERSION))
  }

  /** The resources that it has subscribed to; told on the GET stream. */
  get watch(): ResourceWatch {
    return (this.#resources ??= new ResourceWatch({
      stream: () => this.streams.standing,
      principalOf: (integration) => this.principalOf(integration),
      coalesceMs: this.#parts.coalesceMs,
    }))
  }

  /** The same, if it has ever subscribed to any. */
  get resources(): ResourceWatch | undefined {
    return this.#resources
  }

  /** As a modern upstream is shown this agent. */
  get identification(): AgentIdentification {
    return (this.#identification ??= {
      clientInfo: this.clientInfo,
      clientCapabilities: capabilitiesForModern(this.capabilities, this.declared),
      logLevel: Buffer.from(JSON.stringify(this.#logLevel ?? LOG_LEVEL_UNSET)),
    })
  }

  /** Set by `logging/setLevel`; undefined: never, so everything that a server sends is for this agent. */
  get logLevel(): LogLevel | undefined {
    return this.#logLevel
  }

  /** Wants log messages of these integrations from this level on. */
  setLogLevel(level: LogLevel, integrations: readonly ServedIntegration[]): void {
    this.#logLevel = level
    this.#identification = undefined
    for (const integration of integrations) this.principalOf(integration)
    for (const principal of this.#principals?.values() ?? []) principal.wantLogLevel(level)
  }

  /** On whose behalf this session asks an integration: one for each, since a server's words are told with its name. */
  principalOf(integration: ServedIntegration): SessionPrincipal {
    const principals = (this.#principals ??= new Map<string, SessionPrincipal>())
    const known = principals.get(integration.upstream.id)
    // A changed integration has another upstream.
    if (known?.upstream === integration.upstream) return known
    known?.end()
    const principal = new SessionPrincipal(this, integration)
    principals.set(integration.upstream.id, principal)
    if (this.#logLevel !== undefined) principal.wantLogLevel(this.#logLevel)
    return principal
  }

  /** The same, where the session has asked it before. */
  knownPrincipals(): Iterable<SessionPrincipal> {
    return this.#principals?.values() ?? []
  }

  /** Whether this agent can be asked this, as far as it said. What nobody knows is only for who speaks to one server alone. */
  canBeAsked(request: Pick<ServerRequest, 'method' | 'value'>): boolean {
    return isKnownRequest(request.method) ? canAnswer(this.declared, request) : this.slug !== undefined
  }

  /**
   * Of no other integration does it hear anything from now on, but for calls that run: what there is for its agent has
   * changed. A connection of its own ends when it was not used for long.
   */
  keepOnly(shown: readonly ServedIntegration[]): void {
    const principals = this.#principals
    if (principals === undefined || principals.size === 0) return
    const upstreams = new Set(shown.map(({ upstream }) => upstream))
    for (const [id, principal] of principals) {
      if (upstreams.has(principal.upstream)) continue
      principals.delete(id)
      principal.mute()
    }
  }

  /** Servers can tell what becomes of what they know by this id (a page that a person was sent to). */
  visits(upstream: string, id: unknown): void {
    this.#parts.owned.visits(upstream, id, this)
  }

  /** Its calls are cancelled and its streams end. */
  end(): void {
    for (const call of this.calls) call.cancel()
    this.stream?.end()
    this.#requests?.close()
    this.#streams?.close()
    this.#resources?.end()
    for (const principal of this.knownPrincipals()) principal.end()
  }
}

/** A session towards one upstream. Its own `ask` and `hear` are for what belongs to no call. */
export class SessionPrincipal implements Principal {
  readonly upstream: ServedIntegration['upstream']
  readonly #session: Session
  readonly #slug: string
  #unwant: Release | undefined
  #isMuted = false

  constructor(session: Session, { slug, upstream }: ServedIntegration) {
    this.#session = session
    this.#slug = slug
    this.upstream = upstream
  }

  get connectionKey(): string {
    return `session:${this.#session.id}`
  }

  get agentId(): string {
    return this.#session.agentId
  }

  get capabilities(): Buffer {
    return this.#session.capabilities
  }

  get clientInfo(): Buffer | undefined {
    return this.#session.clientInfo
  }

  /** On the session's GET stream; without one nobody can be asked. */
  ask(request: ServerRequest): Promise<UpstreamAnswer> {
    const stream = this.#session.streams.standing
    if (stream === undefined || this.#isMuted) return Promise.resolve(methodNotFound(request.method))
    return this.askBy((message) => stream.send(...message), request)
  }

  /** On another stream of the session. */
  async askBy(send: (message: AnswerBytes) => void, request: ServerRequest): Promise<UpstreamAnswer> {
    const { method, params, value } = request
    if (!this.#session.canBeAsked(request)) return methodNotFound(method)
    if (method === 'elicitation/create') this.#session.visits(this.upstream.id, value.elicitationId)
    const { requests, slug } = this.#session
    if (slug !== undefined || params === undefined) return requests.ask(request, send)
    // On /mcp the tasks of several servers must not look like one.
    const named = withTaskIds(params, value, (id) => gatewayTaskId(this.#slug, id))
    const answer = await requests.ask({ ...request, params: named }, send)
    return { ...answer, bytes: withTaskIds(answer.bytes, answer.value, (id) => readGatewayTaskId(id)?.id ?? id) }
  }

  hear(notification: ServerNotification): void {
    if (this.#isMuted) return
    const stream = this.#session.streams.standing
    const message = stream && this.messageFor(notification)
    // A log that nobody reads fast enough must not fill the memory.
    if (message !== undefined && stream?.isBehind === false) stream.send(...message)
  }

  /** As this session's agent gets it; undefined: it does not. */
  messageFor(notification: ServerNotification): readonly Buffer[] | undefined {
    const { slug, logLevel = 'all' } = this.#session
    return messageFor({ era: 'legacy', slug, integration: this.#slug, logLevel }, notification)
  }

  wantLogLevel(level: LogLevel): void {
    const before = this.#unwant
    this.#unwant = this.upstream.wantLogLevel(level, this)
    before?.()
  }

  /** Nothing that belongs to no call is for this agent any more. */
  mute(): void {
    this.#isMuted = true
    this.#unwant?.()
    this.#unwant = undefined
  }

  end(): void {
    this.#unwant?.()
    this.upstream.release(this)
  }
}

function readCapabilities(text: Buffer): Capabilities {
  const value: unknown = JSON.parse(text.toString())
  return isObject(value) ? value : {}
}
