import type { Connection } from '../../shared/contract/integrations.ts'
import type { ErrorCode } from '../../shared/contract/error-table.ts'
import type { RestTool } from '../../shared/contract/rest.ts'
import { AppError } from '../base/app-error.ts'
import { abortSignalOf } from '../base/cancellation.ts'
import { isObject } from '../base/is-object.ts'
import { nestsTooDeep } from '../base/json-depth.ts'
import { members } from '../base/json-members.ts'
import { messageOf } from '../base/message-of.ts'
import type { UpstreamLimits } from '../upstream/limits.ts'
import { counted } from '../upstream/list-names.ts'
import type { UpstreamLog } from '../upstream/mcp-upstream.ts'
import { MissingScope } from '../upstream/missing-scope.ts'
import type { Offer } from '../upstream/offer.ts'
import type { OutputRing } from '../upstream/output-ring.ts'
import type { OwnToolDefinition } from '../upstream/own-tools.ts'
import type { TokenSource } from '../upstream/token-source.ts'
import type { ToolList } from '../upstream/tool-list.ts'
import type {
  Release,
  RestSecrets,
  RestUpstreamSpec,
  SessionOptions,
  Subscribed,
  Upstream,
  UpstreamAnswer,
  UpstreamListener,
  UpstreamRequest,
  UpstreamSession,
} from '../upstream/upstream.ts'
import { errorResult } from './answer/answer.ts'
import { ApiClient } from './client/api-client.ts'
import { ArgumentCheck } from './arguments/argument-check.ts'
import { statusLine } from './answer/error-text.ts'
import { parseExact } from './exact-numbers.ts'
import { ownAnswer } from './own-answer.ts'
import { callTool, type CallOutcome, type CallTools } from './rest-call.ts'
import { restSecretFilter } from './rest-secret-filter.ts'
import { UnfitArguments } from './arguments/unfit-arguments.ts'

export interface RestUpstreamOptions {
  listener: UpstreamListener
  log: UpstreamLog
  limits: Pick<UpstreamLimits, 'connectTimeoutMs'>
  output: OutputRing
}

/** Agents of either era get its answers with the least bridging in this one: a result goes to most of them byte for byte. */
const ERA = { era: 'legacy', protocolVersion: '2025-11-25' } as const
const METHOD_NOT_FOUND = -32601
const INVALID_PARAMS = -32602
/** Failures that are no fault of the API. */
const FAILED: Partial<Record<ErrorCode, Connection['state']>> = {
  vault_locked: 'locked',
  authorization_required: 'needs_auth',
}
/** What reads arguments calls itself for each level. */
const MAX_LEVELS = 500

/**
 * A REST API in the place of an MCP server. There is no connection to be kept: it counts as connected until a call shows
 * otherwise, and again as soon as one gets an answer.
 */
export class RestUpstream implements Upstream {
  readonly id: string
  readonly slug: string
  readonly #spec: RestUpstreamSpec
  readonly #options: RestUpstreamOptions
  #offer: Offer
  #tools: ReadonlyMap<string, RestTool>
  readonly #session: UpstreamSession
  readonly #check = new ArgumentCheck()
  #open: CallTools | undefined
  #current: Connection
  #isClosed = false

  constructor(spec: RestUpstreamSpec, options: RestUpstreamOptions) {
    this.id = spec.id
    this.slug = spec.slug
    this.#spec = spec
    this.#options = options
    this.#tools = byName(spec.rest.tools)
    this.#offer = spec.lastKnown
    this.#session = {
      ...ERA,
      request: (request) => this.#request(request),
      notify: () => Promise.resolve(),
    }
    this.#current = {
      state: 'connecting',
      error: null,
      protocol_version: null,
      server_info: null,
      tool_count: this.tools.tools.length,
      warnings: [...this.tools.warnings],
      since: new Date().toISOString(),
      next_retry_at: null,
    }
    // Not before whoever made it has it in hand.
    queueMicrotask(() => this.#start())
  }

  get connection(): Connection {
    return this.#current
  }

  get offer(): Offer {
    return this.#offer
  }

  get tools(): ToolList {
    return this.offer.tools
  }

  /** The API is reached as before, so calls that run go on. */
  retool({ tools }: { tools: readonly RestTool[] }, offer: Offer): void {
    this.#tools = byName(tools)
    this.#offer = offer
    this.#options.output.event(`Serves ${counted(tools.length, 'tools')} now.`)
    this.#current = { ...this.#current, tool_count: tools.length, warnings: [...offer.tools.warnings] }
    this.#options.listener.connectionChanged(this)
  }

  session({ signal }: SessionOptions = {}): Promise<UpstreamSession> {
    return new Promise((resolve) => {
      signal?.throwIfAborted()
      this.#opened()
      resolve(this.#session)
    })
  }

  /** It has no resources. */
  subscribe(): Subscribed {
    return () => undefined
  }

  /** It says nothing. */
  wantLogLevel(): Release {
    return () => undefined
  }

  /** Its list is what its settings say. */
  freshen(): void {
    // Nothing to ask anybody.
  }

  /** No connection is anybody's own. */
  release(): void {
    // Nothing to end.
  }

  restart(): void {
    this.#options.output.event('Asked to connect again.')
    void this.#end()
    this.#start()
  }

  async close(): Promise<void> {
    if (!this.#isClosed) this.#options.output.event('Stopped.')
    this.#isClosed = true
    await this.#end()
  }

  #start(): void {
    if (this.#isClosed) return
    try {
      const { secrets } = this.#opened()
      const { base_url } = this.#spec.rest
      const where = base_url === '' ? '' : ` of ${base_url}`
      this.#options.output.event(`Serves ${counted(this.tools.tools.length, 'tools')}${where}.`)
      if (secrets.token !== undefined && secrets.token.current() === undefined) void this.#signIn(secrets.token)
      else this.#change({ state: 'connected', error: null })
    } catch {
      // It shows in the connection.
    }
  }

  /** Whether there can be a token is known before the first call needs one. */
  async #signIn(token: TokenSource): Promise<void> {
    try {
      await token.renew()
      if (!this.#isClosed) this.#change({ state: 'connected', error: null })
    } catch (error) {
      if (!this.#isClosed) this.#failed(error)
    }
  }

  /** With the secrets as they are now: a token may be another one since the last call. */
  #opened(): CallTools {
    if (this.#isClosed) throw new AppError('upstream_unavailable', { message: 'The integration was stopped.' })
    const { rest } = this.#spec
    const { connectTimeoutMs } = this.#options.limits
    const secrets = this.#secretsNow()
    const open = this.#open
    if (open?.secrets === secrets) return open
    // Only a certificate belongs to a connection.
    const keeps = open !== undefined && open.secrets.tlsKey === secrets.tlsKey
    if (!keeps) void open?.client.close()
    const client = keeps ? open.client : new ApiClient({ place: rest, tlsKey: secrets.tlsKey, connectTimeoutMs })
    this.#open = { place: rest, secrets, filter: restSecretFilter(secrets), client, check: this.#check }
    if (this.#current.state === 'locked') this.#change({ state: 'connected', error: null })
    return this.#open
  }

  /** What was opened before an admin locked the vault is used on, as open connections of MCP servers are. */
  #secretsNow(): RestSecrets {
    try {
      return this.#spec.secrets()
    } catch (error) {
      const isLocked = error instanceof AppError && error.code === 'vault_locked'
      if (isLocked && this.#open !== undefined) return this.#open.secrets
      this.#failed(error)
      throw error
    }
  }

  async #end(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.client.close()
  }

  async #request({ method, params, signal }: UpstreamRequest): Promise<UpstreamAnswer> {
    switch (method) {
      case 'tools/call':
        return this.#call(params, signal && abortSignalOf(signal))
      case 'tools/list':
        return rawResult(Buffer.concat([Buffer.from('{"tools":'), this.tools.bytes, Buffer.from('}')]))
      case 'ping':
        return rawResult(Buffer.from('{}'))
      default:
        return rpcError(METHOD_NOT_FOUND, `A REST API has no ${method}.`)
    }
  }

  async #call(params: Buffer, signal: AbortSignal | undefined): Promise<UpstreamAnswer> {
    const spans = members(params)
    const text = (key: string) => {
      const span = spans.get(key)
      return span && params.toString('utf8', span[0], span[1])
    }
    const name: unknown = JSON.parse(text('name') ?? 'null')
    const tool = typeof name === 'string' ? (this.#tools.get(name) ?? this.#ownTool(name)) : undefined
    if (tool === undefined) return rpcError(INVALID_PARAMS, `There is no tool ${JSON.stringify(name)}.`)
    const given = text('arguments') ?? '{}'
    if (nestsTooDeep(Buffer.from(given), MAX_LEVELS)) {
      return errorResult(`The arguments nest deeper than ${MAX_LEVELS} levels.`)
    }
    const args = parseExact(given)
    if (!isObject(args)) return errorResult('The arguments have to be an object.')
    // Looked at for this call already, by `session`.
    const open = this.#open ?? this.#opened()
    if ('inputSchema' in tool) return this.#callOwn(open, tool, JSON.parse(given) as Record<string, unknown>, signal)
    try {
      const outcome = await callTool(open, tool, args, signal)
      this.#answered(tool, outcome)
      return outcome.answer
    } catch (error) {
      if (error instanceof UnfitArguments) return errorResult(unfitText(error))
      const failure = open.filter.error(error)
      if (signal?.aborted !== true && !this.#isClosed) {
        this.#failed(failure)
        this.#tell(tool, messageOf(failure))
      }
      throw failure
    }
  }

  #ownTool(name: string): OwnToolDefinition | undefined {
    return this.#spec.own?.definitions.find((tool) => tool.name === name)
  }

  /** A tool that is code of ours: what its service says of the call is a result, and only silence is a failure. */
  async #callOwn(
    { filter, place }: CallTools,
    tool: OwnToolDefinition,
    args: Record<string, unknown>,
    signal = new AbortController().signal,
  ): Promise<UpstreamAnswer> {
    try {
      const fitting = await this.#check.fitOwn(tool, args)
      const result = await this.#spec.own?.call(tool.name, fitting, signal)
      if (result === undefined) return rpcError(INVALID_PARAMS, `There is no tool ${tool.name}.`)
      this.#change({ state: 'connected', error: null })
      return ownAnswer(result, filter, place.max_answer_kib * 1024)
    } catch (error) {
      if (error instanceof UnfitArguments) return errorResult(unfitText(error))
      const failure = filter.error(error)
      if (signal.aborted || this.#isClosed) throw failure
      this.#tell(tool, messageOf(failure))
      if (failure instanceof AppError && !isUnreached(failure)) return errorResult(failure.message)
      this.#failed(failure)
      throw failure
    }
  }

  /** Whoever answers is there, whatever it says; but for one thing that all calls share. */
  #answered(tool: RestTool, { response: { status }, request }: CallOutcome): void {
    if (status >= 400) this.#tell(tool, `HTTP ${statusLine(status)}`)
    if (!request.isTrusted) return
    if (status !== 401) {
      this.#change({ state: 'connected', error: null })
      return
    }
    const message =
      this.#open?.secrets.token === undefined
        ? `The API answered 401 to ${tool.name}: it does not accept the credentials.`
        : `The API answered 401 to ${tool.name}: a new token was not accepted either. Sign in again in Gatehouse.`
    this.#change({ state: 'needs_auth', error: { code: 'authorization_required', message } })
  }

  #failed(error: unknown): void {
    if (!(error instanceof AppError) || error.code === 'rate_limited') return
    // Of one call: others may be allowed.
    if (error.cause instanceof MissingScope) return
    const { code, message } = error
    this.#change({ state: FAILED[code] ?? 'error', error: { code, message } })
  }

  /** Without the arguments: they are the agents' own. */
  #tell(tool: RestTool | OwnToolDefinition, what: string): void {
    const request = 'inputSchema' in tool ? '' : ` (${tool.method} ${tool.path})`
    this.#options.output.event(`${tool.name}${request}: ${what}`)
  }

  #change(facts: Pick<Connection, 'state' | 'error'>): void {
    const { state, error, since } = this.#current
    if (state === facts.state && error?.message === facts.error?.message) return
    this.#current = { ...this.#current, ...facts, since: state === facts.state ? since : new Date().toISOString() }
    this.#options.listener.connectionChanged(this)
    this.#options.log.info({ integration: this.slug, state: facts.state }, 'REST API changed its state')
  }
}

/** Whether it says something of the connection, and not of one call. */
function isUnreached({ code }: AppError): boolean {
  return code.startsWith('upstream_') || code in FAILED
}

/** Of two with one name the first. */
function byName(tools: readonly RestTool[]): ReadonlyMap<string, RestTool> {
  return new Map([...tools].reverse().map((tool) => [tool.name, tool]))
}

function unfitText({ message }: UnfitArguments): string {
  return `These arguments do not fit. Nothing was sent. Correct them and call again:\n${message}`
}

function rawResult(bytes: Buffer): UpstreamAnswer {
  return { kind: 'result', bytes, value: JSON.parse(bytes.toString()) as unknown }
}

function rpcError(code: number, message: string): UpstreamAnswer {
  const value = { code, message }
  return { kind: 'error', bytes: Buffer.from(JSON.stringify(value)), value }
}
