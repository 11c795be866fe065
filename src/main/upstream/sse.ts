import type { Pool } from 'undici'
import { AccessTokens } from './access-tokens.ts'
import { AuthorizedExchange, type OpenExchange } from './authorized-exchange.ts'
import type { AppError } from '../base/app-error.ts'
import { InFlightById } from '../base/in-flight.ts'
import { neverArrived, networkError, shownBy, tokenLate, type Shown } from './http-errors.ts'
import { HttpExchange, type ExchangeHandlers } from './http-exchange.ts'
import { HttpHeaders, withToken } from './http-headers.ts'
import {
  deliver,
  LINGER_MS,
  redirectWithin,
  refusalOf,
  requestBody,
  socketsTo,
  type HttpPlace,
  type RefusedPost,
} from './http-message.ts'
import type { UpstreamLimits } from './limits.ts'
import type { SecretFilter } from './secret-filter.ts'
import { sseSilence } from './sse-errors.ts'
import { SseStream } from './sse-stream.ts'
import {
  cancelledNotification,
  type IncomingMessage,
  type OutgoingRequest,
  type Transport,
  type TransportListener,
} from './transport.ts'
import type { Era } from './upstream.ts'

/** One request on its way, with what is needed to send it again to where the server points. */
interface Post {
  id: number
  body: Buffer
  redirects: number
}

/** A POST that the server has not ended yet. */
interface OpenPost {
  readonly id: number
  abort(): void
  /** The answer came on the stream: some servers end the POST only afterwards, and some never. */
  answered(): void
}

/**
 * HTTP+SSE (2024-11-05): everything comes on the stream of one GET, and goes out in POSTs to the address that the stream
 * names. The session lives as long as the stream: its end is the end of the connection.
 */
export class SseTransport implements Transport {
  readonly #url: URL
  readonly #shown: Shown
  readonly #limits: UpstreamLimits
  readonly #sockets: Pool
  readonly #headers: HttpHeaders
  readonly #filter: SecretFilter
  readonly #tokens: AccessTokens | undefined
  readonly #stream: SseStream
  readonly #posts = new InFlightById<OpenPost>()
  readonly #messages = new Set<OpenExchange>()
  #listener: TransportListener | undefined
  /** Where messages go, once the server has named it. */
  #endpoint: string | undefined
  /** Waits for it: nothing but the opening is sent before that was answered. */
  #opening: Post | undefined
  #negotiated = false
  #ended = false

  constructor({ url, headers, filter, token }: HttpPlace, limits: UpstreamLimits) {
    this.#url = url
    this.#shown = shownBy({ headers, token })
    this.#limits = limits
    this.#headers = new HttpHeaders(headers)
    this.#filter = filter
    this.#tokens = token && new AccessTokens(token, filter)
    this.#sockets = socketsTo(url, limits)
    this.#stream = new SseStream({
      url,
      filter,
      shown: this.#shown,
      connectTimeoutMs: limits.connectTimeoutMs,
      open: (path, handlers) => this.#send('GET', path, this.#headers.ofSession(), null, handlers),
      endpoint: (path) => this.#takeEndpoint(path),
      message: (message) => this.#onMessage(message),
      dropped: (id) => this.#listener?.oversized(id),
      ended: (error) => this.#end(error),
    })
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    this.#stream.start()
  }

  request(request: OutgoingRequest): void {
    const post = { id: request.id, body: requestBody(request), redirects: 0 }
    if (this.#endpoint === undefined) this.#opening = post
    else this.#post(post, this.#endpoint)
  }

  /** What comes back is of no interest: the stream shows what the server makes of it. */
  async send(message: string): Promise<void> {
    const path = this.#endpoint
    if (path === undefined || this.#ended) return
    await deliver((handlers) => this.#send('POST', path, this.#headers.ofMessage(), Buffer.from(message), handlers), {
      open: this.#messages,
      timeoutMs: this.#limits.connectTimeoutMs,
      onMessage: () => undefined,
    })
  }

  cancel(id: number, reason: string): void {
    this.#posts.get(id)?.abort()
    void this.send(cancelledNotification(id, reason))
  }

  negotiated(protocolVersion: string, era: Era): void {
    this.#negotiated = true
    this.#headers.negotiated(protocolVersion, era)
  }

  silence(afterMs: number): AppError {
    if (this.#tokens?.isWaiting === true) return tokenLate(afterMs)
    return sseSilence(this.#stream.progress, this.#url, afterMs)
  }

  async close(): Promise<void> {
    this.#ended = true
    this.#stream.close()
    for (const open of [...this.#posts, ...this.#messages]) open.abort()
    await this.#sockets.destroy()
  }

  #takeEndpoint(path: string): void {
    this.#endpoint = path
    const opening = this.#opening
    this.#opening = undefined
    if (opening) this.#post(opening, path)
  }

  #onMessage(message: IncomingMessage): void {
    const { id, method } = message.value
    if (typeof id === 'number' && method === undefined) this.#posts.get(id)?.answered()
    this.#listener?.message(message)
  }

  #post(post: Post, path: string): void {
    const { id } = post
    let linger: NodeJS.Timeout | undefined
    const over = () => {
      clearTimeout(linger)
      if (this.#posts.get(id) === open) this.#posts.take(id)
    }
    const open: OpenPost = {
      id,
      abort: () => {
        over()
        exchange.abort()
      },
      answered: () => {
        linger ??= setTimeout(() => open.abort(), LINGER_MS)
      },
    }
    this.#posts.add(open)
    const exchange = this.#send('POST', path, this.#headers.ofMessage(), post.body, {
      // By the book the answer comes on the stream; one that comes here is as good.
      message: (message) => this.#listener?.message(message),
      ended: over,
      refused: (status, headers, contentType, text) => {
        over()
        const challenge = headers['www-authenticate']
        this.#refused(post, headers.location, { id, status, contentType, text, challenge })
      },
      oversized: () => {
        over()
        this.#listener?.oversized(id)
      },
      failed: (error) => {
        over()
        const failure = networkError(this.#url, error, this.#limits.connectTimeoutMs)
        this.#listener?.failed(id, failure)
        if (neverArrived(error)) this.#end(failure)
      },
    })
  }

  #refused(post: Post, location: string | undefined, refused: RefusedPost): void {
    const { redirects } = post
    const { id, status } = refused
    const path = redirectWithin(this.#url, { status, location, redirects })
    if (path !== undefined) {
      this.#endpoint = path
      this.#post({ ...post, redirects: redirects + 1 }, path)
      return
    }
    const refusal = refusalOf(refused, {
      inSession: this.#negotiated,
      agreed: this.#negotiated,
      shown: this.#shown,
      filter: this.#filter,
    })
    if ('answer' in refusal) this.#listener?.message(refusal.answer)
    else {
      this.#listener?.failed(id, refusal.failure)
      if (refusal.ends) this.#end(refusal.ends)
    }
  }

  #end(error: AppError): void {
    if (this.#ended) return
    this.#ended = true
    this.#stream.close()
    this.#listener?.closed(error)
  }

  #send(
    method: 'GET' | 'POST',
    path: string,
    headers: Record<string, string>,
    body: Buffer | null,
    handlers: ExchangeHandlers,
  ): OpenExchange {
    const dispatch = (authorization: string | undefined, each: ExchangeHandlers) => {
      const exchange = new HttpExchange(this.#limits.maxMessageBytes, each)
      this.#sockets.dispatch({ path, method, headers: withToken(headers, authorization), body }, exchange)
      return exchange
    }
    if (this.#tokens === undefined) return dispatch(undefined, handlers)
    return new AuthorizedExchange(this.#tokens, dispatch, handlers)
  }
}
