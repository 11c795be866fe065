import type { AppError } from '../base/app-error.ts'
import { statusError, type Shown } from './http-errors.ts'
import type { OpenExchange } from './authorized-exchange.ts'
import type { ExchangeHandlers } from './http-exchange.ts'
import { MAX_REDIRECTS, pathWithin } from './http-message.ts'
import type { SecretFilter } from './secret-filter.ts'
import { badEndpoint, noEventStream, streamBroke, streamEnded, type SseProgress } from './sse-errors.ts'
import type { IncomingMessage } from './transport.ts'

export interface SseStreamOptions {
  url: URL
  filter: SecretFilter
  shown: Shown
  connectTimeoutMs: number
  /** Sends a GET. */
  open(path: string, handlers: ExchangeHandlers): OpenExchange
  /** The server has named where messages are to be sent: path and query, at its own origin. */
  endpoint(path: string): void
  message(message: IncomingMessage): void
  /** A message over the limit was dropped. */
  dropped(id: number | undefined): void
  /** It could not be opened, or is over. */
  ended(error: AppError): void
}

/** Of the address to send messages to; the session's id stands in it. */
const MAX_ENDPOINT_LENGTH = 8_192

/**
 * The one stream of HTTP+SSE: its first event names the address that messages are posted to, after that everything that
 * the server says comes on it.
 *
 * Threat: a server, or who speaks in its place, that names an address elsewhere would be sent the credentials. Neither
 * that address nor a redirect may leave the origin that was entered.
 */
export class SseStream {
  readonly #options: SseStreamOptions
  #exchange: OpenExchange | undefined
  #progress: SseProgress = 'connecting'
  #over = false

  constructor(options: SseStreamOptions) {
    this.#options = options
  }

  get progress(): SseProgress {
    return this.#progress
  }

  start(): void {
    const { url } = this.#options
    this.#open(url.pathname + url.search, 0)
  }

  close(): void {
    this.#over = true
    this.#exchange?.abort()
  }

  #open(path: string, redirects: number): void {
    const { url, filter, shown, connectTimeoutMs } = this.#options
    this.#exchange = this.#options.open(path, {
      opened: (status, headers) => {
        if (status >= 300) return
        const contentType = headers['content-type'] ?? ''
        if (contentType.toLowerCase().startsWith('text/event-stream')) this.#progress = 'streaming'
        else this.#end(noEventStream(filter.readable(contentType)))
      },
      endpoint: (address) => this.#takeEndpoint(address, new URL(path, url)),
      message: (message) => this.#options.message(message),
      dropped: (id) => {
        if (this.#progress === 'ready') this.#options.dropped(id)
        else this.#end(badEndpoint(url, ''))
      },
      ended: () => this.#end(streamEnded(this.#progress)),
      refused: (status, headers, contentType, text) => {
        const target = isRedirect(status) && redirects < MAX_REDIRECTS ? headers.location : undefined
        const next = target === undefined ? undefined : pathWithin(url, target)
        if (next !== undefined) this.#open(next, redirects + 1)
        else {
          const refusing = { status, contentType, body: filter.readable(text), challenge: headers['www-authenticate'] }
          this.#end(statusError(refusing, shown))
        }
      },
      oversized: () => this.#end(streamEnded(this.#progress)),
      failed: (error) => this.#end(streamBroke(this.#progress, url, error, connectTimeoutMs)),
    })
  }

  #takeEndpoint(address: string, base: URL): void {
    const isPlausible = address !== '' && address.length <= MAX_ENDPOINT_LENGTH
    const path = isPlausible ? pathWithin(base, address) : undefined
    if (path === undefined) {
      this.#end(badEndpoint(base, isPlausible ? address : ''))
      return
    }
    this.#progress = 'ready'
    this.#options.endpoint(path)
  }

  #end(error: AppError): void {
    if (this.#over) return
    this.close()
    this.#options.ended(error)
  }
}

/** Of a GET: each of them leads somewhere else. */
function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}
