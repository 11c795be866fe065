import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import { DISCOVERY_MODES } from '../../shared/contract/words.ts'
import type { AgentIdentity } from '../agents/agent-identity.ts'
import { rpcErrorAnswer } from '../gateway/answer.ts'
import type { AgentRequest, Reply } from '../gateway/exchange.ts'
import type { GatewayLimits } from '../gateway/limits.ts'
import { namesModern } from '../gateway/modern-request.ts'
import { RPC } from '../gateway/protocol.ts'
import { AgentLoads } from './agent-load.ts'
import { readLimited } from './body.ts'
import { McpReply } from './mcp-reply.ts'
import { isUnder, pathOf, queryOf } from './request-path.ts'
import type { Door } from './server.ts'

/** Read at each request: settings change them. */
export type AgentLimits = Readonly<Pick<GatewayLimits, 'callsPerAgent' | 'maxBodyBytes' | 'unreadBytes'>>

interface McpDoorOptions {
  gateway: { handle(request: AgentRequest, reply: Reply): Promise<unknown> | undefined; endStreams(): void }
  agents: { authenticate(token: string): AgentIdentity | undefined; touch(id: string): void }
  limits: AgentLimits
}

const ROOT = '/mcp'
const METHODS: readonly AgentRequest['method'][] = ['POST', 'GET', 'DELETE']

/**
 * The agents' door: `/mcp` and `/mcp/<slug>`. Threats: a web page (no Origin is ever admitted, JSON only, no CORS
 * headers, a token that no page has), another local program (a token of 256 bits, read from the Authorization header
 * alone), a body without end, one agent that takes every slot.
 */
export class McpDoor implements Door {
  readonly #gateway: McpDoorOptions['gateway']
  readonly #agents: McpDoorOptions['agents']
  readonly #limits: AgentLimits
  readonly #loads = new AgentLoads()

  constructor({ gateway, agents, limits }: McpDoorOptions) {
    this.#gateway = gateway
    this.#agents = agents
    this.#limits = limits
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request)
    if (!isUnder(path, ROOT)) return false
    const reply = new McpReply(response)
    const admitted = this.#admit(request, path === ROOT ? undefined : path.slice(ROOT.length + 1))
    if (Array.isArray(admitted)) refuse(reply, ...admitted)
    else {
      const { id } = admitted.agent
      const load = this.#loads.of(id)
      load.running++
      try {
        const { maxBodyBytes, unreadBytes } = this.#limits
        reply.isFor(load, unreadBytes)
        const body = admitted.method === 'POST' ? await readLimited(request, maxBodyBytes) : NO_BODY
        if (body === undefined) {
          refuse(reply, 413, `The body is larger than ${maxBodyBytes} bytes, the limit that the settings give.`, CLOSE)
        } else {
          this.#agents.touch(id)
          admitted.body = body
          await this.#gateway.handle(admitted, reply)
        }
      } finally {
        load.running--
        this.#loads.settle(id)
      }
    }
    // What was refused unread is not waited for: the connection ends with the answer.
    if (!request.complete && response.writableEnded) request.resume()
    return true
  }

  endStreams(): void {
    this.#gateway.endStreams()
  }

  /** Who asks for what, its body still to be read; or why it is refused. */
  #admit(request: IncomingMessage, slug: string | undefined): AgentRequest | Fault {
    const { method = '', headers } = request
    if (headers.origin !== undefined) return [403, 'Requests of web pages are not served.']
    if (!isServed(method)) return [405, 'Use POST, GET or DELETE.', { Allow: METHODS.join(', ') }]
    const agent = this.#authenticate(headers.authorization)
    if (agent === undefined) return [401, 'Unauthorized', { 'WWW-Authenticate': 'Bearer' }]
    const fault = method === 'POST' ? faultOfPost(headers) : faultOfGet(method, headers)
    if (fault !== undefined) return fault
    const mode = modeOf(request, slug)
    if (mode === null) return [400, `The mode in the address must be one of: ${DISCOVERY_MODES.join(', ')}.`]
    const { callsPerAgent } = this.#limits
    if (this.#loads.of(agent.id).running >= callsPerAgent) {
      const limit = `This agent has ${callsPerAgent} requests running, the most that it may have. Try again shortly.`
      return [429, limit, { 'Retry-After': '1' }, RPC.internalError]
    }
    return { agent, slug, mode, method, headers, body: NO_BODY }
  }

  #authenticate(authorization: string | undefined): AgentIdentity | undefined {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    return token === undefined ? undefined : this.#agents.authenticate(token)
  }
}

/** `/mcp?mode=lazy`; null: one that does not exist. The endpoint of one integration has no modes. */
function modeOf(request: IncomingMessage, slug: string | undefined): DiscoveryMode | undefined | null {
  const wanted = slug === undefined ? queryOf(request, 'mode') : null
  if (wanted === null) return undefined
  return DISCOVERY_MODES.find((mode) => mode === wanted) ?? null
}

const NO_BODY = Buffer.alloc(0)

const CLOSE = { Connection: 'close' }

function isServed(method: string): method is AgentRequest['method'] {
  return METHODS.some((served) => served === method)
}

type Fault = [status: number, message: string, headers?: Record<string, string>, code?: number]

function faultOfPost(headers: IncomingMessage['headers']): Fault | undefined {
  if (!isJson(headers['content-type'])) return [415, 'The Content-Type must be application/json.']
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') return [415, 'Compressed bodies are not accepted.']
  if (accepts(headers.accept, 'application/json') && accepts(headers.accept, 'text/event-stream')) return undefined
  return [406, 'The Accept header must allow application/json and text/event-stream.']
}

function isJson(type: string | undefined): boolean {
  return type === 'application/json' || type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
}

function faultOfGet(method: string, headers: IncomingMessage['headers']): Fault | undefined {
  const version = headers['mcp-protocol-version']
  // A modern GET or DELETE is refused as a method (405), whatever it accepts.
  if (method !== 'GET' || accepts(headers.accept, 'text/event-stream') || namesModern(version?.toString()))
    return undefined
  return [406, 'The Accept header must allow text/event-stream.']
}

/** Without the header everything is accepted (RFC 9110). Weights are ignored: nobody lists what it does not want. */
function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept.includes(type) || accept.includes('*/*')) return true
  return accept.includes(`${type.split('/', 1)[0] ?? ''}/*`)
}

function refuse(
  reply: Reply,
  status: number,
  message: string,
  headers: Record<string, string> = {},
  code: number = RPC.invalidRequest,
): void {
  reply.json(status, rpcErrorAnswer(undefined, { code, message }), headers)
}
