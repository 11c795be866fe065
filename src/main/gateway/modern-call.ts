import { Cancellation, type CancelSignal } from '../base/cancellation.ts'
import { isObject } from '../base/is-object.ts'
import { methodNotFound } from '../upstream/nobody.ts'
import type {
  LogLevel,
  Principal,
  ServerNotification,
  ServerRequest,
  UpstreamAnswer,
  UpstreamCaller,
} from '../upstream/upstream.ts'
import { canAnswer, type Capabilities } from './agent-capabilities.ts'
import { refusal } from './agent-requests.ts'
import { errorOf, resultAnswer, rpcErrorAnswer, underId } from './answer.ts'
import { CallReply, progressTokenOf, wantsProgress } from './call-reply.ts'
import type { CallSlots } from './call-slots.ts'
import type { AgentIdentification } from './era-bridge.ts'
import type { Reply } from './exchange.ts'
import type { HeldCall, HeldCalls } from './held-calls.ts'
import { InputNeeded, readVisits, type Visit } from './input-needed.ts'
import { MOST_ROUNDS } from './input-rounds.ts'
import { readLogLevel } from './log-filter.ts'
import type { Message } from './message.ts'
import { META, RPC } from './protocol.ts'
import type { Caller, RelayedAnswer } from './relay.ts'
import type { RequestRoute } from './request-route.ts'
import { messageFor } from './server-messages.ts'

/** The requests that can be answered with `input_required` (2026-07-28, multi round-trip requests). */
const CAN_BE_HELD: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read'])

/**
 * What a server asks within this time is told together. It asks by separate messages, which come one by one from a server over
 * stdio, and each round costs the agent a try of its own.
 */
const GATHER_MS = 20

export interface ModernCallParts {
  held: HeldCalls<ModernCall>
  slots: CallSlots
  /** JSON text. */
  serverInfo: string
  keepAliveMs: number
}

interface Asked {
  /** Id of the agent. */
  agent: string
  slug: string | undefined
  message: Message
  identification: AgentIdentification
}

/**
 * One request of a modern agent while an upstream works on it, over all HTTP requests that it takes. What a legacy server
 * asks meanwhile ends the HTTP request with `input_required`; the call goes on when the agent comes back with the answers. A
 * closed connection cancels it.
 */
export class ModernCall implements Caller, UpstreamCaller, Principal, HeldCall {
  readonly era = 'modern'
  readonly agent: string
  readonly slug: string | undefined
  readonly message: Message
  readonly identification: AgentIdentification
  readonly onProgress: Caller['onProgress']
  readonly #parts: ModernCallParts
  readonly #cancellation = new Cancellation()
  readonly #declared: Capabilities
  /** Of the HTTP request that waits at the moment. */
  #reply: CallReply | undefined
  #logLevel: LogLevel | undefined
  #route: RequestRoute | undefined
  #key: { slot: number; free: () => void } | undefined
  #unwant: (() => void) | undefined
  /** Nothing is under way: the next try makes the call, for the first time or anew once a person has visited a page. */
  #isIdle = true
  #settled: RelayedAnswer | undefined
  #input: InputNeeded | undefined
  #rounds = 0
  /** There is something to tell the agent. */
  #wake: (() => void) | undefined

  constructor({ agent, slug, message, identification }: Asked, parts: ModernCallParts) {
    this.agent = agent
    this.slug = slug
    this.message = message
    this.identification = identification
    this.#parts = parts
    const { _meta: meta } = message.params
    const declared = isObject(meta) ? meta[META.clientCapabilities] : undefined
    this.#declared = isObject(declared) ? declared : {}
    if (wantsProgress(message)) this.onProgress = (progress) => this.#reply?.progress(progress)
  }

  get signal(): CancelSignal {
    return this.#cancellation
  }

  get principal(): Principal {
    return this
  }

  get connectionKey(): string {
    this.#key ??= this.#parts.slots.take(`${this.agent} ${this.#route?.integration.upstream.id ?? ''}`)
    return `agent:${this.agent}#${this.#key.slot}`
  }

  get agentId(): string {
    return this.agent
  }

  get capabilities(): Buffer {
    return this.identification.clientCapabilities
  }

  get clientInfo(): Buffer | undefined {
    return this.identification.clientInfo
  }

  audience(route: RequestRoute): UpstreamCaller {
    this.#route = route
    this.#wantLogs()
    return this
  }

  ask(request: ServerRequest): Promise<UpstreamAnswer> {
    const { method } = request
    // A connection of its own outlives it, and what the server asks on it then belongs to nothing that could be answered.
    const isOver = this.#settled !== undefined || this.#cancellation.aborted
    if (isOver || !CAN_BE_HELD.has(this.message.method) || !canAnswer(this.#declared, request)) {
      return Promise.resolve(methodNotFound(method))
    }
    if (this.#rounds >= MOST_ROUNDS) {
      return Promise.resolve(refusal(RPC.internalError, `The client was asked ${MOST_ROUNDS} times in one call.`))
    }
    if (!this.#parts.held.admit(this)) {
      return Promise.resolve(refusal(RPC.internalError, 'Too many calls of this client wait for input.'))
    }
    const answer = (this.#input ??= new InputNeeded()).ask(request)
    setTimeout(() => this.#wake?.(), GATHER_MS)
    return answer
  }

  hear(notification: ServerNotification): void {
    const reply = this.#reply
    if (reply === undefined || this.#route === undefined) return
    const { slug } = this.#route.integration
    const hearer = { era: this.era, slug: this.slug, integration: slug, logLevel: this.#logLevel } as const
    const message = messageFor(hearer, notification)
    if (message !== undefined) reply.tell(message)
  }

  /**
   * Takes one HTTP request, the first or another try of the same, and answers it with the result or with what the agent has to
   * say first. `work` is what the request is for by now: what it may call can have changed while the agent was away.
   */
  take(reply: Reply, message: Message, work: () => Promise<RelayedAnswer>): Promise<void> {
    this.#attend(reply, message)
    this.#input?.answered(message)
    // Whoever had to visit a page has been there: now the server takes the call, or says again that it does not.
    if (this.#isIdle) this.#start(work)
    return this.#finish(message)
  }

  cancel(): void {
    this.#parts.held.leave(this)
    this.#cancellation.abort()
  }

  #attend(reply: Reply, message: Message): void {
    const { _meta: meta } = message.params
    const { keepAliveMs } = this.#parts
    const replying = new CallReply(reply, { keepAliveMs, token: progressTokenOf(message) })
    this.#reply = replying
    this.#logLevel = isObject(meta) ? readLogLevel(meta[META.logLevel]) : undefined
    this.#wantLogs()
    reply.onGone(() => {
      if (this.#reply === replying) this.#cancellation.abort()
    })
  }

  #start(work: () => Promise<RelayedAnswer>): void {
    this.#isIdle = false
    void work().then((answer) => {
      this.#key?.free()
      this.#key = undefined
      this.#unwant?.()
      this.#unwant = undefined
      const visits = visitsNeeded(answer)
      if (visits.length === 0) this.#settled = answer
      else if (this.#canVisit(visits)) this.#askForVisits(visits)
      else this.#settled = withoutVisits(answer, this.message.id)
      this.#wake?.()
    })
  }

  #canVisit(visits: readonly Visit[]): boolean {
    if (this.#rounds >= MOST_ROUNDS || !CAN_BE_HELD.has(this.message.method)) return false
    return visits.every((visit) => canAnswer(this.#declared, visit)) && this.#parts.held.admit(this)
  }

  #askForVisits(visits: readonly Visit[]): void {
    this.#isIdle = true
    this.#input = new InputNeeded()
    for (const visit of visits) void this.#input.ask({ ...visit, signal: this.#cancellation })
  }

  /** The server is asked for log messages as long as the request runs that wants them. */
  #wantLogs(): void {
    this.#unwant?.()
    const level = this.#logLevel
    const upstream = this.#settled === undefined ? this.#route?.integration.upstream : undefined
    this.#unwant = level && upstream?.wantLogLevel(level, this)
  }

  /** Waits until there is something to tell, and answers the HTTP request that belongs to `message`. */
  async #finish({ id }: Message): Promise<void> {
    while (this.#settled === undefined && (this.#input?.isEmpty ?? true)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    this.#wake = undefined
    const reply = this.#reply
    this.#reply = undefined
    const answer = this.#settled
    if (answer !== undefined) {
      if (this.#input !== undefined) this.#parts.held.leave(this)
      reply?.answer(
        statusOf(answer, this.message.method),
        id === this.message.id ? answer.body : underId(answer.body, id),
      )
    } else if (this.#input !== undefined) {
      const { held, serverInfo } = this.#parts
      this.#rounds++
      reply?.answer(200, resultAnswer(id, [this.#input.result(held.hold(this), serverInfo)]))
    }
  }
}

/** The pages that a legacy server wants a person to visit before it takes the call (error -32042). */
function visitsNeeded({ answer, upstreamEra }: RelayedAnswer): readonly Visit[] {
  return answer?.kind === 'error' && upstreamEra === 'legacy' ? readVisits(answer) : []
}

/** For an agent that cannot send a person anywhere, or has done so often enough. */
function withoutVisits(answer: RelayedAnswer, id: Buffer): RelayedAnswer {
  const error = {
    code: RPC.missingClientCapability,
    message: errorOf(answer.answer ?? { value: undefined }).message || 'A page has to be visited first.',
    data: { requiredCapabilities: { elicitation: { url: {} } } },
  }
  return { ...answer, body: rpcErrorAnswer(id, error), error }
}

/**
 * Of an answer in one piece (2026-07-28, Streamable HTTP). Some servers have the code of an unknown method for an unknown tool
 * too: the method is known then.
 */
function statusOf({ error }: RelayedAnswer, method: string): number {
  if (error?.code === RPC.methodNotFound && method !== 'tools/call') return 404
  return error?.code === RPC.missingClientCapability || error?.code === RPC.headerMismatch ? 400 : 200
}
