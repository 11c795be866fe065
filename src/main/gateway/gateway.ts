import type { Tool } from '../../shared/contract/tools.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import type { FilteredTools, ServedIntegration } from '../integrations/served-integration.ts'
import { rpcErrorAnswer } from './answer.ts'
import { describeRoute, toolStates } from './catalog.ts'
import { Catalogs } from './catalogs.ts'
import { DISCOVER_TOOLS, DISCOVER_TOOLS_DEFINITION, discoverTools } from './discover.ts'
import { NO_CAPABILITIES } from './era-bridge.ts'
import { headerOf, type AgentRequest, type Reply } from './exchange.ts'
import { serverInfoText } from './identity.ts'
import { LegacyEra } from './legacy.ts'
import { defaultGatewayLimits, type GatewayLimits } from './limits.ts'
import { ListChanged } from './list-changed.ts'
import { readBody } from './message.ts'
import { ModernEra } from './modern.ts'
import { claimsModern, namesModern } from './modern-request.ts'
import { RPC } from './protocol.ts'
import { Relay, type Caller } from './relay.ts'
import { Sessions } from './session.ts'
import { Subscriptions } from './subscriptions.ts'
import { ToolAnswers, type Endpoint } from './tool-answers.ts'

interface GatewayOptions {
  /** Active integrations of a workspace that have an upstream. Asked once after each `invalidate`. */
  served: (workspace: string) => readonly ServedIntegration[]
  log: Logger
  version: string
  limits?: Partial<GatewayLimits>
  /** Monotonic milliseconds. */
  now?: () => number
}

const EXPIRY_CHECK_MS = 60_000

/** The gateway behind `/mcp` and `/mcp/<slug>`, for agents of both eras, and behind the console's own calls. */
export class Gateway {
  readonly #catalogs: Catalogs
  readonly #sessions: Sessions
  readonly #subscriptions: Subscriptions
  readonly #listChanged: ListChanged
  readonly #relay: Relay
  readonly #legacy: LegacyEra
  readonly #modern: ModernEra
  readonly #clientInfo: Buffer
  readonly #expiry: NodeJS.Timeout

  constructor(options: GatewayOptions) {
    const limits = { ...defaultGatewayLimits, ...options.limits }
    const serverInfo = serverInfoText(options.version)
    this.#clientInfo = Buffer.from(serverInfo)
    this.#catalogs = new Catalogs(options.served, [DISCOVER_TOOLS_DEFINITION])
    this.#sessions = new Sessions({ limits, now: options.now ?? (() => performance.now()) })
    this.#subscriptions = new Subscriptions(limits)
    this.#listChanged = new ListChanged(this.#catalogs, this.#sessions, this.#subscriptions, limits.coalesceMs)
    this.#relay = new Relay(serverInfo, options.log)
    const shared = { subscriptions: this.#subscriptions, tools: new ToolAnswers(this.#relay, serverInfo), serverInfo }
    this.#legacy = new LegacyEra({ ...shared, sessions: this.#sessions, limits })
    this.#modern = new ModernEra(shared)
    this.#expiry = setInterval(() => this.#sessions.endExpired(), EXPIRY_CHECK_MS).unref()
  }

  /** Answers one HTTP request of an agent; settles when the answer is written or its stream is open. */
  async handle(request: AgentRequest, reply: Reply): Promise<void> {
    const endpoint = this.#endpoint(request)
    if (endpoint === undefined) {
      const message = `There is no active integration "${request.slug ?? ''}" in this workspace.`
      reply.json(404, rpcErrorAnswer(undefined, { code: RPC.invalidRequest, message }))
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

  /** The tools that agents see, for the console; `query` must stand in name, title or description. */
  listTools(
    workspace: string,
    { query, integration }: { query?: string | undefined; integration?: string | undefined } = {},
  ): Tool[] {
    const words = (query ?? '').toLowerCase().split(/\s+/)
    const routes = [...this.#catalogs.of(workspace).all.routes.values()]
    return routes
      .filter((route) => integration === undefined || route.integration.slug === integration)
      .map(describeRoute)
      .filter((tool) => {
        const text = `${tool.gateway_name} ${tool.name} ${tool.title ?? ''} ${tool.description}`.toLowerCase()
        return words.every((word) => text.includes(word))
      })
  }

  /** Every tool of one integration, the blocked ones included, whether it is served or not. */
  toolsOf(integration: FilteredTools): Tool[] {
    return toolStates(integration)
  }

  /** A call from the console or the CLI. The filter holds for them as for agents. */
  async callTool(
    workspace: string,
    gatewayName: string,
    input: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>> {
    const catalog = this.#catalogs.of(workspace)
    if (gatewayName === DISCOVER_TOOLS) return { ...(await discoverTools(catalog, input)) }
    const route = catalog.all.routes.get(gatewayName)
    if (route === undefined) throw new AppError('not_found', { message: `Unknown tool: ${gatewayName}` })
    const identification = { clientInfo: this.#clientInfo, clientCapabilities: NO_CAPABILITIES }
    const caller: Caller = { era: 'legacy', identification, signal }
    return this.#relay.callRoute(route, input, caller)
  }

  /** What is served, or a list or filter in it, changed. */
  invalidate(workspace: string): void {
    this.#listChanged.invalidate(workspace)
  }

  /** For an agent that was removed or got a new token. */
  endSessionsOf(agentId: string): void {
    this.#sessions.endOf(agentId)
    this.#subscriptions.endOf(agentId)
  }

  /** Tells agents with a notification stream that it ends; their calls go on. */
  endStreams(): void {
    this.#subscriptions.close()
  }

  /** Ends every stream and session. Calls in flight of legacy agents are cancelled; the door waits for the rest. */
  close(): void {
    clearInterval(this.#expiry)
    this.#listChanged.close()
    this.#subscriptions.close()
    this.#sessions.close()
  }

  #endpoint({ agent, slug }: AgentRequest): Endpoint | undefined {
    const catalog = this.#catalogs.of(agent.workspace)
    const view = slug === undefined ? catalog.all : catalog.of(slug)
    return view && { catalog, slug, view }
  }
}
