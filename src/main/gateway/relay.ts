import type { CallOutcome } from '../../shared/contract/calls.ts'
import { AppError } from '../base/app-error.ts'
import { isObject } from '../base/is-object.ts'
import type { Logger } from '../base/log.ts'
import type { Era, UpstreamAnswer, UpstreamProgress, UpstreamSession } from '../upstream/upstream.ts'
import {
  describeFailure,
  errorAnswer,
  resultAnswer,
  rpcErrorAnswer,
  type AnswerBytes,
  type RpcError,
} from './answer.ts'
import { paramsForUpstream, resultForAgent, type AgentIdentification, type CallBytes } from './era-bridge.ts'
import { RPC } from './protocol.ts'
import type { Route } from './view.ts'

/** Who calls: what the era bridge has to know of the agent's side. */
export interface Caller {
  era: Era
  identification: AgentIdentification
  /** Aborting cancels the call upstream. */
  signal: AbortSignal | undefined
  /** Hears of progress until the answer. Undefined: it does not want any, and the upstream is not asked for it. */
  onProgress?: ((progress: UpstreamProgress) => void) | undefined
}

export interface RelayedAnswer {
  body: AnswerBytes
  outcome: CallOutcome
  /** The JSON-RPC error, whoever made it. */
  error: { code: number; message: string } | null
  /** The name that was called, for `call_tool` the one inside. */
  tool: string
  integration: string | null
  /** Null when the call did not get there. */
  upstreamEra: Era | null
}

/** One call of a tool, to be answered under the agent's own id. */
export interface NamedCall extends CallBytes {
  id: Buffer
  name: string
}

/** Carries one tool call: route → upstream → bytes. Filter and profile are already in the Map that gave the route. */
export class Relay {
  readonly #serverInfo: string
  readonly #log: Logger

  /** `serverInfo` is the JSON text of the gateway's own, for results that a modern agent expects it in. */
  constructor(serverInfo: string, log: Logger) {
    this.#serverInfo = serverInfo
    this.#log = log
  }

  /** Always gives an answer, also to what could not be asked. */
  async answer(route: Route, call: NamedCall, caller: Caller): Promise<RelayedAnswer> {
    const { id, name } = call
    const integration = route.integration.slug
    let session: UpstreamSession | undefined
    try {
      session = await route.integration.upstream.session({ signal: caller.signal })
      const answer = await this.ask(session, route, call, caller)
      const told = { tool: name, integration, upstreamEra: session.era }
      if (answer.kind === 'error') {
        return { body: errorAnswer(id, answer.bytes), outcome: 'error', error: errorOf(answer), ...told }
      }
      const result = resultForAgent(answer, caller.era, session.era, this.#serverInfo)
      return { body: resultAnswer(id, result), outcome: outcomeOf(answer), error: null, ...told }
    } catch (failure) {
      const told = { tool: name, integration, upstreamEra: session?.era ?? null }
      const error = this.describe(route, failure, caller.signal)
      const body = rpcErrorAnswer(id, error)
      if (error.code === RPC.requestCancelled) return { body, outcome: 'cancelled', error: null, ...told }
      return { body, outcome: 'error', error, ...told }
    }
  }

  /** The upstream's own answer. Throws AppError. */
  ask(session: UpstreamSession, route: Route, call: CallBytes, caller: Caller): Promise<UpstreamAnswer> {
    const { signal, onProgress } = caller
    const tool = route.tool.name
    const params = paramsForUpstream({ ...call, tool }, caller.identification, session)
    return session.request({
      method: 'tools/call',
      params,
      name: tool,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    })
  }

  /** What is told of a failure, and logs it. */
  describe({ integration, tool }: Route, failure: unknown, signal: AbortSignal | undefined): RpcError {
    if (signal?.aborted === true) return { code: RPC.requestCancelled, message: 'The request was cancelled.' }
    const where = { integration: integration.slug, tool: tool.name }
    if (failure instanceof AppError && failure.code !== 'internal') {
      this.#log.info({ ...where, code: failure.code }, 'tool call failed')
    } else this.#log.error({ ...where, err: failure }, 'tool call failed for a reason of our own')
    return describeFailure(failure, integration.slug)
  }
}

/** The tool itself may say that it failed, which is a result like any other. */
export function outcomeOf({ value }: UpstreamAnswer): CallOutcome {
  return isObject(value) && value.isError === true ? 'tool_error' : 'ok'
}

/** Code and words of an upstream's JSON-RPC error, whatever it left out. */
export function errorOf({ value }: UpstreamAnswer): { code: number; message: string } {
  const { code, message } = isObject(value) ? value : {}
  return { code: typeof code === 'number' ? code : 0, message: typeof message === 'string' ? message : '' }
}
