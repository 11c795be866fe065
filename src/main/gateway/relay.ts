import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import type { Span } from '../base/json-members.ts'
import type { Era, UpstreamAnswer } from '../upstream/upstream.ts'
import { describeFailure, errorAnswer, resultAnswer, rpcErrorAnswer, unknownTool, type AnswerBytes } from './answer.ts'
import type { Route, View } from './catalog.ts'
import { paramsForUpstream, resultForAgent, type AgentIdentification } from './era-bridge.ts'
import type { Message } from './message.ts'
import { RPC } from './protocol.ts'

/** Who calls: what the era bridge has to know of the agent's side. */
export interface Caller {
  era: Era
  identification: AgentIdentification
  /** Aborting cancels the call upstream. */
  signal: AbortSignal | undefined
}

export interface RelayedAnswer {
  body: AnswerBytes
  /** The code of a JSON-RPC error, whoever made it. */
  errorCode?: number
}

/** Carries one tool call: name → Map → upstream → bytes. The filter is already in the Map. */
export class Relay {
  readonly #serverInfo: string
  readonly #log: Logger

  /** `serverInfo` is the JSON text of the gateway's own, for results that a modern agent expects it in. */
  constructor(serverInfo: string, log: Logger) {
    this.#serverInfo = serverInfo
    this.#log = log
  }

  /** A blocked tool is not in the view, so it answers exactly as one that never was. */
  async callTool(view: View, message: Message, caller: Caller): Promise<RelayedAnswer> {
    const { name } = message.params
    const { id, bytes, paramsSpan } = message
    if (typeof name !== 'string' || paramsSpan === undefined) {
      const error = { code: RPC.invalidParams, message: '"params.name" must be the name of a tool.' }
      return { body: rpcErrorAnswer(id, error), errorCode: error.code }
    }
    const route = view.routes.get(name)
    if (route === undefined) return { body: rpcErrorAnswer(id, unknownTool(name)), errorCode: RPC.invalidParams }
    const started = performance.now()
    try {
      const { answer, era } = await this.#send(route, { bytes, paramsSpan }, caller)
      const ms = performance.now() - started
      this.#log.debug({ integration: route.integration.slug, tool: route.tool.name, ms }, 'tool call finished')
      if (answer.kind === 'error') return { body: errorAnswer(id, answer.bytes), errorCode: codeOf(answer) }
      return { body: resultAnswer(id, resultForAgent(answer, caller.era, era, this.#serverInfo)) }
    } catch (failure) {
      const error = this.#failed(route, failure, caller.signal)
      return { body: rpcErrorAnswer(id, error), errorCode: error.code }
    }
  }

  /** A call from the console or the CLI: the parsed result, or an AppError. */
  async callRoute(route: Route, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    const bytes = Buffer.from(JSON.stringify({ name: route.tool.name, arguments: input }))
    const { answer, era } = await this.#send(route, { bytes, paramsSpan: [0, bytes.length] }, caller)
    if (answer.kind === 'result') {
      const result = Buffer.concat(resultForAgent(answer, caller.era, era, this.#serverInfo))
      return JSON.parse(result.toString()) as Record<string, unknown>
    }
    const code = codeOf(answer) === RPC.invalidParams ? 'invalid_input' : 'upstream_invalid'
    // The admin never sees a stored secret, not even where a server repeats it.
    const message = this.#log.redactor.text(upstreamWords(answer))
    throw new AppError(code, { message, integration: route.integration.slug })
  }

  async #send(
    route: Route,
    call: { bytes: Buffer; paramsSpan: Span },
    caller: Caller,
  ): Promise<{ answer: UpstreamAnswer; era: Era }> {
    const session = await route.integration.upstream.session(caller.signal)
    const tool = route.tool.name
    const params = paramsForUpstream({ ...call, tool }, caller.identification, session)
    const request = { method: 'tools/call', params, name: tool, ...(caller.signal ? { signal: caller.signal } : {}) }
    return { answer: await session.request(request), era: session.era }
  }

  #failed({ integration, tool }: Route, failure: unknown, signal: AbortSignal | undefined) {
    if (signal?.aborted === true) return { code: RPC.requestCancelled, message: 'The request was cancelled.' }
    const where = { integration: integration.slug, tool: tool.name }
    if (failure instanceof AppError && failure.code !== 'internal') {
      this.#log.info({ ...where, code: failure.code }, 'tool call failed')
    } else this.#log.error({ ...where, err: failure }, 'tool call failed for a reason of our own')
    return describeFailure(failure, integration.slug)
  }
}

function codeOf({ value }: UpstreamAnswer): number {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'number'
    ? value.code
    : 0
}

function upstreamWords({ value }: UpstreamAnswer): string {
  const told = typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined
  return typeof told === 'string' && told !== '' ? told : 'The integration refused the call without saying why.'
}
