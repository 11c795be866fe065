import type { Pool } from 'undici'
import { AccessTokens } from './access-tokens.ts'
import { AuthorizedExchange, type OpenExchange } from './authorized-exchange.ts'
import type { AppError } from '../base/app-error.ts'
import { InFlightById } from '../base/in-flight.ts'
import { HttpCall, type HttpWire } from './http-call.ts'
import { HttpExchange, type ExchangeHandlers } from './http-exchange.ts'
import { HttpHeaders, withToken } from './http-headers.ts'
import { networkError, nothingAnswered, sessionLost, shownBy, tokenLate, type Shown } from './http-errors.ts'
import {
  deliver,
  redirectWithin,
  refusalOf,
  requestBody,
  socketsTo,
  type HttpPlace,
  type RefusedPost,
} from './http-message.ts'
import { ServerStream } from './http-server-stream.ts'
import type { UpstreamLimits } from './limits.ts'
import type { SecretFilter } from './secret-filter.ts'
import { cancelledNotification, type OutgoingRequest, type Transport, type TransportListener } from './transport.ts'
import type { Era } from './upstream.ts'

const DELETE_MS = 1_000

type Headers = Record<string, string>

/**
 * Streamable HTTP (2025-03-26 to 2026-07-28): each message is a POST of its own, the answer a JSON body or a stream of
 * events. Legacy servers may give a session, and a GET stream for what they say unasked.
 */
export class HttpTransport implements Transport {
  readonly #url: URL
  readonly #shown: Shown
  readonly #limits: UpstreamLimits
  readonly #sockets: Pool
  readonly #headers: HttpHeaders
  readonly #filter: SecretFilter
  readonly #tokens: AccessTokens | undefined
  readonly #calls = new InFlightById<HttpCall>()
  readonly #messages = new Set<OpenExchange>()
  readonly #stream: ServerStream
  readonly #wire = this.#callWire()
  #listener: TransportListener | undefined
  #path: string
  #era: Era | undefined
  #ended = false

  constructor({ url, headers, filter, token }: HttpPlace, limits: UpstreamLimits) {
    this.#url = url
    this.#shown = shownBy({ headers, token })
    this.#limits = limits
    this.#path = url.pathname + url.search
    this.#headers = new HttpHeaders(headers)
    this.#filter = filter
    this.#tokens = token && new AccessTokens(token, filter)
    this.#sockets = socketsTo(url, limits)
    this.#stream = new ServerStream({
      open: (lastEventId, handlers) => this.#get(lastEventId, handlers),
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
    const sent = {
      id,
      opening: method === 'initialize',
      headers: this.#headers.ofRequest(request),
      body: requestBody(request),
    }
    const call = new HttpCall(sent, this.#wire)
    this.#calls.add(call)
    call.start()
  }

  /** What comes back is of no interest: an error of it shows with the next request. */
  async send(message: string): Promise<void> {
    const post = (handlers: ExchangeHandlers) =>
      this.#send('POST', this.#headers.ofMessage(), Buffer.from(message), handlers)
    await deliver(post, {
      open: this.#messages,
      timeoutMs: this.#limits.connectTimeoutMs,
      onMessage: (incoming) => this.#listener?.message(incoming),
    })
    // The first message after the agreement ends the handshake: before it, a server owes us no stream.
    if (this.#era === 'legacy') this.#stream.start()
  }

  cancel(id: number, reason: string): void {
    const call = this.#calls.take(id)
    if (!call) return
    call.abort() // to a modern server this is the cancellation
    if (this.#era === 'legacy') void this.send(cancelledNotification(id, reason))
  }

  negotiated(protocolVersion: string, era: Era): void {
    this.#era = era
    this.#headers.negotiated(protocolVersion, era)
  }

  get isDeaf(): boolean {
    return this.#stream.isAbsent
  }

  silence(afterMs: number): AppError {
    return this.#tokens?.isWaiting === true ? tokenLate(afterMs) : nothingAnswered(this.#url, afterMs)
  }

  async close(): Promise<void> {
    this.#stream.close()
    for (const open of [...this.#calls, ...this.#messages]) open.abort()
    if (!this.#ended && this.#headers.session !== undefined) await this.#endSession()
    this.#ended = true
    await this.#sockets.destroy()
  }

  #callWire(): HttpWire {
    const isLegacy = () => this.#era !== 'modern'
    return {
      get resumable() {
        return isLegacy()
      },
      post: ({ headers, body }, handlers) => this.#send('POST', headers, body, handlers),
      resume: (lastEventId, handlers) => this.#get(lastEventId, handlers),
      session: (id) => {
        this.#headers.session = id
      },
      redirected: (status, location, redirects) => this.#redirected(status, location, redirects),
      refused: (post) => this.#refused(post),
      message: (message, id) => this.#listener?.message(message, id),
      oversized: (id) => this.#listener?.oversized(id),
      failed: (id, error, ends) => {
        this.#listener?.failed(id, error)
        if (ends) this.#end(error)
      },
      networkError: (error) => networkError(this.#url, error, this.#limits.connectTimeoutMs),
      readable: (text) => this.#filter.readable(text),
      over: (id) => void this.#calls.take(id),
    }
  }

  #get(lastEventId: string | undefined, handlers: ExchangeHandlers): OpenExchange {
    return this.#send('GET', this.#headers.ofSession(lastEventId), null, handlers)
  }

  #redirected(status: number, location: string | undefined, redirects: number): boolean {
    const path = redirectWithin(this.#url, { status, location, redirects })
    if (path !== undefined) this.#path = path
    return path !== undefined
  }

  #refused(post: RefusedPost): void {
    const refusal = refusalOf(post, {
      inSession: this.#headers.session !== undefined,
      agreed: this.#era !== undefined,
      shown: this.#shown,
      filter: this.#filter,
    })
    if ('answer' in refusal) this.#listener?.message(refusal.answer)
    else {
      this.#listener?.failed(post.id, refusal.failure)
      if (refusal.ends) this.#end(refusal.ends)
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
      const handlers = { message: over, ended: over, refused: over, oversized: over, failed: over }
      // A session that ends by itself is not worth a new token.
      this.#dispatch('DELETE', withToken(this.#headers.ofSession(), this.#tokens?.current()), null, handlers)
    })
  }

  #send(method: 'POST' | 'GET', headers: Headers, body: Buffer | null, handlers: ExchangeHandlers): OpenExchange {
    if (this.#tokens === undefined) return this.#dispatch(method, headers, body, handlers)
    const send = (authorization: string, each: ExchangeHandlers) =>
      this.#dispatch(method, withToken(headers, authorization), body, each)
    return new AuthorizedExchange(this.#tokens, send, handlers)
  }

  #dispatch(
    method: 'POST' | 'GET' | 'DELETE',
    headers: Headers,
    body: Buffer | null,
    handlers: ExchangeHandlers,
  ): HttpExchange {
    const exchange = new HttpExchange(this.#limits.maxMessageBytes, handlers)
    this.#sockets.dispatch({ path: this.#path, method, headers, body }, exchange)
    return exchange
  }
}
