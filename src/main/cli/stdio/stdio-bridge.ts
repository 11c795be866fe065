import { setTimeout as wait } from 'node:timers/promises'
import { messageOf } from '../../base/message-of.ts'
import { RPC } from '../../gateway/protocol.ts'
import { headerValue } from '../../upstream/param-headers.ts'
import { asRecord, errorLine, readAgentMessage, type AgentMessage } from './agent-message.ts'
import { DeclaredHeaders } from './declared-headers.ts'
import type { GatewayAccess } from './gateway-access.ts'
import { McpHttp, NotTaken } from './mcp-http.ts'

interface StdioBridgeOptions {
  open: () => Promise<GatewayAccess>
  /** `` for every tool, `/<slug>` for one integration. */
  path: string
  /** One line to the agent; settles when the agent can take more. */
  write: (line: Buffer) => Promise<void>
  note: (words: string) => void
}

const LISTEN_PAUSE_MS = 1_000
const MAX_ATTEMPTS = 3
const INITIALIZED = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}')

/**
 * A stdio MCP server in front of the gateway: lines in, HTTP out, and back, for agents of both eras. Messages pass as
 * bytes. When the gateway goes away it finds the next one, or becomes it, and opens the session again: the agent does not
 * notice. A call that was under way then fails, because nobody knows how far it got.
 */
export class StdioBridge {
  readonly #options: StdioBridgeOptions
  readonly #http = new McpHttp()
  readonly #declared = new DeclaredHeaders()
  readonly #ending = new AbortController()
  readonly #work = new Set<Promise<void>>()
  /** Requests under way, by the JSON of their id. */
  readonly #running = new Map<string, AbortController>()
  #access: Promise<GatewayAccess> | undefined
  /** How the agent opened its session: said again to a gateway that does not know it. */
  #initialize: AgentMessage | undefined
  #session: { id: string; version: string } | undefined
  /** An opening that is under way; what follows it needs its session. */
  #opening: Promise<void> | undefined
  #listening: Promise<void> | undefined

  constructor(options: StdioBridgeOptions) {
    this.#options = options
  }

  /** One line of the agent. */
  take(bytes: Buffer): void {
    const message = readAgentMessage(bytes)
    if (message === undefined) {
      void this.#options.write(errorLine(null, RPC.parseError, 'This line is not valid JSON.'))
      return
    }
    if (message.method === 'notifications/cancelled' && this.#cancelModern(message)) return
    const carried = this.#carry(message)
    if (message.method === 'initialize') this.#opens(carried)
    this.#work.add(carried)
    void carried.then(() => this.#work.delete(carried))
  }

  /** Waits for what is under way, then ends everything. */
  async close(graceMs: number): Promise<void> {
    const grace = new AbortController()
    const over = wait(graceMs, undefined, { signal: grace.signal }).catch(() => undefined)
    await Promise.race([Promise.all(this.#work), over])
    grace.abort()
    this.#ending.abort()
    await this.#listening
    await Promise.all(this.#work)
    const access = await this.#access?.catch(() => undefined)
    access?.close()
    await this.#http.close()
  }

  /** Never rejects: what goes wrong is told to the agent. */
  async #carry(message: AgentMessage): Promise<void> {
    const key = message.id === undefined ? undefined : JSON.stringify(message.id)
    const call = new AbortController()
    if (key !== undefined) this.#running.set(key, call)
    const signal = AbortSignal.any([call.signal, this.#ending.signal])
    try {
      await this.#send(message, signal)
      if (message.method === 'notifications/initialized') this.#listening ??= this.#listen()
    } catch (error) {
      // A cancelled request has no answer.
      if (signal.aborted || message.id === undefined) return
      const reason = messageOf(error)
      await this.#options.write(errorLine(message.id, RPC.internalError, `The gateway did not answer: ${reason}`))
    } finally {
      if (key !== undefined && this.#running.get(key) === call) this.#running.delete(key)
    }
  }

  async #send(message: AgentMessage, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      if (message.method !== 'initialize') await this.#ready()
      const access = await this.#gateway()
      try {
        await this.#attempt(message, access, signal)
        return
      } catch (error) {
        if (!(error instanceof NotTaken) || signal.aborted || attempt >= MAX_ATTEMPTS) throw error
        await this.#lose(access)
      }
    }
  }

  /** One exchange. Every answer goes to the agent, and a request is never left without one. */
  async #attempt(message: AgentMessage, access: GatewayAccess, signal: AbortSignal): Promise<void> {
    let isAnswered = message.id === undefined
    const said = { anything: false }
    try {
      const sessionId = await this.#exchange(message, access, signal, async (bytes) => {
        said.anything = true
        const answer = asRecord(parse(bytes))
        const isAnswer = 'result' in answer || 'error' in answer
        if (isAnswer && answer.id === message.id) isAnswered = true
        if (isAnswer && answer.id === null && message.id !== undefined) {
          // Refused before its id was read (a limit, a header): the agent waits for the id that it sent.
          isAnswered = true
          await this.#options.write(Buffer.from(JSON.stringify({ ...answer, id: message.id })))
          return
        }
        if (message.method === 'tools/list') this.#declared.learn(answer.result)
        if (message.method === 'initialize') this.#opened(message, answer.result)
        await this.#options.write(bytes)
      })
      if (message.method === 'initialize') this.#inSession(sessionId)
    } catch (error) {
      // Nobody knows how far a call got; asking anything else again does no harm.
      const isSafe = message.method !== 'tools/call' && !said.anything && !signal.aborted
      throw isSafe && !(error instanceof NotTaken) ? new NotTaken('The gateway broke off.', { cause: error }) : error
    }
    if (!isAnswered) throw new Error('its answer broke off. The call may have been carried out.')
  }

  async #exchange(
    message: AgentMessage,
    { mcpUrl, token }: GatewayAccess,
    signal: AbortSignal,
    take: (bytes: Buffer) => Promise<void>,
  ): Promise<string | undefined> {
    const session = message.method === 'initialize' ? {} : this.#sessionHeaders()
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...session,
      ...this.#modernHeaders(message),
    }
    const url = mcpUrl + this.#options.path
    return await this.#http.exchange({ url, method: 'POST', headers, body: message.bytes, signal }, take)
  }

  #sessionHeaders(): Record<string, string> {
    if (this.#session === undefined) return {}
    return { 'mcp-session-id': this.#session.id, 'mcp-protocol-version': this.#session.version }
  }

  #modernHeaders({ modernVersion, method, params }: AgentMessage): Record<string, string> {
    if (modernVersion === undefined) return {}
    const name = [params.name, params.uri].find((value) => typeof value === 'string')
    return {
      'mcp-protocol-version': modernVersion,
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': headerValue(name) }),
      ...(method === 'tools/call' ? this.#declared.of(params) : {}),
    }
  }

  /** Over HTTP a modern request is cancelled by leaving it; there is no notification for it. */
  #cancelModern({ params, modernVersion }: AgentMessage): boolean {
    if (this.#session !== undefined && modernVersion === undefined) return false
    this.#running.get(JSON.stringify(params.requestId))?.abort()
    return true
  }

  #gateway(): Promise<GatewayAccess> {
    if (this.#access === undefined) {
      const opening = (this.#access = this.#options.open())
      // The next message tries again.
      opening.catch(() => {
        if (this.#access === opening) this.#access = undefined
      })
    }
    return this.#access
  }

  /** The token or the session is worth nothing any more, or nobody answers. */
  async #lose(lost: GatewayAccess): Promise<void> {
    if ((await this.#access?.catch(() => undefined)) !== lost) return
    this.#access = undefined
    this.#session = undefined
    lost.close()
    this.#options.note('the gateway went away; looking for it again.')
  }

  /** Waits for an opening; opens again what an agent had opened and the gateway does not know. */
  async #ready(): Promise<void> {
    if (this.#opening === undefined && this.#initialize !== undefined && this.#session === undefined) {
      this.#opens(this.#reopen(this.#initialize))
    }
    await this.#opening
  }

  #opens(opening: Promise<void>): void {
    this.#opening = opening
    const over = () => {
      if (this.#opening === opening) this.#opening = undefined
    }
    opening.then(over, over)
  }

  #opened(message: AgentMessage, result: unknown): void {
    const { protocolVersion } = asRecord(result)
    if (typeof protocolVersion !== 'string') return
    this.#initialize = message
    this.#session = { id: '', version: protocolVersion }
  }

  #inSession(sessionId: string | undefined): void {
    if (this.#session === undefined) return
    this.#session = sessionId === undefined ? undefined : { ...this.#session, id: sessionId }
  }

  async #reopen(initialize: AgentMessage): Promise<void> {
    const access = await this.#gateway()
    const { signal } = this.#ending
    const sessionId = await this.#exchange(initialize, access, signal, (bytes) => {
      this.#opened(initialize, asRecord(parse(bytes)).result)
      return Promise.resolve()
    })
    this.#inSession(sessionId)
    const initialized = readAgentMessage(INITIALIZED)
    if (initialized) await this.#exchange(initialized, access, signal, () => Promise.resolve())
  }

  /** What the gateway says unasked, for a legacy agent: kept open until the bridge ends. */
  async #listen(): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      try {
        await this.#ready()
        const { mcpUrl, token } = await this.#gateway()
        const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...this.#sessionHeaders() }
        const url = mcpUrl + this.#options.path
        await this.#http.exchange({ url, method: 'GET', headers, signal }, this.#options.write)
      } catch {
        // The next call finds out what became of the gateway; this only tries again.
      }
      await wait(LISTEN_PAUSE_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
