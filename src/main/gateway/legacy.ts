import { isObject } from '../base/is-object.ts'
import type { AgentIdentity } from '../agents/agent-identity.ts'
import { members } from '../base/json-members.ts'
import { methodNotFound, resultAnswer, rpcErrorAnswer, type AnswerBytes } from './answer.ts'
import { beginCall, type CallRecorder } from './call-recorder.ts'
import { CallReply, progressTokenOf } from './call-reply.ts'
import { capabilitiesOf, watchedLists } from './capabilities.ts'
import type { Endpoint } from './endpoints.ts'
import { NO_CAPABILITIES } from './era-bridge.ts'
import { headerOf, type AgentRequest, type Reply } from './exchange.ts'
import { instructionsOf } from './instructions.ts'
import { KnownLists, type WatchedList } from './known-lists.ts'
import type { GatewayLimits } from './limits.ts'
import { listAskedFor, type ListAnswers } from './list-answers.ts'
import type { Batch, Message, Unreadable } from './message.ts'
import { BATCH_VERSION, LEGACY_VERSIONS, NEWEST_LEGACY_VERSION, RPC } from './protocol.ts'
import type { Session, Sessions } from './session.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { ToolAnswers } from './tool-answers.ts'

const SESSION_HEADER = 'mcp-session-id'
const MOST_CLIENT_INFO_BYTES = 4096
const EMPTY_RESULT = [Buffer.from('{}')]
const LIST_CHANGED: Readonly<Record<WatchedList, Buffer>> = {
  tools: listChanged('tools'),
  prompts: listChanged('prompts'),
  resources: listChanged('resources'),
}

interface LegacyParts {
  sessions: Sessions
  subscriptions: Subscriptions
  lists: ListAnswers
  tools: ToolAnswers
  mergesInstructions: () => boolean
  calls: CallRecorder
  /** JSON text. */
  serverInfo: string
  limits: Pick<GatewayLimits, 'batchSize' | 'keepAliveMs'>
}

/** Streamable HTTP up to 2025-11-25: `initialize`, sessions and a GET stream for notifications. */
export class LegacyEra {
  readonly #parts: LegacyParts

  constructor(parts: LegacyParts) {
    this.#parts = parts
  }

  async post(request: AgentRequest, reply: Reply, endpoint: Endpoint, body: Message | Batch): Promise<void> {
    if (body.kind === 'request' && body.method === 'initialize') {
      this.#initialize(request, reply, endpoint, body)
      return
    }
    const session = this.#session(request, reply, idOf(body))
    if (session === undefined) return
    const asking: Asking = { agent: request.agent, session, endpoint }
    if (body.kind === 'batch') return this.#batch(asking, reply, body)
    const token = body.kind === 'request' && body.method === 'tools/call' ? progressTokenOf(body) : undefined
    const streaming = token && new CallReply(reply, token, this.#parts.limits.keepAliveMs)
    const answer = await this.#answer(asking, body, streaming)
    if (answer === undefined) reply.empty(202)
    else if (streaming === undefined) reply.json(200, answer)
    else streaming.answer(200, answer)
  }

  /**
   * What a session can still do when its endpoint is gone, for this agent or for all: cancel its calls and end. False for
   * anything else, and for who has no session here.
   */
  leave(request: AgentRequest, reply: Reply, body: Message | undefined): boolean {
    const { agent, slug, headers, method } = request
    const session = this.#parts.sessions.find(headerOf(headers, SESSION_HEADER) ?? '', agent, slug)
    if (session === undefined) return false
    if (method === 'DELETE') {
      this.#parts.sessions.end(session)
      reply.empty(200)
      return true
    }
    if (body?.kind !== 'notification') return false
    hear(session, body)
    reply.empty(202)
    return true
  }

  /** The stream on which this session hears of changes. A second one replaces the first: the client reconnected. */
  get(request: AgentRequest, reply: Reply): void {
    const session = this.#session(request, reply, undefined)
    if (session === undefined) return
    const { agentId, workspace, slug, mode, known } = session
    session.stream?.end()
    if (!this.#parts.subscriptions.hasRoom(agentId)) {
      refuse(reply, 429, undefined, 'Too many notification streams are open.', { 'Retry-After': '5' })
      return
    }
    const stream = reply.stream({ 'Mcp-Session-Id': session.id })
    const target = {
      agentId,
      workspace,
      slug,
      mode,
      known,
      stream,
      listChanged: (list: WatchedList) => LIST_CHANGED[list],
    }
    const subscription = this.#parts.subscriptions.open(target)
    session.stream = subscription
    stream.onClose(() => {
      if (session.stream === subscription) session.stream = undefined
    })
    stream.keepAlive()
    for (const list of known.takeUntold()) stream.send(LIST_CHANGED[list])
  }

  delete(request: AgentRequest, reply: Reply): void {
    const session = this.#session(request, reply, undefined)
    if (session === undefined) return
    this.#parts.sessions.end(session)
    reply.empty(200)
  }

  /** Answers at once from what is known: an agent's opening never waits for an upstream. */
  #initialize(request: AgentRequest, reply: Reply, endpoint: Endpoint, message: Message): void {
    const { agent, mode: wantedMode } = request
    const { protocolVersion: wanted } = message.params
    if (typeof wanted !== 'string') {
      refuse(reply, 400, message.id, '"params.protocolVersion" must be a string.', {}, RPC.invalidParams)
      return
    }
    const protocolVersion = LEGACY_VERSIONS.includes(wanted) ? wanted : NEWEST_LEGACY_VERSION
    const clientInfo = clientInfoOf(message)
    const capabilities = capabilitiesOf(endpoint, 'legacy')
    const known = new KnownLists(watchedLists(capabilities), endpoint)
    const opened = { agent, slug: endpoint.slug, mode: wantedMode, protocolVersion, clientInfo, known }
    const session = this.#parts.sessions.create(opened)
    const instructions = instructionsOf(endpoint, this.#parts.mergesInstructions())
    const opening = JSON.stringify({ protocolVersion, capabilities, instructions })
    const result = `${opening.slice(0, -1)},"serverInfo":${this.#parts.serverInfo}}`
    reply.json(200, resultAnswer(message.id, [Buffer.from(result)]), { 'Mcp-Session-Id': session.id })
  }

  /** The session that the request belongs to; undefined when it was refused. */
  #session({ agent, slug, headers }: AgentRequest, reply: Reply, id: Buffer | undefined): Session | undefined {
    const version = headerOf(headers, 'mcp-protocol-version')
    if (version !== undefined && !LEGACY_VERSIONS.includes(version)) {
      const known = LEGACY_VERSIONS.join(', ')
      refuse(reply, 400, id, `Unsupported MCP-Protocol-Version: ${version}. Supported in a session: ${known}.`)
      return undefined
    }
    const sessionId = headerOf(headers, SESSION_HEADER)
    if (sessionId === undefined) {
      refuse(reply, 400, id, 'The Mcp-Session-Id header is missing. Send "initialize" first.')
      return undefined
    }
    const session = this.#parts.sessions.find(sessionId, agent, slug)
    if (session === undefined) refuse(reply, 404, id, 'This session has ended or never was. Send "initialize" again.')
    return session
  }

  async #batch(asking: Asking, reply: Reply, { messages }: Batch): Promise<void> {
    if (asking.session.protocolVersion !== BATCH_VERSION) {
      refuse(reply, 400, undefined, `JSON-RPC batches were removed after MCP ${BATCH_VERSION}.`)
      return
    }
    if (messages.length === 0 || messages.length > this.#parts.limits.batchSize) {
      refuse(reply, 400, undefined, `A batch has 1 to ${this.#parts.limits.batchSize} messages.`)
      return
    }
    const answers = await Promise.all(messages.map((message) => this.#answerOne(asking, message)))
    const given = answers.filter((answer) => answer !== undefined)
    if (given.length === 0) reply.empty(202)
    else reply.json(200, batchOf(given))
  }

  /** Without progress, which nobody has to send: the answer of a batch is one JSON body. */
  #answerOne(asking: Asking, message: Message | Unreadable): Promise<AnswerBytes | undefined> {
    if (message.kind !== 'unreadable') return this.#answer(asking, message)
    return Promise.resolve(rpcErrorAnswer(message.id, message.error))
  }

  /** Undefined for what has no answer: notifications, and answers to questions that were never asked. */
  async #answer(asking: Asking, message: Message, streaming?: CallReply): Promise<AnswerBytes | undefined> {
    if (message.kind === 'response') return undefined
    if (message.kind === 'notification') {
      hear(asking.session, message)
      return undefined
    }
    switch (message.method) {
      case 'ping':
        return resultAnswer(message.id, EMPTY_RESULT)
      case 'tools/call':
        return this.#callTool(asking, message, streaming)
      case 'initialize':
        return rpcErrorAnswer(message.id, { code: RPC.invalidRequest, message: '"initialize" must stand alone.' })
      default:
        return this.#list(asking, message) ?? rpcErrorAnswer(message.id, methodNotFound(message.method))
    }
  }

  #list({ session, endpoint }: Asking, message: Message): AnswerBytes | undefined {
    const list = listAskedFor(message.method)
    if (list !== undefined) session.known.given(list, endpoint)
    return this.#parts.lists.answer(endpoint, message, 'legacy')
  }

  /** A closed connection does not cancel the call: in these revisions only `notifications/cancelled` does. */
  async #callTool(asking: Asking, message: Message, streaming: CallReply | undefined): Promise<AnswerBytes> {
    const { agent, session, endpoint } = asking
    const { tools, calls } = this.#parts
    const begun = beginCall({ workspace: agent.workspace, agent: agent.name, era: 'legacy', request: message.bytes })
    const key = message.id.toString()
    const call = new AbortController()
    session.calls.set(key, call)
    try {
      const answer = await tools.call(endpoint, message, {
        era: 'legacy',
        identification: { clientInfo: session.clientInfo, clientCapabilities: NO_CAPABILITIES },
        signal: call.signal,
        onProgress: streaming && ((progress) => streaming.progress(progress)),
      })
      calls.finished(begun, answer)
      return answer.body
    } finally {
      if (session.calls.get(key) === call) session.calls.delete(key)
    }
  }
}

/** Who asks, in which session, and what is there for it now. */
interface Asking {
  agent: AgentIdentity
  session: Session
  endpoint: Endpoint
}

function listChanged(list: WatchedList): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${list}/list_changed"}`)
}

function hear(session: Session, { method, params: { requestId } }: Message): void {
  if (method !== 'notifications/cancelled') return
  if (typeof requestId !== 'string' && typeof requestId !== 'number') return
  for (const [key, call] of session.calls) if (JSON.parse(key) === requestId) call.abort()
}

/** Copied, since a slice would keep the whole body in memory as long as the session lives. */
function clientInfoOf({ bytes, params, paramsSpan }: Message): Buffer | undefined {
  if (paramsSpan === undefined || !isObject(params.clientInfo)) return undefined
  const span = members(bytes, paramsSpan[0]).get('clientInfo')
  if (span === undefined || span[1] - span[0] > MOST_CLIENT_INFO_BYTES) return undefined
  return Buffer.from(bytes.subarray(span[0], span[1]))
}

function idOf(body: Message | Batch): Buffer | undefined {
  return body.kind === 'request' ? body.id : undefined
}

function batchOf(answers: readonly AnswerBytes[]): AnswerBytes {
  const separated = answers.flatMap((answer, index) => [Buffer.from(index === 0 ? '[' : ','), ...answer])
  return [...separated, Buffer.from(']')]
}

function refuse(
  reply: Reply,
  status: number,
  id: Buffer | undefined,
  message: string,
  headers: Record<string, string> = {},
  code: number = RPC.invalidRequest,
): void {
  reply.json(status, rpcErrorAnswer(id, { code, message }), headers)
}
