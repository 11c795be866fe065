import type { AppError } from '../base/app-error.ts'
import type { OpenExchange } from './authorized-exchange.ts'
import type { ExchangeHandlers } from './http-exchange.ts'
import { brokeOff, foreignAnswer, needsPerson, neverArrived, noAnswer } from './http-errors.ts'
import { LINGER_MS, type RefusedPost } from './http-message.ts'
import { Resumption } from './resumption.ts'
import type { IncomingMessage } from './transport.ts'

/** What the calls of one transport need of it. */
export interface HttpWire {
  /** Whether this era has broken streams that are taken up again. */
  readonly resumable: boolean
  post(request: HttpRequest, handlers: ExchangeHandlers): OpenExchange
  /** Takes up a stream behind this event by a GET. */
  resume(lastEventId: string, handlers: ExchangeHandlers): OpenExchange
  /** The server has given this session with the answer to the opening. */
  session(id: string | undefined): void
  /** The server points to another address: false when it is not followed. */
  redirected(status: number, location: string | undefined, redirects: number): boolean
  /** The server refused the POST, or to take the stream up again. */
  refused(post: RefusedPost): void
  message(message: IncomingMessage, id: number): void
  oversized(id: number): void
  /** There will be no answer. `ends`: the server is not there any more. */
  failed(id: number, error: AppError, ends: boolean): void
  networkError(error: Error): AppError
  readable(text: string): string
  /** Nothing more comes of it: called once, unless it was aborted. */
  over(id: number): void
}

/** One request as it is sent. */
export interface HttpRequest {
  id: number
  /** Its answer may give a session. */
  opening: boolean
  headers: Record<string, string>
  body: Buffer
}

/**
 * One request over HTTP until its answer, whatever becomes of the way there: the server points to another address, or
 * the stream of events breaks, or is ended so that we come back later, and is taken up again.
 */
export class HttpCall {
  readonly #request: HttpRequest
  readonly #wire: HttpWire
  readonly #resumption = new Resumption()
  #exchange: OpenExchange | undefined
  #timer: NodeJS.Timeout | undefined
  #redirects = 0
  #answered = false
  /** An answer came to another request than this one. */
  #wasForeign = false
  #over = false

  constructor(request: HttpRequest, wire: HttpWire) {
    this.#request = request
    this.#wire = wire
  }

  get id(): number {
    return this.#request.id
  }

  start(): void {
    this.#exchange = this.#wire.post(this.#request, this.#handlers('post'))
  }

  /** Nobody waits for it any more. */
  abort(): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#exchange?.abort()
  }

  #handlers(kind: 'post' | 'resumed'): ExchangeHandlers {
    return {
      opened: (status, headers) => {
        if (kind === 'post' && this.#request.opening && status < 300) this.#wire.session(headers['mcp-session-id'])
      },
      message: (message) => this.#message(message),
      eventId: (id) => this.#resumption.passed(id),
      retry: (afterMs) => this.#resumption.wait(afterMs),
      ended: (contentType, text) => {
        if (this.#answered) this.#end()
        else if (!this.#resumes()) {
          this.#fail(this.#wasForeign ? foreignAnswer() : noAnswer(contentType, this.#wire.readable(text)), false)
        }
      },
      refused: (status, headers, contentType, text) => {
        const challenge = headers['www-authenticate']
        const refused = { id: this.#request.id, status, contentType, text, challenge }
        if (kind === 'post' && this.#wire.redirected(status, headers.location, this.#redirects)) {
          this.#redirects++
          this.start()
        } else if (kind === 'resumed') this.#notResumed(refused)
        else {
          this.#end()
          this.#wire.refused(refused)
        }
      },
      oversized: () => {
        this.#end()
        this.#wire.oversized(this.#request.id)
      },
      failed: (error) => {
        if (this.#answered) this.#end()
        else if (needsPerson(error) || !this.#resumes()) this.#fail(this.#wire.networkError(error), neverArrived(error))
      },
    }
  }

  #message(message: IncomingMessage): void {
    const { id } = this.#request
    const answer = message.value.method === undefined ? asAnswerTo(id, message) : undefined
    if (answer === undefined) this.#wasForeign ||= message.value.method === undefined
    else if (!this.#answered) {
      this.#answered = true
      this.#timer = setTimeout(() => {
        this.#end()
        this.#exchange?.abort()
      }, LINGER_MS)
    }
    this.#wire.message(answer ?? message, id)
  }

  /** False when the stream cannot be taken up again. */
  #resumes(): boolean {
    const { lastEventId } = this.#resumption
    if (this.#over || !this.#wire.resumable || lastEventId === undefined) return false
    const delayMs = this.#resumption.next()
    if (delayMs === undefined) return false
    this.#timer = setTimeout(() => {
      this.#exchange = this.#wire.resume(lastEventId, this.#handlers('resumed'))
    }, delayMs)
    return true
  }

  #notResumed(refused: RefusedPost): void {
    const { status } = refused
    if ((status >= 500 || status === 429) && this.#resumes()) return
    if (status === 404 || status === 401) {
      this.#end()
      this.#wire.refused(refused)
    } else this.#fail(brokeOff(), false)
  }

  #fail(error: AppError, ends: boolean): void {
    this.#end()
    this.#wire.failed(this.#request.id, error, ends)
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    this.#wire.over(this.#request.id)
  }
}

/** Servers that could not read the id answer null; an error on the stream of this request can only be this request's. */
function asAnswerTo(id: number, { value, bytes }: IncomingMessage): IncomingMessage | undefined {
  if (value.id === id) return { value, bytes }
  return value.id === null && value.error !== undefined ? { value: { ...value, id }, bytes } : undefined
}
