import { forward } from './agent-notifications.ts'
import { methodNotFound, resultAnswer, rpcErrorAnswer, type RpcError } from './answer.ts'
import { capabilitiesOf } from './capabilities.ts'
import type { Endpoint } from './endpoints.ts'
import type { AgentRequest, Reply } from './exchange.ts'
import { instructionsOf } from './instructions.ts'
import type { ListAnswers } from './list-answers.ts'
import type { Message } from './message.ts'
import { listen } from './modern-listen.ts'
import { checkParamHeaders, checkRequest, identificationOf } from './modern-request.ts'
import { META, MODERN_VERSIONS } from './protocol.ts'
import { beginCall, type CallRecorder } from './call-recorder.ts'
import { CallSlots } from './call-slots.ts'
import type { HeldCalls } from './held-calls.ts'
import type { GatewayLimits } from './limits.ts'
import { ModernCall, type ModernCallParts } from './modern-call.ts'
import { refused, type Relay, type RelayedAnswer } from './relay.ts'
import { isRoute, routeOf } from './request-routes.ts'
import { isOwnState } from './request-state.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { Tasks } from './tasks.ts'
import type { ToolAnswers } from './tool-answers.ts'

/** How long an agent may keep what `server/discover` says: its instructions name the integrations. */
const DISCOVER_TTL_MS = 60_000

interface ModernParts {
  subscriptions: Subscriptions
  lists: ListAnswers
  tools: ToolAnswers
  relay: Relay
  tasks: Tasks
  held: HeldCalls<ModernCall>
  mergesInstructions: () => boolean
  calls: CallRecorder
  /** JSON text. */
  serverInfo: string
  limits: Pick<GatewayLimits, 'keepAliveMs' | 'coalesceMs'>
}

/** Notifications that concern the hop between agent and gateway. Closing the answer is how a request is cancelled here. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
])

/** Streamable HTTP from 2026-07-28 on: no session, every request says by itself who asks and how. */
export class ModernEra {
  readonly #parts: ModernParts
  readonly #callParts: ModernCallParts

  constructor(parts: ModernParts) {
    this.#parts = parts
    const { held, serverInfo, limits } = parts
    this.#callParts = { held, slots: new CallSlots(), serverInfo, keepAliveMs: limits.keepAliveMs }
  }

  post(request: AgentRequest, reply: Reply, endpoint: Endpoint, message: Message): Promise<void> | undefined {
    if (message.kind !== 'request') {
      if (message.kind === 'notification' && !NOT_FORWARDED.has(message.method)) forward(message, endpoint)
      reply.empty(202)
      return
    }
    const fault = checkRequest(request, message)
    if (fault !== undefined) {
      if (message.method === 'tools/call') this.#refuseCall(request, reply, message, fault)
      else refuse(reply, 400, message, fault)
      return
    }
    switch (message.method) {
      case 'server/discover': {
        reply.json(200, resultAnswer(message.id, [this.#discover(endpoint)]))
        return
      }
      case 'tools/call':
        return this.#callTool(request, reply, endpoint, message)
      case 'subscriptions/listen': {
        listen(this.#parts, request, reply, endpoint, message)
        return
      }
      default: {
        const list = this.#parts.lists.answer(endpoint, message, 'modern')
        if (list === undefined) return this.#carry(request, reply, endpoint, message)
        reply.json(200, list)
        return
      }
    }
  }

  #callTool(request: AgentRequest, reply: Reply, endpoint: Endpoint, message: Message): Promise<void> | undefined {
    const { name, arguments: callArguments } = message.params
    const route = typeof name === 'string' ? endpoint.view.routes.get(name) : undefined
    const fault = route && checkParamHeaders(request, route.tool, callArguments)
    if (fault !== undefined) {
      this.#refuseCall(request, reply, message, fault)
      return
    }
    const { tools, calls, tasks } = this.#parts
    const { agent } = request
    const call = this.#callOf(request, endpoint, message)
    if ('code' in call) {
      this.#refuseCall(request, reply, message, call, 200)
      return
    }
    const work = async (): Promise<RelayedAnswer> => {
      const { bytes } = call.message
      const begun = beginCall({ workspace: agent.workspace, agent: agent.name, era: 'modern', request: bytes })
      const answer = await tools.call(endpoint, call.message, call)
      calls.finished(begun, answer)
      return tasks.begun({ agent: agent.id, endpoint }, call.message, answer)
    }
    return call.take(reply, message, work)
  }

  /** A request for the integration that has what it asks for. */
  #carry(request: AgentRequest, reply: Reply, endpoint: Endpoint, message: Message): Promise<void> | undefined {
    if (message.method.startsWith('tasks/')) {
      const call = this.#newCall(request, endpoint, message)
      const asker = { agent: request.agent.id, endpoint }
      return call.take(reply, message, () => this.#parts.tasks.answer(asker, message, call))
    }
    const route = routeOf(endpoint, message, 'modern')
    if (route === undefined) {
      refuse(reply, 404, message, methodNotFound(message.method))
      return
    }
    if (!isRoute(route)) {
      refuse(reply, 200, message, route)
      return
    }
    const call = this.#callOf(request, endpoint, message)
    if ('code' in call) {
      refuse(reply, 200, message, call)
      return
    }
    return call.take(reply, message, () => this.#parts.relay.carry(route, call.message, call))
  }

  #newCall({ agent }: AgentRequest, { slug }: Endpoint, message: Message): ModernCall {
    const asked = { agent: agent.id, slug, message, identification: identificationOf(message) }
    return new ModernCall(asked, this.#callParts)
  }

  /** The call that this request is another try of, or a new one; an error where it may not be what it says. */
  #callOf(request: AgentRequest, endpoint: Endpoint, message: Message): ModernCall | RpcError {
    const { requestState } = message.params
    if (typeof requestState !== 'string' || !isOwnState(requestState)) return this.#newCall(request, endpoint, message)
    return this.#parts.held.take(requestState, request.agent.id, endpoint.slug, message)
  }

  #refuseCall({ agent }: AgentRequest, reply: Reply, message: Message, fault: RpcError, status = 400): void {
    const call = beginCall({ workspace: agent.workspace, agent: agent.name, era: 'modern', request: message.bytes })
    const { name } = message.params
    const answer = refused(message.id, typeof name === 'string' ? name : '', fault)
    this.#parts.calls.finished(call, answer)
    reply.json(status, answer.body)
  }

  #discover(endpoint: Endpoint): Buffer {
    const known = JSON.stringify({
      resultType: 'complete',
      supportedVersions: MODERN_VERSIONS,
      capabilities: capabilitiesOf(endpoint, 'modern'),
      instructions: instructionsOf(endpoint, this.#parts.mergesInstructions()),
      ttlMs: DISCOVER_TTL_MS,
      cacheScope: 'private',
    })
    return Buffer.from(`${known.slice(0, -1)},"_meta":{"${META.serverInfo}":${this.#parts.serverInfo}}}`)
  }
}

function refuse(reply: Reply, status: number, { id }: Message, error: RpcError): void {
  reply.json(status, rpcErrorAnswer(id, error))
}
