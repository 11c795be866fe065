import { AppError } from '../base/app-error.ts'
import { members } from '../base/json-members.ts'
import { withMeta } from '../base/json-splice.ts'
import type { ModernMeta } from './modern-meta.ts'
import { asError, notJsonRpc, tooLong, unanswered, unfinished } from './request-errors.ts'
import type { SecretFilter } from './secret-filter.ts'
import type { IncomingMessage, Transport, TransportListener } from './transport.ts'
import { readAnswer } from './read-answer.ts'
import type { Era, UpstreamAnswer, UpstreamRequest } from './upstream.ts'

/** Hears what the server says unasked. Called synchronously; must not throw. */
export type NotificationListener = (method: string, params: unknown) => void

/** Answers to the server's own requests that it has not taken yet; who asks faster than it reads gets none. */
const MAX_ANSWERS = 32
/** Of a server's own explanation. */
const MAX_WORDS = 500

export interface ConversationOptions {
  onNotification: NotificationListener
  filter: SecretFilter
  maxMessageBytes: number
}

export interface RequestLimits {
  /** 0: no limit, for a request that stays open. */
  timeoutMs: number
  /** How far progress may extend it in all. */
  maxMs?: number
  /** A request of the opening must not be cancelled by a notification (2025-11-25, cancellation). */
  opening?: boolean
}

export interface ConversationRequest extends UpstreamRequest {
  /** `Mcp-Param-*`, over modern HTTP. */
  headers?: Record<string, string>
}

interface Pending {
  method: string
  resolve(answer: UpstreamAnswer): void
  reject(error: unknown): void
  timer: NodeJS.Timeout | undefined
  progress: ProgressWatch | undefined
  signal: AbortSignal | undefined
  onAbort: (() => void) | undefined
}

/** Of a request whose caller wants to hear of progress. */
interface ProgressWatch {
  tell: NonNullable<UpstreamRequest['onProgress']>
  limits: RequestLimits
  /** On the monotonic clock: when it is given up however much progress there is. */
  latestEnd: number
}

const PROGRESS = 'notifications/progress'

/**
 * JSON-RPC with one server over one transport: gives out request ids, joins answers to them, and ends what takes too
 * long. An answer that is late, comes twice or belongs to no request is dropped. The server's own requests are refused,
 * because no capability that would allow them is declared.
 */
export class Conversation implements TransportListener {
  /** Resolves with the reason when nothing more will come. */
  readonly ended: Promise<AppError>
  /** How many messages came. */
  heard = 0
  #tellEnd!: (error: AppError) => void
  readonly #transport: Transport
  readonly #onNotification: NotificationListener
  readonly #filter: SecretFilter
  readonly #maxMessageBytes: number
  readonly #pending = new Map<number, Pending>()
  #modernMeta: ModernMeta | undefined
  #lastId = 0
  #answers = 0
  #failure: AppError | undefined
  #closing: Promise<void> | undefined

  constructor(transport: Transport, options: ConversationOptions) {
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve
    })
    this.#transport = transport
    this.#onNotification = options.onNotification
    this.#filter = options.filter
    this.#maxMessageBytes = options.maxMessageBytes
    transport.listen(this)
  }

  /** From here on requests carry the per-request `_meta` of a modern server where they lack it. */
  speak(era: Era, protocolVersion: string, meta: ModernMeta | undefined): void {
    this.#modernMeta = meta
    this.#transport.negotiated(protocolVersion, era)
  }

  request(request: ConversationRequest, limits: RequestLimits): Promise<UpstreamAnswer> {
    const { method, signal } = request
    if (this.#failure) return Promise.reject(this.#failure)
    if (signal?.aborted) return Promise.reject(asError(signal.reason))
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId
      const { timeoutMs } = limits
      const progress = request.onProgress && watchProgress(request.onProgress, limits)
      const timer =
        timeoutMs > 0 ? setTimeout(() => this.#giveUp(id, unanswered(method, timeoutMs), limits), timeoutMs) : undefined
      const onAbort = signal && (() => this.#giveUp(id, asError(signal.reason), limits))
      if (onAbort) signal.addEventListener('abort', onAbort, { once: true })
      this.#pending.set(id, { method, resolve, reject, timer, progress, signal, onAbort })
      const asked = this.#modernMeta ? this.#modernMeta.addTo(request.params) : request.params
      // The request's id is as good a token as any: unique in this connection, and known to us.
      const params = progress ? withMeta(asked, 'progressToken', String(id)) : asked
      this.#transport.request({
        id,
        method,
        params,
        ...(request.name !== undefined && { name: request.name }),
        ...(request.headers !== undefined && { headers: request.headers }),
      })
    })
  }

  notify(method: string, params?: Buffer): Promise<void> {
    const rest = params === undefined ? '' : `,"params":${params.toString()}`
    return this.#transport.send(`{"jsonrpc":"2.0","method":${JSON.stringify(method)}${rest}}`)
  }

  /** The error to throw where the server answered a request of our own with one. */
  refused(method: string, error: Record<string, unknown>): AppError {
    const words = typeof error.message === 'string' ? this.#filter.readable(error.message) : ''
    const said = words === '' ? 'no reason given' : words.slice(0, MAX_WORDS)
    return new AppError('upstream_invalid', { message: `The server refused ${method}: ${said}` })
  }

  /** Nobody waits for an answer; a request without a limit is a subscription. */
  get isQuiet(): boolean {
    return [...this.#pending.values()].every((pending) => pending.timer === undefined)
  }

  async close(): Promise<void> {
    this.closed(new AppError('upstream_unavailable', { message: 'The connection was closed.' }))
    this.#closing ??= this.#transport.close()
    await this.#closing
  }

  message({ value, bytes }: IncomingMessage): void {
    this.heard++
    const { id, method } = value
    if (typeof method === 'string') {
      if (id !== undefined && id !== null) this.#refuse(id, method)
      else if (method === PROGRESS) this.#progressed(value.params, bytes)
      else this.#onNotification(method, value.params)
      return
    }
    const pending = typeof id === 'number' ? this.#take(id) : undefined
    if (!pending) return
    const answer = readAnswer(value, bytes)
    if (answer) pending.resolve(answer)
    else pending.reject(notJsonRpc(pending.method))
  }

  failed(id: number, error: AppError): void {
    this.#take(id)?.reject(this.#filter.error(error))
  }

  oversized(id: number | undefined): void {
    const waiting = [...this.#pending].flatMap(([each, { timer }]) => (timer === undefined ? [] : [each]))
    // Nameless, it can still belong to only one when only one is waited for.
    const known = id ?? (waiting.length === 1 ? waiting[0] : undefined)
    if (known === undefined) return
    this.failed(known, tooLong(this.#maxMessageBytes))
  }

  closed(error: AppError): void {
    if (this.#failure) return
    const failure = this.#filter.error(error)
    this.#failure = failure
    for (const id of [...this.#pending.keys()]) this.failed(id, failure)
    this.#tellEnd(failure)
  }

  /** Progress of a request that is over, or of none, has nobody to hear of it. */
  #progressed(params: unknown, bytes: Buffer): void {
    if (typeof params !== 'object' || params === null) return
    const value = params as Record<string, unknown>
    const id = value.progressToken
    const pending = typeof id === 'number' ? this.#pending.get(id) : undefined
    if (typeof id !== 'number' || !pending?.progress) return
    this.#extend(id, pending, pending.progress)
    const span = members(bytes).get('params')
    if (span) pending.progress.tell({ value, bytes: bytes.subarray(span[0], span[1]) })
  }

  #extend(id: number, pending: Pending, { limits, latestEnd }: ProgressWatch): void {
    if (pending.timer === undefined) return
    const restMs = latestEnd - performance.now()
    if (restMs > limits.timeoutMs) {
      pending.timer.refresh()
      return
    }
    clearTimeout(pending.timer)
    const error = unfinished(pending.method, limits.maxMs ?? limits.timeoutMs)
    pending.timer = setTimeout(() => this.#giveUp(id, error, limits), Math.max(0, restMs))
  }

  #giveUp(id: number, error: Error, limits: RequestLimits): void {
    const pending = this.#take(id)
    if (!pending) return
    pending.reject(error)
    if (limits.opening !== true) this.#transport.cancel(id, error.message)
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    if (!pending) return undefined
    this.#pending.delete(id)
    clearTimeout(pending.timer)
    if (pending.onAbort) pending.signal?.removeEventListener('abort', pending.onAbort)
    return pending
  }

  #refuse(id: unknown, method: string): void {
    if ((typeof id !== 'number' && typeof id !== 'string') || this.#answers >= MAX_ANSWERS) return
    const answer =
      method === 'ping'
        ? { result: {} }
        : { error: { code: -32601, message: `Method not found: ${method.slice(0, 100)}` } }
    this.#answers++
    void this.#transport.send(JSON.stringify({ jsonrpc: '2.0', id, ...answer })).then(() => this.#answers--)
  }
}

function watchProgress(tell: ProgressWatch['tell'], limits: RequestLimits): ProgressWatch {
  return { tell, limits, latestEnd: performance.now() + (limits.maxMs ?? limits.timeoutMs) }
}
