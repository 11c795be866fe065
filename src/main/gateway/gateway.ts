import type { Tool, ToolProgress, ToolRun, ToolSummary } from '../../shared/contract/tools.ts'
import type { AgentIdentity } from '../agents/agent-identity.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import type { FilteredTools, ServedIntegration } from '../integrations/served-integration.ts'
import type { CallTap } from '../records/finished-call.ts'
import type { ServerNotification, Upstream } from '../upstream/upstream.ts'
import { rpcErrorAnswer } from './answer.ts'
import { CallRate, callsIn, refuseForNow } from './call-rate.ts'
import { CallRecorder } from './call-recorder.ts'
import { Names } from './catalog.ts'
import { Catalogs } from './catalogs.ts'
import { ConsoleCalls, type ConsoleCall } from './console-calls.ts'
import { Endpoints } from './endpoints.ts'
import { headerOf, type AgentRequest, type Reply } from './exchange.ts'
import { HeldCalls } from './held-calls.ts'
import { serverInfoText } from './identity.ts'
import { LegacyEra } from './legacy.ts'
import { defaultGatewayLimits, type GatewayLimits } from './limits.ts'
import { ListAnswers } from './list-answers.ts'
import { ListChanged } from './list-changed.ts'
import { readBody } from './message.ts'
import { ModernEra } from './modern.ts'
import type { ModernCall } from './modern-call.ts'
import { claimsModern, namesModern } from './modern-request.ts'
import { LISTED_IN_FULL } from './own-tools.ts'
import { RPC } from './protocol.ts'
import { Relay } from './relay.ts'
import { Sessions } from './session.ts'
import { Subscriptions } from './subscriptions.ts'
import { Tasks } from './tasks.ts'
import { ToolAnswers } from './tool-answers.ts'
import { ToolListing, type ListedTools } from './tool-listing.ts'
import { tellSessions } from './unattributed.ts'

interface GatewayOptions {
  /** Active integrations of a workspace that have an upstream. Asked once after each `invalidate`. */
  served: (workspace: string) => readonly ServedIntegration[]
  /** The others, for the console: their tools are nobody's at the moment. */
  disabled: (workspace: string) => readonly FilteredTools[]
  /** An agent as it is now; undefined: there is none with this id. */
  agentOf: (id: string) => AgentIdentity | undefined
  /** Whether what servers say to models stands in the instructions of `/mcp`. */
  mergesInstructions: () => boolean
  calls: CallTap
  log: Logger
  version: string
  limits?: Partial<GatewayLimits>
  /** How many calls one agent may make in a minute: asked at each. Null, or left out: as many as it likes. */
  callsPerMinute?: () => number | null
  /** Monotonic milliseconds. */
  now?: () => number
}

interface ToolFilter {
  query?: string | undefined
  integration?: string | undefined
  /** Id of an agent: as its profile shows them. */
  agent?: string | undefined
  hidden?: boolean | undefined
}

const EXPIRY_CHECK_MS = 60_000

/** The gateway behind `/mcp` and `/mcp/<slug>`, for agents of both eras, and behind the console's own calls. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #catalogs: Catalogs
  readonly #endpoints: Endpoints
  readonly #listing: ToolListing
  readonly #calls: CallRecorder
  readonly #rate: CallRate
  readonly #consoleCalls: ConsoleCalls
  readonly #sessions: Sessions
  readonly #subscriptions: Subscriptions
  readonly #held: HeldCalls<ModernCall>
  readonly #listChanged: ListChanged
  readonly #legacy: LegacyEra
  readonly #modern: ModernEra
  readonly #expiry: NodeJS.Timeout

  constructor(options: GatewayOptions) {
    this.#options = options
    const { served, agentOf, log } = options
    const limits = { ...defaultGatewayLimits, ...options.limits }
    const now = options.now ?? (() => performance.now())
    const serverInfo = serverInfoText(options.version)
    const names = new Names()
    this.#listing = new ToolListing(names.tools)
    this.#catalogs = new Catalogs({ served, names, ownTools: LISTED_IN_FULL })
    this.#endpoints = new Endpoints(this.#catalogs, agentOf)
    this.#sessions = new Sessions({ limits, now })
    this.#rate = new CallRate({ perMinute: options.callsPerMinute ?? (() => null), now })
    this.#subscriptions = new Subscriptions(limits)
    const listeners = { sessions: this.#sessions, subscriptions: this.#subscriptions }
    this.#listChanged = new ListChanged({
      ...listeners,
      endpoints: this.#endpoints,
      coalesceMs: limits.coalesceMs,
    })
    const relay = new Relay(serverInfo, log)
    const calls = (this.#calls = new CallRecorder(options.calls))
    this.#consoleCalls = new ConsoleCalls({ relay, calls, clientInfo: serverInfo, redactor: log.redactor })
    const tasks = new Tasks({ owned: this.#sessions.owned, relay })
    const answers = { lists: new ListAnswers(serverInfo), tools: new ToolAnswers(relay, serverInfo), relay, tasks }
    const held = (this.#held = new HeldCalls<ModernCall>({ limits, now }))
    const shared = {
      ...listeners,
      ...answers,
      held,
      calls,
      serverInfo,
      limits,
      mergesInstructions: options.mergesInstructions,
    }
    this.#legacy = new LegacyEra(shared)
    this.#modern = new ModernEra(shared)
    this.#expiry = setInterval(() => this.#sessions.endExpired(), EXPIRY_CHECK_MS).unref()
  }

  /** Answers one HTTP request of an agent: at once, or when the promise settles that it gives. */
  handle(request: AgentRequest, reply: Reply): Promise<unknown> | undefined {
    const endpoint = this.#endpoints.of(request.agent, request.slug, request.mode)
    if (endpoint === undefined) {
      const body = request.method === 'POST' ? readBody(request.body) : undefined
      const message = body?.kind === 'notification' || body?.kind === 'response' ? body : undefined
      if (request.method !== 'GET' && this.#legacy.leave(request, reply, message)) return
      const text = `There is no active integration "${request.slug ?? ''}" in this workspace.`
      reply.json(404, rpcErrorAnswer(undefined, { code: RPC.invalidRequest, message: text }))
      return
    }
    const version = headerOf(request.headers, 'mcp-protocol-version')
    if (request.method !== 'POST') {
      // Modern MCP has one verb. Without the header it is an older client, which also opens with nothing else.
      if (namesModern(version)) {
        reply.empty(405, { Allow: 'POST' })
        return
      }
      if (request.method === 'GET') this.#legacy.get(request, reply)
      else this.#legacy.delete(request, reply)
      return
    }
    const body = readBody(request.body)
    if (body.kind === 'unreadable') {
      reply.json(400, rpcErrorAnswer(body.id, body.error))
      return
    }
    const waitSeconds = this.#rate.take(request.agent.id, callsIn(body))
    if (waitSeconds !== undefined) {
      refuseForNow(reply, body, waitSeconds)
      return
    }
    if (body.kind === 'batch') {
      const isModern = body.messages.some((message) => message.kind !== 'unreadable' && claimsModern(message))
      if (!isModern && !namesModern(version)) return this.#legacy.post(request, reply, endpoint, body)
      const message = 'JSON-RPC batches are not part of MCP 2026-07-28.'
      reply.json(400, rpcErrorAnswer(undefined, { code: RPC.invalidRequest, message }))
      return
    }
    if (claimsModern(body) || namesModern(version)) return this.#modern.post(request, reply, endpoint, body)
    return this.#legacy.post(request, reply, endpoint, body)
  }

  /** The tools that agents see, or that one agent does; with `hidden` also the others, each with the reason. */
  listTools(workspace: string, { agent, ...filter }: ToolFilter = {}): ToolSummary[] {
    const profile = agent === undefined ? null : this.#requireAgent(workspace, agent).profile
    return this.#listing.list(this.#listed(workspace, filter.hidden === true), { ...filter, profile })
  }

  /** One tool by its gateway name, the hidden ones included. */
  tool(workspace: string, gatewayName: string): Tool {
    const tool = this.#listing.find(this.#listed(workspace, true), gatewayName)
    if (tool === undefined) throw new AppError('not_found', { message: `Unknown tool: ${gatewayName}` })
    return tool
  }

  /** Every tool of one integration, the blocked ones included, whether it is served or not. */
  toolsOf(workspace: string, integration: FilteredTools): Tool[] {
    return this.#listing.of(integration, this.#listed(workspace, false))
  }

  /** A call from the console or the CLI. The filter holds for them as for agents. */
  async callTool(
    workspace: string,
    name: string,
    input: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>> {
    return this.#consoleCalls.call(this.#consoleCall(workspace, name, input, signal))
  }

  /**
   * The same, followed: its progress, then how it ended. Leaving the generator cancels the call. `inputJson` is the text
   * that `input` was read from: the integration gets it as it is.
   */
  runTool(
    workspace: string,
    name: string,
    input: Record<string, unknown>,
    signal?: AbortSignal,
    inputJson?: string,
  ): AsyncGenerator<ToolProgress, ToolRun> {
    return this.#consoleCalls.run({ ...this.#consoleCall(workspace, name, input, signal), inputJson })
  }

  /** What is served, a list or filter in it, or what an agent may see of it changed. */
  invalidate(workspace: string): void {
    this.#catalogs.invalidate(workspace)
    this.#listChanged.changed(workspace)
  }

  /** A server said something on its shared connection that belongs to no call and no list. */
  said(upstream: Upstream, notification: ServerNotification): void {
    if (this.#sessions.owned.tell(upstream, notification)) return
    tellSessions(this.#sessions.all(), (session) => this.#endpoints.ofWatcher(session), upstream, notification)
  }

  /** For an agent that was removed or got a new token. */
  endSessionsOf(agentId: string): void {
    this.#rate.forget(agentId)
    this.#sessions.endOf(agentId)
    this.#subscriptions.endOf(agentId)
    this.#held.endOf(agentId)
  }

  /** Ends every agent's session; each opens a new one with its next request. */
  endSessions(): void {
    this.#subscriptions.close()
    this.#sessions.close()
    this.#held.close()
  }

  /** Tells agents with a notification stream that it ends; their calls go on. */
  endStreams(): void {
    this.#subscriptions.close()
  }

  /** Ends every stream and session. Calls in flight of legacy agents are cancelled; the door waits for the rest. */
  async close(): Promise<void> {
    clearInterval(this.#expiry)
    this.#listChanged.close()
    this.#subscriptions.close()
    this.#sessions.close()
    this.#held.close()
    await this.#calls.close()
  }

  /** In the order of the list. */
  #listed(workspace: string, withDisabled: boolean): ListedTools[] {
    const { integrations } = this.#catalogs.of(workspace, null)
    const served = integrations.map(({ slug, enabledTools, disabledTools, review, upstream: { tools } }) => {
      return { slug, enabledTools, disabledTools, tools, review, isServed: true }
    })
    if (!withDisabled) return served
    const disabled = this.#options.disabled(workspace).map((integration) => ({ ...integration, isServed: false }))
    return [...served, ...disabled].sort((a, b) => (a.slug < b.slug ? -1 : 1))
  }

  #consoleCall(
    workspace: string,
    name: string,
    input: Record<string, unknown>,
    signal: AbortSignal | undefined,
  ): ConsoleCall {
    return { workspace, catalog: this.#catalogs.of(workspace, null), name, input, signal }
  }

  #requireAgent(workspace: string, id: string): AgentIdentity {
    const agent = this.#options.agentOf(id)
    if (agent?.workspace === workspace) return agent
    throw new AppError('not_found', { message: 'There is no such agent in this workspace.' })
  }
}
