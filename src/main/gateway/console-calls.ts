import type { ToolProgress, ToolRun } from '../../shared/contract/tools.ts'
import { AppError } from '../base/app-error.ts'
import { isObject } from '../base/is-object.ts'
import type { Redactor } from '../base/redact.ts'
import type { Era, UpstreamAnswer, UpstreamProgress, UpstreamSession } from '../upstream/upstream.ts'
import { errorAnswer, errorOf, resultAnswer, rpcErrorAnswer, unknownTool, type RpcError } from './answer.ts'
import { beginCall, type CallRecorder } from './call-recorder.ts'
import type { Catalog } from './catalog.ts'
import { DISCOVER_TOOLS, discoverTools } from './discover.ts'
import { NO_CAPABILITIES, resultForAgent } from './era-bridge.ts'
import { Newest } from './newest.ts'
import { RPC } from './protocol.ts'
import { outcomeOf, type Caller, type Relay } from './relay.ts'

interface ConsoleCallsOptions {
  relay: Relay
  calls: CallRecorder
  /** JSON text of the gateway's own, shown to upstreams as the client that calls. */
  clientInfo: string
  redactor: Redactor
}

/** A call from the console or the command line. */
export interface ConsoleCall {
  workspace: string
  catalog: Catalog
  /** The gateway's name of the tool. */
  name: string
  input: Record<string, unknown>
  /** The text that `input` was read from, where the integration is to get exactly that. */
  inputJson?: string | undefined
  signal: AbortSignal | undefined
}

/** Either the upstream's answer as it came, or why there was none. */
interface Attempt {
  answer?: UpstreamAnswer
  failure?: { thrown: unknown; error: RpcError }
  integration: string | null
  upstreamEra: Era | null
}

interface Ended extends Attempt {
  durationMs: number
  requestBytes: number
  responseBytes: number
}

/** The console's calls go the way of an agent's, so that filter, limits and the log hold for them as well. */
const ERA: Era = 'legacy'
const ID = Buffer.from('1')
const REQUEST_START = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":')
const REQUEST_END = Buffer.from('}')

/** Tool calls of a person: with parsed results, errors in words, and progress while they run. */
export class ConsoleCalls {
  readonly #options: ConsoleCallsOptions
  readonly #clientInfo: Buffer

  constructor(options: ConsoleCallsOptions) {
    this.#options = options
    this.#clientInfo = Buffer.from(options.clientInfo)
  }

  /** The result as a legacy agent would get it. Throws AppError for everything else. */
  async call(call: ConsoleCall): Promise<Record<string, unknown>> {
    const { answer, failure, upstreamEra, integration } = await this.#ask(call, undefined)
    if (answer === undefined) throw failure?.thrown
    if (answer.kind === 'result') {
      const result = Buffer.concat(
        resultForAgent(answer, 'tools/call', ERA, upstreamEra ?? ERA, this.#options.clientInfo),
      )
      return JSON.parse(result.toString()) as Record<string, unknown>
    }
    const { code, message } = this.#toldError(answer)
    throw new AppError(code === RPC.invalidParams ? 'invalid_input' : 'upstream_invalid', {
      message,
      ...(integration !== null && { integration }),
    })
  }

  /**
   * Progress while it runs, then how it ended; only a tool that does not exist is an error of the operation itself. Leaving
   * the generator cancels the call at once, even while it waits.
   */
  run(call: ConsoleCall): AsyncGenerator<ToolProgress, ToolRun> {
    const leaving = new AbortController()
    const signal = call.signal === undefined ? leaving.signal : AbortSignal.any([call.signal, leaving.signal])
    const running = this.#follow({ ...call, signal }, leaving)
    const finish = running.return.bind(running)
    running.return = (value) => {
      leaving.abort()
      return finish(value)
    }
    return running
  }

  async *#follow(call: ConsoleCall, leaving: AbortController): AsyncGenerator<ToolProgress, ToolRun> {
    const news = new Newest<ToolProgress>()
    const ending = this.#ask(call, ({ value }) => {
      const progress = this.#toldProgress(value)
      if (progress !== undefined) news.push(progress)
    }).finally(() => news.end())
    try {
      yield* news
      const { answer, failure, durationMs, requestBytes, responseBytes } = await ending
      const thrown = failure?.thrown
      if (thrown instanceof AppError && thrown.code === 'not_found') throw thrown
      const isResult = answer?.kind === 'result'
      return {
        result: isResult ? (answer.value as Record<string, unknown>) : null,
        result_json: isResult ? differingText(answer) : null,
        error: isResult ? null : answer === undefined ? (failure?.error ?? null) : this.#toldError(answer),
        duration_ms: durationMs,
        request_bytes: requestBytes,
        response_bytes: responseBytes,
      }
    } finally {
      leaving.abort()
    }
  }

  async #ask(call: ConsoleCall, onProgress: Caller['onProgress']): Promise<Ended> {
    const { workspace, name, input, inputJson, signal } = call
    const params = Buffer.from(`{"name":${JSON.stringify(name)},"arguments":${inputJson ?? JSON.stringify(input)}}`)
    const request = Buffer.concat([REQUEST_START, params, REQUEST_END])
    const begun = beginCall({ workspace, agent: null, era: ERA, request })
    const attempt = await this.#attempt(call, request, onProgress)
    const told = toldOf(attempt, signal)
    this.#options.calls.finished(begun, { ...attempt, ...told, tool: name })
    return {
      ...attempt,
      durationMs: performance.now() - begun.started,
      requestBytes: request.length,
      responseBytes: told.body.reduce((sum, piece) => sum + piece.length, 0),
    }
  }

  async #attempt(call: ConsoleCall, request: Buffer, onProgress: Caller['onProgress']): Promise<Attempt> {
    const { relay } = this.#options
    const { catalog, name, input, signal } = call
    if (name === DISCOVER_TOOLS) {
      const bytes = Buffer.from(JSON.stringify(await discoverTools(catalog, input)))
      const value: unknown = JSON.parse(bytes.toString())
      const answer: UpstreamAnswer = { kind: 'result', bytes, value }
      return { answer, integration: null, upstreamEra: null }
    }
    const route = catalog.all.routes.get(name)
    if (route === undefined) {
      const error = unknownTool(name)
      const thrown = new AppError('not_found', { message: error.message })
      return { failure: { thrown, error }, integration: null, upstreamEra: null }
    }
    const integration = route.integration.slug
    let session: UpstreamSession | undefined
    try {
      session = await route.integration.upstream.session({ signal })
      const identification = { clientInfo: this.#clientInfo, clientCapabilities: NO_CAPABILITIES }
      const bytes = { bytes: request, paramsSpan: [REQUEST_START.length, request.length - REQUEST_END.length] as const }
      const answer = await relay.ask(session, route, bytes, { era: ERA, identification, signal, onProgress })
      return { answer, integration, upstreamEra: session.era }
    } catch (thrown) {
      const error = relay.describe(route, thrown, signal)
      return { failure: { thrown, error }, integration, upstreamEra: session?.era ?? null }
    }
  }

  /** The admin never sees a stored secret, not even where a server repeats it in what it says of a failure. */
  #toldError(answer: UpstreamAnswer): RpcError {
    const { code, message } = errorOf(answer)
    const data = isObject(answer.value) ? answer.value.data : undefined
    const told = this.#options.redactor.text(message)
    return {
      code,
      message: told === '' ? 'The integration refused the call without saying why.' : told,
      ...(data !== undefined && { data: withoutSecrets(data, this.#options.redactor) }),
    }
  }

  #toldProgress({ progress, total, message }: UpstreamProgress['value']): ToolProgress | undefined {
    if (typeof progress !== 'number') return undefined
    return {
      progress,
      total: typeof total === 'number' ? total : null,
      message: typeof message === 'string' ? this.#options.redactor.text(message) : null,
    }
  }
}

/** Null where the parsed result says all: in most, no number is one that JavaScript would write otherwise. */
function differingText({ bytes, value }: UpstreamAnswer): string | null {
  const text = bytes.toString()
  return text === JSON.stringify(value) ? null : text
}

/** The attempt as the call log takes it. */
function toldOf({ answer, failure }: Attempt, signal: AbortSignal | undefined) {
  if (answer?.kind === 'result') {
    return { body: resultAnswer(ID, [answer.bytes]), outcome: outcomeOf(answer), error: null }
  }
  if (answer !== undefined) {
    return { body: errorAnswer(ID, answer.bytes), outcome: 'error', error: errorOf(answer) } as const
  }
  const error = failure?.error ?? { code: RPC.internalError, message: '' }
  const body = rpcErrorAnswer(ID, error)
  if (signal?.aborted === true) return { body, outcome: 'cancelled', error: null } as const
  return { body, outcome: 'error', error } as const
}

/** Undefined where it cannot be said for sure. */
function withoutSecrets(value: unknown, redactor: Redactor): unknown {
  try {
    return JSON.parse(redactor.text(JSON.stringify(value)))
  } catch {
    return undefined
  }
}
