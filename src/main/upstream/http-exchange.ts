import type { Dispatcher } from 'undici'
import { EventStream } from './event-stream.ts'
import { takeMessages, type IncomingMessage } from './transport.ts'

/** The end of one HTTP exchange: exactly one of these is called, once, unless it was aborted. */
export interface ExchangeHandlers {
  /** Headers have come, of any status. */
  opened?(status: number, headers: Record<string, string>): void
  /** A message came in a good answer: a JSON body, or an event of a stream. */
  message(message: IncomingMessage): void
  endpoint?(address: string): void
  /** The event that comes next has this id. */
  eventId?(id: string): void
  retry?(afterMs: number): void
  /** A message over the limit was dropped; the stream goes on. Without this handler it ends there. */
  dropped?(id: number | undefined): void
  /** A good answer is over. `text` is the body where it was no stream and no JSON object. */
  ended(contentType: string, text: string): void
  /** Another status than 2xx, with the beginning of the body. */
  refused(status: number, headers: Record<string, string>, contentType: string, text: string): void
  oversized(): void
  failed(error: Error): void
}

/** Of a body that is only shown to a person. */
const ERROR_BODY_BYTES = 64 * 1024

/** Reads one HTTP answer as it streams in, within the limit. Handed to undici's `dispatch`. */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #maxBytes: number
  readonly #handlers: ExchangeHandlers
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #headers: Record<string, string> = {}
  #contentType = ''
  #stream: EventStream | undefined
  #chunks: Buffer[] = []
  #length = 0
  #over = false

  constructor(maxBytes: number, handlers: ExchangeHandlers) {
    this.#maxBytes = maxBytes
    this.#handlers = handlers
  }

  /** Ends it without a further word to anyone. */
  abort(): void {
    this.#over = true
    this.#controller?.abort(new Error('aborted'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) controller.abort(new Error('aborted'))
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return
    this.#status = status
    for (const [name, value] of Object.entries(headers)) {
      this.#headers[name] = Array.isArray(value) ? oneOf(name, value) : (value ?? '')
    }
    this.#contentType = (this.#headers['content-type'] ?? '').toLowerCase()
    const encoding = this.#headers['content-encoding'] ?? 'identity'
    if (encoding !== '' && encoding !== 'identity') {
      this.#finish(() =>
        this.#handlers.failed(new Error(`the answer is compressed (${encoding}) although that was declined`)),
      )
      return
    }
    this.#handlers.opened?.(status, this.#headers)
    if (this.#isGood && this.#contentType.startsWith('text/event-stream')) {
      this.#stream = new EventStream(this.#maxBytes, {
        message: (message) => {
          if (!this.#over) this.#handlers.message(message)
        },
        eventId: (id) => {
          if (!this.#over) this.#handlers.eventId?.(id)
        },
        endpoint: (address) => this.#handlers.endpoint?.(address),
        retry: (afterMs) => this.#handlers.retry?.(afterMs),
        oversized: (id) => {
          if (this.#handlers.dropped) this.#handlers.dropped(id)
          else this.#finish(() => this.#handlers.oversized())
        },
      })
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return
    if (this.#stream) {
      this.#stream.push(chunk)
      return
    }
    const limit = this.#isGood ? this.#maxBytes : ERROR_BODY_BYTES
    if (this.#length + chunk.length <= limit) {
      this.#chunks.push(chunk)
      this.#length += chunk.length
    } else if (this.#isGood) this.#finish(() => this.#handlers.oversized())
    else this.#finish(() => this.#refuse())
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#over = true
    if (!this.#isGood) this.#refuse()
    else if (this.#stream) this.#handlers.ended(this.#contentType, '')
    else this.#endBody()
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#over) return
    this.#over = true
    this.#handlers.failed(error)
  }

  get #isGood(): boolean {
    return this.#status >= 200 && this.#status < 300
  }

  #endBody(): void {
    const bytes = this.#body()
    const isMcp = takeMessages(bytes, (message) => this.#handlers.message(message))
    this.#handlers.ended(this.#contentType, isMcp ? '' : bytes.toString('utf8', 0, ERROR_BODY_BYTES))
  }

  #refuse(): void {
    this.#handlers.refused(this.#status, this.#headers, this.#contentType, this.#body().toString('utf8'))
  }

  #body(): Buffer {
    const [only] = this.#chunks
    return this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks, this.#length)
  }

  #finish(report: () => void): void {
    if (this.#over) return
    this.#over = true
    report()
    this.#controller?.abort(new Error('aborted'))
  }
}

/** Each challenge may be the one that counts (RFC 9110, 11.6.1); of anything else the first one holds. */
function oneOf(name: string, values: readonly string[]): string {
  return name === 'www-authenticate' ? values.join(', ') : (values[0] ?? '')
}
