import { isObject } from '../base/is-object.ts'
import type { AgentIdentity } from '../agents/agent-identity.ts'
import { spanOf } from '../base/json-members.ts'
import { LOG_LEVELS } from '../upstream/upstream.ts'
import { hear } from './agent-notifications.ts'
import { methodNotFound, resultAnswer, rpcErrorAnswer, type AnswerBytes, type RpcError } from './answer.ts'
import { beginCall, type CallRecorder } from './call-recorder.ts'
import { capabilitiesOf, watchedLists } from './capabilities.ts'
import type { Endpoint } from './endpoints.ts'
import { headerOf, type AgentRequest, type Reply } from './exchange.ts'
import { instructionsOf } from './instructions.ts'
import { KnownLists, type WatchedList } from './known-lists.ts'
import { LegacyCall } from './legacy-call.ts'
import type { Session } from './legacy-session.ts'
import { subscribe, unsubscribe } from './legacy-subscribe.ts'
import type { GatewayLimits } from './limits.ts'
import { listAskedFor, type ListAnswers } from './list-answers.ts'
import { readLogLevel } from './log-filter.ts'
import type { Batch, Message, Unreadable } from './message.ts'
import { BATCH_VERSION, LEGACY_VERSIONS, MODERN_VERSIONS, NEWEST_LEGACY_VERSION, RPC } from './protocol.ts'
import { refused, type Relay, type RelayedAnswer } from './relay.ts'
import { isRoute, routeOf } from './request-routes.ts'
import type { Sessions } from './session.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { TaskAsker, Tasks } from './tasks.ts'
import type { ToolAnswers } from './tool-answers.ts'

const TOOLS_CALL = 'tools/call'
const SESSION_HEADER = 'mcp-session-id'
const MOST_CLIENT_INFO_BYTES = 4096
const MOST_CAPABILITIES_BYTES = 16 * 1024
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
  relay: Relay
  tasks: Tasks
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

  post(request: AgentRequest, reply: Reply, endpoint: Endpoint, body: Message | Batch): Promise<unknown> | undefined {
    if (body.kind === 'request' && body.method === 'initialize') {
      this.#initialize(request, reply, endpoint, body)
      return
    }
    const session = this.#session(request, reply, idOf(body))
    if (session === undefined) return
    const asking: Asking = { agent: request.agent, session, endpoint }
    if (body.kind === 'batch') return this.#batch(asking, reply, body)
    if (body.kind !== 'request') {
      take(asking, body)
      reply.empty(202)
      return
    }
    const known = this.#known(asking, body)
    if (known !== undefined) {
      reply.json(200, known)
      return
    }
    return this.#carry(asking, body, reply)
  }

  /**
   * What a session can still do when its endpoint is gone, for this agent or for all: answer servers, cancel its calls and
   * end. False for anything else, and for who has no session here.
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
    if (body === undefined || body.kind === 'request') return false
    take({ session, endpoint: undefined }, body)
    reply.empty(202)
    return true
  }

  /**
   * The stream on which this session hears of changes, or, with the id of the event that the agent saw last, the stream of
   * that event again. A second one replaces the first: the client reconnected.
   */
  get(request: AgentRequest, reply: Reply): void {
    const session = this.#session(request, reply, undefined)
    if (session === undefined) return
    const headers = { 'Mcp-Session-Id': session.id }
    const lastEventId = headerOf(request.headers, 'last-event-id')
    const lost = lastEventId === undefined ? undefined : session.streams.find(lastEventId)
    if (lastEventId !== undefined && lost === undefined) {
      refuse(reply, 400, undefined, 'The Last-Event-ID belongs to no stream of this session that is still kept.')
      return
    }
    if (lost?.isStanding === false) {
      // A cancelled call has no answer. Clients ask for the rest of its stream, and after an empty one for another stream
      // of changes, which then replaces the one they have, and is replaced by it, for ever.
      if (lost.stream.isOver(lost.after)) {
        refuse(reply, 405, undefined, 'This stream has ended, and there is nothing more of it.', {
          Allow: 'POST, DELETE',
        })
        return
      }
      lost.stream.connect(reply.stream(headers), lost.after)
      return
    }
    const { agentId, workspace, slug, mode, known } = session
    session.stream?.end()
    if (!this.#parts.subscriptions.hasRoom(agentId)) {
      refuse(reply, 429, undefined, 'Too many notification streams are open.', { 'Retry-After': '5' })
      return
    }
    const stream = session.streams.openStanding(reply, headers, lost?.after)
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
    session.resources?.tell()
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
    const clientInfo = memberOf(message, 'clientInfo', MOST_CLIENT_INFO_BYTES)
    const declared = memberOf(message, 'capabilities', MOST_CAPABILITIES_BYTES)
    const capabilities = capabilitiesOf(endpoint, 'legacy')
    const known = new KnownLists(watchedLists(capabilities), endpoint)
    const opened = {
      agent,
      slug: endpoint.slug,
      mode: wantedMode,
      protocolVersion,
      clientInfo,
      capabilities: declared,
      known,
    }
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
      const error = {
        code: RPC.unsupportedVersion,
        message: `Unsupported MCP-Protocol-Version: ${version}. Supported in a session: ${LEGACY_VERSIONS.join(', ')}.`,
        data: { supported: [...MODERN_VERSIONS, ...LEGACY_VERSIONS], requested: version },
      }
      reply.json(400, rpcErrorAnswer(id, error))
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

  /** Undefined for what has no answer: notifications and responses. */
  #answerOne(asking: Asking, message: Message | Unreadable): Promise<AnswerBytes | undefined> {
    if (message.kind === 'unreadable') return Promise.resolve(rpcErrorAnswer(message.id, message.error))
    if (message.kind !== 'request') {
      take(asking, message)
      return Promise.resolve(undefined)
    }
    const known = this.#known(asking, message)
    if (known !== undefined) return Promise.resolve(known)
    return this.#carry(asking, message, undefined)
  }

  /** What the gateway answers by itself and at once; undefined: something else. */
  #known(asking: Asking, message: Message): AnswerBytes | undefined {
    switch (message.method) {
      case TOOLS_CALL:
        return undefined
      case 'ping':
        return resultAnswer(message.id, EMPTY_RESULT)
      case 'logging/setLevel':
        return setLogLevel(asking, message)
      case 'resources/subscribe':
        return emptyUnless(message, subscribe(asking.session, asking.endpoint, message))
      case 'resources/unsubscribe':
        return emptyUnless(message, unsubscribe(asking.session, message))
      case 'initialize':
        return rpcErrorAnswer(message.id, { code: RPC.invalidRequest, message: '"initialize" must stand alone.' })
      default:
        return this.#list(asking, message)
    }
  }

  #list({ session, endpoint }: Asking, message: Message): AnswerBytes | undefined {
    const list = listAskedFor(message.method)
    if (list !== undefined) session.known.given(list, endpoint)
    return this.#parts.lists.answer(endpoint, message, 'legacy')
  }

  /** Has a server answer a request. `reply` gets the answer; in a batch, without one, only who called. */
  async #carry(asking: Asking, message: Message, reply: Reply | undefined): Promise<AnswerBytes> {
    const { agent, session } = asking
    const { calls, tasks, limits } = this.#parts
    const call = new LegacyCall(session, message, reply, limits.keepAliveMs)
    const begun =
      message.method === TOOLS_CALL
        ? beginCall({ workspace: agent.workspace, agent: agent.name, era: 'legacy', request: message.bytes })
        : undefined
    let answer: RelayedAnswer
    try {
      answer = call.noted(await this.#relay(asking, message, call))
    } finally {
      call.over()
    }
    if (begun !== undefined) {
      calls.finished(begun, answer)
      answer = tasks.begun(taskAsker(asking), message, answer)
    }
    call.answer(answer.body)
    return answer.body
  }

  #relay(asking: Asking, message: Message, call: LegacyCall): Promise<RelayedAnswer> | RelayedAnswer {
    const { id, method } = message
    const { endpoint } = asking
    const { tools, relay, tasks } = this.#parts
    if (method === TOOLS_CALL) return tools.call(endpoint, message, call)
    if (method.startsWith('tasks/')) return tasks.answer(taskAsker(asking), message, call)
    const route = routeOf(endpoint, message, 'legacy')
    if (route === undefined) return refused(id, method, methodNotFound(method))
    if (!isRoute(route)) return refused(id, method, route)
    return relay.carry(route, message, call)
  }
}

/** Who asks, in which session, and what is there for it now. */
interface Asking {
  agent: AgentIdentity
  session: Session
  endpoint: Endpoint
}

function taskAsker({ agent, session, endpoint }: Asking): TaskAsker {
  return { agent: agent.id, endpoint, session }
}

function listChanged(list: WatchedList): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${list}/list_changed"}`)
}

/** What has no answer: a notification, or the answer to a server's question. */
function take({ session, endpoint }: { session: Session; endpoint: Endpoint | undefined }, message: Message): void {
  if (message.kind === 'response') session.requests.answered(message)
  else hear(session, message, endpoint)
}

function emptyUnless({ id }: Message, error: RpcError | undefined): AnswerBytes {
  return error === undefined ? resultAnswer(id, EMPTY_RESULT) : rpcErrorAnswer(id, error)
}

function setLogLevel({ session, endpoint }: Asking, { id, params }: Message): AnswerBytes {
  const level = readLogLevel(params.level)
  if (level === undefined) {
    const message = `"params.level" must be one of: ${LOG_LEVELS.join(', ')}.`
    return rpcErrorAnswer(id, { code: RPC.invalidParams, message })
  }
  session.setLogLevel(level, endpoint.offering.integrations)
  return resultAnswer(id, EMPTY_RESULT)
}

/**
 * JSON text of an object in `params`; undefined: there is none, or a longer one. Copied, since a slice would keep the whole
 * body in memory as long as the session lives.
 */
function memberOf({ bytes, params, paramsSpan }: Message, key: string, mostBytes: number): Buffer | undefined {
  if (paramsSpan === undefined || !isObject(params[key])) return undefined
  const span = spanOf(bytes, key, paramsSpan[0])
  if (span === undefined || span[1] - span[0] > mostBytes) return undefined
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
