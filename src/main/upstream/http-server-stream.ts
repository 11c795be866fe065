import { MissingScope } from './missing-scope.ts'
import type { OpenExchange } from './authorized-exchange.ts'
import type { ExchangeHandlers } from './http-exchange.ts'
import { neverArrived } from './http-errors.ts'
import { isResumable, jittered, MAX_RETRY_MS } from './resumption.ts'
import type { IncomingMessage } from './transport.ts'

export interface ServerStreamOptions {
  /** Sends the GET; `lastEventId` takes up what was there before. */
  open(lastEventId: string | undefined, handlers: ExchangeHandlers): OpenExchange
  message(message: IncomingMessage): void
  /** The server cannot be reached any more. */
  lost(error: Error): void
  /** The server does not know the session any more. */
  forgotten(): void
}

const FIRST_MS = 1_000
const MAX_MS = 60_000

/**
 * The GET stream of a legacy server, for what it says unasked (`list_changed`). Servers may offer none (405). One that
 * ends is opened again, later each time; a server that is not there any more ends the connection.
 */
export class ServerStream {
  readonly #options: ServerStreamOptions
  #exchange: OpenExchange | undefined
  #timer: NodeJS.Timeout | undefined
  #delayMs = FIRST_MS
  #lastEventId: string | undefined
  #started = false
  #offered = false
  #closed = false
  #isAbsent = false

  constructor(options: ServerStreamOptions) {
    this.#options = options
  }

  /** Opens it, once. */
  start(): void {
    if (this.#started || this.#closed) return
    this.#started = true
    this.#open()
  }

  /** The server has said that it offers none. */
  get isAbsent(): boolean {
    return this.#isAbsent
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#exchange?.abort()
  }

  #open(): void {
    let retryMs: number | undefined
    const resumed = this.#lastEventId
    this.#exchange = this.#options.open(resumed, {
      opened: (status) => {
        if (status < 300) this.#offered = true
      },
      message: (message) => {
        this.#delayMs = FIRST_MS
        this.#options.message(message)
      },
      eventId: (id) => {
        this.#lastEventId = isResumable(id) ? id : undefined
      },
      retry: (afterMs) => {
        retryMs = Math.min(afterMs, MAX_RETRY_MS)
      },
      ended: () => this.#openLater(retryMs),
      refused: (status) => {
        // Servers without such a stream answer 405, or 404 like any address that they do not know.
        if (status === 404 && this.#offered) this.#options.forgotten()
        else if (resumed !== undefined && status === 400) {
          // It does not know the event any more: from here on, then.
          this.#lastEventId = undefined
          this.#openLater(undefined)
        } else if (status >= 500 || status === 429) this.#openLater(undefined)
        else this.#isAbsent = true
      },
      oversized: () => this.#openLater(undefined),
      failed: (error) => {
        if (neverArrived(error)) this.#options.lost(error)
        else if (error.cause instanceof MissingScope) this.#isAbsent = true
        else this.#openLater(retryMs)
      },
    })
  }

  #openLater(retryMs: number | undefined): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => this.#open(), retryMs === undefined ? this.#delayMs : jittered(retryMs))
    this.#delayMs = Math.min(this.#delayMs * 2, MAX_MS)
  }
}
