import type { Pool } from 'undici'
import type { AppError } from '../base/app-error.ts'
import { HttpExchange, type ExchangeHandlers } from './http-exchange.ts'
import { HttpHeaders } from './http-headers.ts'
import { networkError, neverArrived, noAnswer, nothingAnswered, sessionLost } from './http-errors.ts'
import {
  deliver,
  LINGER_MS,
  redirectWithin,
  refusalOf,
  requestBody,
  socketsTo,
  type HttpPlace,
} from './http-message.ts'
import { ServerStream } from './http-server-stream.ts'
import type { UpstreamLimits } from './limits.ts'
import type { SecretFilter } from './secret-filter.ts'
import { cancelledNotification, type OutgoingRequest, type Transport, type TransportListener } from './transport.ts'
import type { Era } from './upstream.ts'

const DELETE_MS = 1_000

/** One request on its way, with what is needed to send it again to where the server points. */
interface Post {
  id: number
  opening: boolean
  headers: Record<string, string>
  body: Buffer
  redirects: number
}

/**
 * Streamable HTTP (2025-03-26 to 2026-07-28): each message is a POST of its own, the answer a JSON body or a stream of
 * events. Legacy servers may give a session, and a GET stream for what they say unasked.
 */
export class HttpTransport implements Transport {
  readonly #url: URL
  readonly #limits: UpstreamLimits
  readonly #sockets: Pool
  readonly #headers: HttpHeaders
  readonly #filter: SecretFilter
  readonly #exchanges = new Map<number, HttpExchange>()
  readonly #messages = new Set<HttpExchange>()
  readonly #stream: ServerStream
  #listener: TransportListener | undefined
  #path: string
  #era: Era | undefined
  #ended = false

  constructor({ url, headers, filter }: HttpPlace, limits: UpstreamLimits) {
    this.#url = url
    this.#limits = limits
    this.#path = url.pathname + url.search
    this.#headers = new HttpHeaders(headers)
    this.#filter = filter
    this.#sockets = socketsTo(url, limits)
    this.#stream = new ServerStream({
      open: (handlers) => this.#dispatch('GET', this.#headers.ofSession(), null, this.#exchange(handlers)),
      message: (message) => this.#listener?.message(message),
      lost: (error) => this.#end(networkError(this.#url, error, limits.connectTimeoutMs)),
      forgotten: () => {
        if (this.#headers.session !== undefined) this.#end(sessionLost())
      },
    })
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
  }

  request(request: OutgoingRequest): void {
    const { id, method } = request
    const body = requestBody(request)
    this.#post({ id, opening: method === 'initialize', headers: this.#headers.ofRequest(request), body, redirects: 0 })
  }

  /** What comes back is of no interest: an error of it shows with the next request. */
  async send(message: string): Promise<void> {
    const post = (handlers: ExchangeHandlers) =>
      this.#dispatch('POST', this.#headers.ofMessage(), Buffer.from(message), this.#exchange(handlers))
    await deliver(post, {
      open: this.#messages,
      timeoutMs: this.#limits.connectTimeoutMs,
      onMessage: (incoming) => this.#listener?.message(incoming),
    })
    // The first message after the agreement ends the handshake: before it, a server owes us no stream.
    if (this.#era === 'legacy') this.#stream.start()
  }

  cancel(id: number, reason: string): void {
    const exchange = this.#exchanges.get(id)
    if (!exchange) return
    this.#exchanges.delete(id)
    exchange.abort() // to a modern server this is the cancellation
    if (this.#era === 'legacy') void this.send(cancelledNotification(id, reason))
  }

  negotiated(protocolVersion: string, era: Era): void {
    this.#era = era
    this.#headers.negotiated(protocolVersion, era)
  }

  silence(afterMs: number): AppError {
    return nothingAnswered(this.#url, afterMs)
  }

  async close(): Promise<void> {
    this.#stream.close()
    for (const exchange of [...this.#exchanges.values(), ...this.#messages]) exchange.abort()
    if (!this.#ended && this.#headers.session !== undefined) await this.#endSession()
    this.#ended = true
    await this.#sockets.destroy()
  }

  #post(request: Post): void {
    const { id } = request
    let answered = false
    let linger: NodeJS.Timeout | undefined
    const over = () => {
      clearTimeout(linger)
      if (this.#exchanges.get(id) === exchange) this.#exchanges.delete(id)
    }
    const fail = (error: AppError) => {
      over()
      this.#listener?.failed(id, error)
    }
    const exchange = this.#exchange({
      opened: (status, headers) => {
        if (request.opening && status < 300) this.#headers.session = headers['mcp-session-id']
      },
      message: (message) => {
        if (message.value.id === id && message.value.method === undefined) {
          answered = true
          linger = setTimeout(() => {
            over()
            exchange.abort()
          }, LINGER_MS)
        }
        this.#listener?.message(message, id)
      },
      ended: (contentType, text) => (answered ? over() : fail(noAnswer(contentType, this.#filter.readable(text)))),
      refused: (status, headers, contentType, text) => {
        over()
        this.#refused(request, status, headers.location, contentType, text)
      },
      oversized: () => {
        over()
        this.#listener?.oversized(id)
      },
      failed: (error) => {
        const failure = networkError(this.#url, error, this.#limits.connectTimeoutMs)
        fail(failure)
        if (neverArrived(error)) this.#end(failure)
      },
    })
    this.#exchanges.set(id, exchange)
    this.#dispatch('POST', request.headers, request.body, exchange)
  }

  #refused(request: Post, status: number, location: string | undefined, contentType: string, text: string): void {
    const { id, redirects } = request
    const path = redirectWithin(this.#url, { status, location, redirects })
    if (path !== undefined) {
      this.#path = path
      this.#post({ ...request, redirects: redirects + 1 })
      return
    }
    const refusal = refusalOf(
      { id, status, contentType, text },
      { inSession: this.#headers.session !== undefined, agreed: this.#era !== undefined, filter: this.#filter },
    )
    if ('answer' in refusal) this.#listener?.message(refusal.answer)
    else {
      this.#listener?.failed(id, refusal.failure)
      if (refusal.ends) this.#end(refusal.failure)
    }
  }

  /** The session, or the way to the server, is gone. */
  #end(error: AppError): void {
    if (this.#ended) return
    this.#ended = true
    this.#listener?.closed(error)
  }

  #endSession(): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(over, DELETE_MS)
      const exchange = this.#exchange({ message: over, ended: over, refused: over, oversized: over, failed: over })
      this.#dispatch('DELETE', this.#headers.ofSession(), null, exchange)
    })
  }

  #exchange(handlers: ExchangeHandlers): HttpExchange {
    return new HttpExchange(this.#limits.maxMessageBytes, handlers)
  }

  #dispatch(
    method: 'POST' | 'GET' | 'DELETE',
    headers: Record<string, string>,
    body: Buffer | null,
    exchange: HttpExchange,
  ): HttpExchange {
    this.#sockets.dispatch({ path: this.#path, method, headers, body }, exchange)
    return exchange
  }
}
