import { AppError } from '../base/app-error.ts'
import { isObject } from '../base/is-object.ts'
import { spanOf } from '../base/json-members.ts'
import { withMeta } from '../base/json-splice.ts'
import { connectionClosed } from './connection-errors.ts'
import { CONNECTION_NEWS, OWNED_BY_ID } from './connection-news.ts'
import { Deadline, type DeadlineLimits } from './deadline.ts'
import type { ModernMeta } from './modern-meta.ts'
import { answerOf, askNobody, methodNotFound } from './nobody.ts'
import { OVER, PendingRequests, SEVERAL, type Pending } from './pending-requests.ts'
import { asError, notJsonRpc, tooLong } from './request-errors.ts'
import type { SecretFilter } from './secret-filter.ts'
import { cancelledId, readServerRequest, ServerRequests } from './server-requests.ts'
import type { IncomingMessage, Transport, TransportListener } from './transport.ts'
import { readAnswer } from './read-answer.ts'
import type { Era, ServerAudience, ServerNotification, UpstreamAnswer, UpstreamRequest } from './upstream.ts'

/** Hears what the server says unasked. Called synchronously; must not throw. */
export type NotificationListener = (notification: ServerNotification) => void

/** Of a server's own explanation. */
const MAX_WORDS = 500
/** How long an agent may take for a server's request that belongs to no call. */
const ASK_MS = 600_000

export interface ConversationOptions {
  /** Hears of what concerns the connection (CONNECTION_NEWS), and of what belongs to no call of anybody. */
  onNotification: NotificationListener
  /** Answers the server's requests that belong to no call. Without it: that there is nobody. */
  onRequest?: ServerAudience['ask']
  /** The server has asked something that may belong to any of several principals. It was refused. */
  onAmbiguous?: (method: string) => void
  filter: SecretFilter
  maxMessageBytes: number
}

export interface RequestLimits extends DeadlineLimits {
  /** A request of the opening must not be cancelled by a notification (2025-11-25, cancellation). */
  opening?: boolean
}

export interface ConversationRequest extends UpstreamRequest {
  /** `Mcp-Param-*`, over modern HTTP. */
  headers?: Record<string, string> | undefined
}

const PROGRESS = 'notifications/progress'
const CANCELLED = 'notifications/cancelled'
const INTERNAL_ERROR = -32603

/**
 * JSON-RPC with one server over one transport: gives out request ids, joins answers to them, and ends what takes too
 * long. An answer that is late, comes twice or belongs to no request is dropped. What the server asks and says by itself
 * goes to the caller whose request it belongs to, and to nobody where that could be one of several.
 */
export class Conversation implements TransportListener {
  /** Resolves with the reason when nothing more will come. */
  readonly ended: Promise<AppError>
  /** How many messages came. */
  heard = 0
  #tellEnd!: (error: AppError) => void
  readonly #transport: Transport
  readonly #options: ConversationOptions
  readonly #pending: PendingRequests
  readonly #questions: ServerRequests
  #modernMeta: ModernMeta | undefined
  #lastId = 0
  #failure: AppError | undefined
  #closing: Promise<void> | undefined

  constructor(transport: Transport, options: ConversationOptions) {
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve
    })
    this.#transport = transport
    this.#options = options
    this.#pending = new PendingRequests(({ id, deadline }) => this.#giveUp(id, deadline.failure))
    this.#questions = new ServerRequests({
      send: (message) => transport.send(message),
      maxBytes: options.maxMessageBytes,
      askMs: ASK_MS,
    })
    transport.listen(this)
  }

  /** From here on requests carry the per-request `_meta` of a modern server where they lack it. */
  speak(era: Era, protocolVersion: string, meta: ModernMeta | undefined): void {
    this.#modernMeta = meta
    this.#transport.negotiated(protocolVersion, era)
  }

  request(request: ConversationRequest, limits: RequestLimits): Promise<UpstreamAnswer> {
    const { method, name, headers, signal, caller, onProgress } = request
    if (this.#failure) return Promise.reject(this.#failure)
    if (signal?.aborted) return Promise.reject(asError(signal.reason))
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId
      const deadline = new Deadline(method, limits, this.#pending)
      const onAbort = signal && (() => this.#giveUp(id, asError(signal.reason)))
      if (onAbort) signal.addEventListener('abort', onAbort, { once: true })
      const { opening = false } = limits
      this.#pending.add({
        id,
        method,
        opening,
        resolve,
        reject,
        deadline,
        caller,
        questions: 0,
        onProgress,
        signal,
        onAbort,
      })
      const asked = this.#modernMeta ? this.#modernMeta.addTo(request.params) : request.params
      // The request's id is as good a token as any: unique in this connection, and known to us.
      const params = onProgress ? withMeta(asked, 'progressToken', String(id)) : asked
      this.#transport.request({ id, method, params, name, headers })
    })
  }

  notify(method: string, params?: Buffer): Promise<void> {
    const rest = params === undefined ? '' : `,"params":${params.toString()}`
    return this.#transport.send(`{"jsonrpc":"2.0","method":${JSON.stringify(method)}${rest}}`)
  }

  /** The error to throw where the server answered a request of our own with one. */
  refused(method: string, error: Record<string, unknown>): AppError {
    const words = typeof error.message === 'string' ? this.#options.filter.readable(error.message) : ''
    const said = words === '' ? 'no reason given' : words.slice(0, MAX_WORDS)
    return new AppError('upstream_invalid', { message: `The server refused ${method}: ${said}` })
  }

  /** Nothing that the server says unasked can be heard, whatever it announced. */
  get isDeaf(): boolean {
    return this.#transport.isDeaf === true
  }

  /** Nobody waits for an answer; a request without a limit is a subscription. */
  get isQuiet(): boolean {
    return this.#pending.limited.length === 0
  }

  async close(): Promise<void> {
    this.closed(connectionClosed())
    this.#closing ??= this.#transport.close()
    await this.#closing
  }

  message({ value, bytes }: IncomingMessage, of?: number): void {
    this.heard++
    const { id, method } = value
    if (typeof method === 'string') {
      if (id !== undefined && id !== null) this.#asked({ value, bytes }, of)
      else this.#told(method, { value, bytes }, of)
      return
    }
    const pending = typeof id === 'number' ? this.#take(id) : undefined
    if (!pending) return
    const answer = readAnswer(value, bytes)
    if (answer) pending.resolve(answer)
    else pending.reject(notJsonRpc(pending.method))
  }

  failed(id: number, error: AppError): void {
    this.#take(id)?.reject(this.#options.filter.error(error))
  }

  oversized(id: number | undefined): void {
    const waiting = this.#pending.limited
    // Nameless, it can still belong to only one when only one is waited for.
    const known = id ?? (waiting.length === 1 ? waiting[0] : undefined)
    if (known === undefined) return
    this.failed(known, tooLong(this.#options.maxMessageBytes))
  }

  closed(error: AppError): void {
    if (this.#failure) return
    const failure = this.#options.filter.error(error)
    this.#failure = failure
    this.#questions.end()
    for (const id of this.#pending.ids) this.failed(id, failure)
    this.#tellEnd(failure)
  }

  /** A request of the server. A modern one has none: it asks in its results. */
  #asked({ value, bytes }: IncomingMessage, of: number | undefined): void {
    const request = readServerRequest(value, bytes)
    if (!request) return
    const { id, method } = request
    const owner = method === 'ping' ? undefined : this.#pending.ownerOf(of)
    if (method === 'ping') this.#questions.refuse(id, answerOf('result', {}))
    else if (this.#modernMeta || owner === OVER) this.#questions.refuse(id, methodNotFound(method))
    else if (owner === SEVERAL) {
      this.#questions.refuse(id, answerOf('error', { code: INTERNAL_ERROR, message: NOT_ATTRIBUTABLE }))
      this.#options.onAmbiguous?.(method)
    } else if (owner?.caller) this.#questions.ask(request, owner.caller, owner)
    else this.#questions.ask(request, { ask: this.#options.onRequest ?? askNobody }, undefined)
  }

  #told(method: string, message: IncomingMessage, of: number | undefined): void {
    if (method === PROGRESS) {
      this.#progressed(message)
      return
    }
    if (method === CANCELLED) {
      const id = cancelledId(message.bytes)
      if (id !== undefined) this.#questions.cancelled(id)
      return
    }
    // What several could have caused is told to none of them: it may hold another one's data.
    const owner = isOutsideCalls(method, of) ? undefined : this.#pending.ownerOf(of)
    if (owner === OVER || owner === SEVERAL) return
    const notification = notificationOf(method, message)
    if (owner?.caller) owner.caller.hear(notification)
    else this.#options.onNotification(notification)
  }

  /** Progress of a request that is over, or of none, has nobody to hear of it. */
  #progressed({ value, bytes }: IncomingMessage): void {
    const { params } = value
    if (!isObject(params)) return
    const id = params.progressToken
    const pending = typeof id === 'number' ? this.#pending.get(id) : undefined
    if (!pending?.onProgress) return
    pending.deadline.progressed()
    const text = paramsIn(bytes)
    if (text) pending.onProgress({ value: params, bytes: text })
  }

  #giveUp(id: number, error: Error): void {
    const pending = this.#take(id)
    if (!pending) return
    pending.reject(error)
    if (!pending.opening) this.#transport.cancel(id, error.message)
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.take(id)
    if (pending) this.#questions.callEnded(pending)
    return pending
  }
}

const NOT_ATTRIBUTABLE = 'This request may belong to any of several clients, so it was put to none of them.'

/** It concerns the connection; or it names by an id whom it concerns, which whoever waits need not be. */
function isOutsideCalls(method: string, of: number | undefined): boolean {
  return CONNECTION_NEWS.has(method) || (of === undefined && OWNED_BY_ID.has(method))
}

function notificationOf(method: string, { value, bytes }: IncomingMessage): ServerNotification {
  const { params } = value
  return { method, params: params === undefined ? undefined : paramsIn(bytes), value: isObject(params) ? params : {} }
}

/** As they came. */
function paramsIn(message: Buffer): Buffer | undefined {
  const span = spanOf(message, 'params')
  return span && message.subarray(...span)
}
