import type { CallOutcome } from '../../shared/contract/calls.ts'
import { AppError } from '../base/app-error.ts'
import type { CancelSignal } from '../base/cancellation.ts'
import { isObject } from '../base/is-object.ts'
import type { Logger } from '../base/log.ts'
import type { Era, UpstreamAnswer, UpstreamCaller, UpstreamProgress, UpstreamSession } from '../upstream/upstream.ts'
import type { Capabilities } from './agent-capabilities.ts'
import {
  describeFailure,
  errorAnswer,
  errorOf,
  resultAnswer,
  rpcErrorAnswer,
  type AnswerBytes,
  type RpcError,
} from './answer.ts'
import { paramsForUpstream, resultForAgent, type AgentIdentification, type RequestBytes } from './era-bridge.ts'
import { errorForAgent } from './error-bridge.ts'
import { fulfil, needsInput } from './input-rounds.ts'
import { RPC } from './protocol.ts'
import type { RequestRoute } from './request-route.ts'
import type { Route } from './view.ts'

/** Who asks: what has to be known of the agent's side. */
export interface Caller {
  era: Era
  identification: AgentIdentification
  /** What a legacy agent declared that it can be asked. */
  declared?: Capabilities
  /** Aborting cancels the request upstream. */
  signal: CancelSignal | undefined
  /** Hears of progress until the answer. Undefined: it does not want any, and the upstream is not asked for it. */
  onProgress?: ((progress: UpstreamProgress) => void) | undefined
  /** Who answers and hears what the server of this route says because of the request. Without it: nobody. */
  audience?: ((route: RequestRoute) => UpstreamCaller) | undefined
}

export interface RelayedAnswer {
  body: AnswerBytes
  outcome: CallOutcome
  /** The JSON-RPC error, whoever made it. */
  error: { code: number; message: string } | null
  /** The name that was called, for `call_tool` the one inside; the method of a request that is no call. */
  tool: string
  integration: string | null
  /** Null when the call did not get there. */
  upstreamEra: Era | null
  /** What the upstream said. Undefined: it was not asked, or did not answer. */
  answer?: UpstreamAnswer
}

/** A request that goes to an upstream, to be answered under the agent's own id. */
export interface RelayedRequest extends RequestBytes {
  id: Buffer
  method: string
}

const TOOLS_CALL = 'tools/call'

/**
 * Carries one request of an agent: route → upstream → bytes. Filter and profile are already in the maps that gave the
 * route.
 */
export class Relay {
  readonly #serverInfo: string
  readonly #log: Logger
  /** Of tools that were called: made once for each. */
  readonly #toolRoutes = new WeakMap<Route, RequestRoute>()

  /** `serverInfo` is the JSON text of the gateway's own, for results that a modern agent expects it in. */
  constructor(serverInfo: string, log: Logger) {
    this.#serverInfo = serverInfo
    this.#log = log
  }

  /** A call of a tool under the name that the agent has for it. Always gives an answer, also to what could not be asked. */
  answer(route: Route, name: string, call: RelayedRequest, caller: Caller): Promise<RelayedAnswer> {
    return this.#answer(this.#routeOf(route), call, name, caller)
  }

  /** The same for any other request. */
  carry(route: RequestRoute, request: RelayedRequest, caller: Caller): Promise<RelayedAnswer> {
    return this.#answer(route, request, request.method, caller)
  }

  async #answer(route: RequestRoute, request: RelayedRequest, tool: string, caller: Caller): Promise<RelayedAnswer> {
    const { id, method } = request
    const integration = route.integration.slug
    const { era, signal } = caller
    let session: UpstreamSession | undefined
    try {
      const audience = caller.audience?.(route)
      session = await route.integration.upstream.session({ signal, principal: audience?.principal })
      const answer = await this.#ask(session, route, request, caller, audience)
      const upstreamEra = session.era
      if (answer.kind === 'error') {
        const body = errorAnswer(id, errorForAgent(answer, method, era, upstreamEra))
        return { body, outcome: 'error', error: errorOf(answer), tool, integration, upstreamEra, answer }
      }
      const body = resultAnswer(id, resultForAgent(answer, method, era, upstreamEra, this.#serverInfo))
      return { body, outcome: outcomeOf(answer), error: null, tool, integration, upstreamEra, answer }
    } catch (failure) {
      const told = { tool, integration, upstreamEra: session?.era ?? null }
      const error = this.#describe(route, tool, failure, signal)
      const body = rpcErrorAnswer(id, error)
      if (error.code === RPC.requestCancelled) return { body, outcome: 'cancelled', error: null, ...told }
      return { body, outcome: 'error', error, ...told }
    }
  }

  /** The upstream's own answer to a call. Throws AppError. */
  ask(session: UpstreamSession, route: Route, call: RequestBytes, caller: Caller): Promise<UpstreamAnswer> {
    return this.#ask(session, this.#routeOf(route), { ...call, method: TOOLS_CALL }, caller, undefined)
  }

  /** What is told of a call's failure, and logs it. */
  describe({ integration, tool }: Route, failure: unknown, signal: CancelSignal | undefined): RpcError {
    return this.#describe({ integration }, tool.name, failure, signal)
  }

  #ask(
    session: UpstreamSession,
    route: RequestRoute,
    request: Omit<RelayedRequest, 'id'>,
    caller: Caller,
    audience: UpstreamCaller | undefined,
  ): Promise<UpstreamAnswer> {
    const first = askOnce(session, route, request, caller, audience)
    // Only modern servers answer with a question, and modern agents take it as it is.
    if (session.era === 'legacy' || caller.era === 'modern' || audience === undefined) return first
    const { declared: capabilities = {}, signal } = caller
    const again = (added: ReadonlyMap<string, Buffer>) =>
      askOnce(session, route, { ...request, added }, caller, audience)
    return first.then((answer) =>
      needsInput(answer) ? fulfil(answer, { audience, capabilities, again, signal }) : answer,
    )
  }

  #routeOf(route: Route): RequestRoute {
    let known = this.#toolRoutes.get(route)
    if (known === undefined) {
      const { integration, tool } = route
      known = { integration, replaced: new Map([['name', JSON.stringify(tool.name)]]), name: tool.name }
      this.#toolRoutes.set(route, known)
    }
    return known
  }

  #describe(
    { integration }: Pick<RequestRoute, 'integration'>,
    tool: string,
    failure: unknown,
    signal: CancelSignal | undefined,
  ): RpcError {
    if (signal?.aborted === true) return { code: RPC.requestCancelled, message: 'The request was cancelled.' }
    const where = { integration: integration.slug, tool }
    if (failure instanceof AppError && failure.code !== 'internal') {
      this.#log.info({ ...where, code: failure.code }, 'tool call failed')
    } else this.#log.error({ ...where, err: failure }, 'tool call failed for a reason of our own')
    return describeFailure(failure, integration.slug)
  }
}

function askOnce(
  session: UpstreamSession,
  { name, replaced }: RequestRoute,
  request: Omit<RelayedRequest, 'id'>,
  agent: Caller,
  caller: UpstreamCaller | undefined,
): Promise<UpstreamAnswer> {
  const { signal, onProgress } = agent
  const params = paramsForUpstream(request, replaced, { agent, upstream: session })
  return session.request({ method: request.method, params, name, caller, signal, onProgress })
}

/** The answer to a request that goes nowhere. `tool` as in a `RelayedAnswer`. */
export function refused(id: Buffer, tool: string, error: RpcError): RelayedAnswer {
  const body = rpcErrorAnswer(id, error)
  return { body, outcome: 'error', error, tool, integration: null, upstreamEra: null }
}

/** The tool itself may say that it failed, which is a result like any other. */
export function outcomeOf({ value }: UpstreamAnswer): CallOutcome {
  return isObject(value) && value.isError === true ? 'tool_error' : 'ok'
}
