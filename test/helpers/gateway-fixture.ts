import { once } from 'node:events'
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { Profile } from '../../src/shared/contract/profiles.ts'
import type { AgentIdentity } from '../../src/main/agents/agent-identity.ts'
import { createLogger } from '../../src/main/base/log.ts'
import { Gateway } from '../../src/main/gateway/gateway.ts'
import { defaultGatewayLimits, type GatewayLimits } from '../../src/main/gateway/limits.ts'
import { McpDoor } from '../../src/main/http/mcp-door.ts'
import { HttpServer } from '../../src/main/http/server.ts'
import type { FilteredTools, ServedIntegration } from '../../src/main/integrations/served-integration.ts'
import { nothingHeld } from '../../src/main/pins/tool-pins.ts'
import type { FinishedCall } from '../../src/main/records/finished-call.ts'
import { parseItemList, type ItemList } from '../../src/main/upstream/item-list.ts'
import { emptyOffer, type Offer } from '../../src/main/upstream/offer.ts'
import { emptyToolList, parseToolList } from '../../src/main/upstream/tool-list.ts'
import type {
  Era,
  ListKind,
  ServerNotification,
  Upstream,
  UpstreamAnswer,
  UpstreamRequest,
} from '../../src/main/upstream/upstream.ts'

export const log = createLogger({ level: 'silent' })

export interface FakeUpstream extends Upstream {
  /** The list of tools in the offer. */
  tools: Upstream['tools']
  offer: Offer
  connection: Upstream['connection']
  /** What was sent, oldest first: `params` as text. */
  readonly received: { method: string; name: string | undefined; params: string }[]
  /** What is subscribed to, by URI. */
  readonly subscribers: Map<string, Set<(notification: ServerNotification) => void>>
  /** Each list that agents asked for. */
  readonly freshened: ListKind[]
}

type Answering = (request: UpstreamRequest) => Promise<UpstreamAnswer> | UpstreamAnswer

/** An upstream in memory: answers each call by `answer` (default: an empty content), its tools from JSON text. */
export function fakeUpstream(
  slug: string,
  tools: string,
  options: { era?: Era; offer?: Partial<Offer>; answer?: Answering; session?: Upstream['session'] } = {},
): FakeUpstream {
  const received: FakeUpstream['received'] = []
  const freshened: FakeUpstream['freshened'] = []
  const subscribers: FakeUpstream['subscribers'] = new Map()
  const era = options.era ?? 'legacy'
  return {
    id: slug,
    slug,
    connection: {
      state: 'connected',
      error: null,
      protocol_version: null,
      server_info: null,
      tool_count: 0,
      warnings: [],
      since: '2026-01-01T00:00:00.000Z',
      next_retry_at: null,
    },
    offer: { ...emptyOffer, tools: tools === '' ? emptyToolList : parseToolList(tools), ...options.offer },
    get tools() {
      return this.offer.tools
    },
    set tools(tools) {
      this.offer = { ...this.offer, tools }
    },
    received,
    freshened,
    subscribers,
    session: (wanted) => {
      if (options.session) return options.session(wanted)
      return Promise.resolve({
        era,
        protocolVersion: era === 'modern' ? '2026-07-28' : '2025-11-25',
        request: (request) => {
          received.push({ method: request.method, name: request.name, params: request.params.toString() })
          return Promise.resolve((options.answer ?? (() => result('{"content":[]}')))(request))
        },
        notify: (method, params) => {
          received.push({ method, name: undefined, params: params?.toString() ?? '' })
          return Promise.resolve()
        },
      })
    },
    subscribe: (uri, changed) => {
      const listeners = subscribers.get(uri) ?? new Set()
      subscribers.set(uri, listeners.add(changed))
      return () => {
        listeners.delete(changed)
        if (listeners.size === 0) subscribers.delete(uri)
      }
    },
    wantLogLevel: () => () => undefined,
    freshen: (kind) => void freshened.push(kind),
    release: () => undefined,
    restart: () => undefined,
    close: () => Promise.resolve(),
  }
}

const KIND_OF = { name: 'prompts', uri: 'resources', uriTemplate: 'templates' } as const

/** A notification of a server, from the JSON text of its `params`. */
export function serverSays(method: string, params: string): ServerNotification {
  return { method, params: Buffer.from(params), value: JSON.parse(params) as Record<string, unknown> }
}

/** The server says that this resource changed. */
export function changeResource(upstream: FakeUpstream, uri: string, params = JSON.stringify({ uri })): void {
  const notification = serverSays('notifications/resources/updated', params)
  for (const changed of upstream.subscribers.get(uri) ?? []) changed(notification)
}

/** A list of prompts, resources or templates from what each is asked for by. */
export function itemList(member: 'name' | 'uri' | 'uriTemplate', ...listed: string[]): ItemList {
  const texts = listed.map((item) => JSON.stringify({ [member]: item, name: item }))
  return parseItemList(KIND_OF[member], `[${texts.join(',')}]`)
}

export function result(text: string): UpstreamAnswer {
  return { kind: 'result', bytes: Buffer.from(text), value: JSON.parse(text) }
}

export function rpcError(text: string): UpstreamAnswer {
  return { kind: 'error', bytes: Buffer.from(text), value: JSON.parse(text) }
}

/** JSON text of a tool list with just names. */
export function toolsNamed(...names: string[]): string {
  return JSON.stringify(names.map((name) => ({ name, inputSchema: { type: 'object' } })))
}

export function served(upstream: Upstream, filter: Partial<ServedIntegration> = {}): ServedIntegration {
  const shown = { displayName: '', description: '', enabledTools: [], disabledTools: [], review: nothingHeld }
  return { slug: upstream.slug, upstream, ...shown, ...filter }
}

export interface TestGateway {
  gateway: Gateway
  port: number
  url: string
  /** What is served; change it and call `gateway.invalidate('default')`. */
  integrations: ServedIntegration[]
  /** The setting of that name. */
  mergesInstructions: boolean
  /** What is disabled. */
  disabled: FilteredTools[]
  /** Finished calls, oldest first. */
  readonly calls: FinishedCall[]
  /** Changes an agent, as the console does; its sessions and streams stay. */
  changeAgent(id: string, changes: Partial<AgentIdentity>): void
  post(body: unknown, options?: PostOptions): Promise<Answer>
  send(method: string, path: string, headers: Record<string, string>, body?: string | Buffer): Promise<Answer>
  /** Opens a legacy session and gives its id. */
  initialize(options?: PostOptions & { version?: string }): Promise<string>
  close(): Promise<void>
}

interface RpcAnswer {
  id: unknown
  result: Record<string, unknown>
  error: { code: number; message: string; data?: Record<string, unknown> }
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** The parsed body of a JSON answer; a test reads what it expects. */
  json: RpcAnswer
}

interface PostOptions {
  token?: string
  path?: string
  headers?: Record<string, string>
}

const everything = { profile: null, discoveryMode: 'full' } as const

function newAgents(): Record<string, AgentIdentity> {
  return {
    'token-one': { id: 'one', name: 'one', workspace: 'default', ...everything },
    'token-two': { id: 'two', name: 'two', workspace: 'default', ...everything },
    'token-elsewhere': { id: 'three', name: 'three', workspace: 'elsewhere', ...everything },
  }
}

/** A profile that shows everything but for what is given. */
export function profileOf(shown: Partial<Profile>): Profile {
  const all = { integrations: null, enabled_tools: [], disabled_tools: [] }
  return { id: 'p', name: 'p', created_at: '2026-01-01T00:00:00.000Z', ...all, ...shown }
}

/** The real listener, door and gateway on a free port. */
export async function startGateway(
  integrations: ServedIntegration[],
  options: {
    limits?: Partial<GatewayLimits>
    callsPerMinute?: () => number | null
    now?: () => number
    allowedHosts?: string[]
  } = {},
): Promise<TestGateway> {
  const { limits = {}, callsPerMinute, now, allowedHosts = [] } = options
  const state = { integrations, disabled: [] as FilteredTools[], mergesInstructions: true }
  const agents = newAgents()
  const calls: FinishedCall[] = []
  const gateway = new Gateway({
    served: (workspace) => (workspace === 'default' ? state.integrations : []),
    disabled: (workspace) => (workspace === 'default' ? state.disabled : []),
    agentOf: (id) => Object.values(agents).find((agent) => agent.id === id),
    calls: { record: (call) => calls.push(call) },
    mergesInstructions: () => state.mergesInstructions,
    log,
    version: '1.2.3',
    limits,
    ...(callsPerMinute ? { callsPerMinute } : {}),
    ...(now ? { now } : {}),
  })
  const authenticate = (token: string) => (Object.hasOwn(agents, token) ? agents[token] : undefined)
  const door = new McpDoor({
    gateway,
    agents: { authenticate, touch: () => undefined },
    limits: { ...defaultGatewayLimits, ...limits },
  })
  const server = new HttpServer({ host: '127.0.0.1', port: 0, allowedHosts, doors: [door], log })
  const port = await server.listen()

  const send: TestGateway['send'] = async (method, path, headers, body) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false })
    request.end(body)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const isJson = response.headers['content-type']?.startsWith('application/json') === true
    const json = (isJson ? JSON.parse(text) : undefined) as RpcAnswer
    return { status: response.statusCode ?? 0, headers: response.headers, text, json }
  }
  const post: TestGateway['post'] = (body, { token = 'token-one', path = '/mcp', headers = {} } = {}) =>
    send(
      'POST',
      path,
      {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
      typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    )
  return {
    gateway,
    port,
    url: `http://127.0.0.1:${port}/mcp`,
    get integrations() {
      return state.integrations
    },
    set integrations(next) {
      state.integrations = next
    },
    get mergesInstructions() {
      return state.mergesInstructions
    },
    set mergesInstructions(next) {
      state.mergesInstructions = next
    },
    get disabled() {
      return state.disabled
    },
    set disabled(next) {
      state.disabled = next
    },
    calls,
    changeAgent: (id, changes) => {
      for (const [token, agent] of Object.entries(agents)) {
        if (agent.id === id) agents[token] = { ...agent, ...changes }
      }
      gateway.invalidate('default')
    },
    send,
    post,
    initialize: async ({ version = '2025-11-25', ...rest } = {}) => {
      const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'test', version: '0' } }
      const answer = await post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }, rest)
      return String(answer.headers['mcp-session-id'])
    },
    close: async () => {
      await server.close(1000)
      await gateway.close()
    },
  }
}

/** A modern request with everything that 2026-07-28 asks for. */
export function modern(method: string, params: Record<string, unknown> = {}, id: unknown = 1) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
    'io.modelcontextprotocol/clientCapabilities': {},
    ...(params._meta as object | undefined),
  }
  const headers: Record<string, string> = { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': method }
  if (typeof params.name === 'string') headers['Mcp-Name'] = params.name
  return { body: { jsonrpc: '2.0', id, method, params: { ...params, _meta } }, headers }
}
