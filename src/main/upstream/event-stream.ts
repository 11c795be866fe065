import { StringDecoder } from 'node:string_decoder'
import { createParser, type EventSourceParser } from 'eventsource-parser'
import type { IncomingMessage } from './transport.ts'

export interface EventStreamHandlers {
  message(message: IncomingMessage): void
  /** The server's wish how long to wait before the stream is opened again. */
  retry?(afterMs: number): void
  /** An event passed the limit; nothing more is read. */
  oversized(): void
}

/** JSON-RPC messages out of a stream of server-sent events. What is not one is passed over. */
export class EventStream {
  readonly #decoder = new StringDecoder('utf8')
  readonly #parser: EventSourceParser
  #broken = false

  constructor(maxBytes: number, handlers: EventStreamHandlers) {
    this.#parser = createParser({
      maxBufferSize: maxBytes,
      onEvent: ({ event, data }) => {
        if (this.#broken || data === '' || (event !== undefined && event !== 'message')) return
        const message = readEvent(data)
        if (message) handlers.message(message)
      },
      onRetry: (afterMs) => handlers.retry?.(afterMs),
      onError: (error) => {
        if (error.type !== 'max-buffer-size-exceeded' || this.#broken) return
        this.#broken = true
        handlers.oversized()
      },
    })
  }

  push(chunk: Buffer): void {
    if (!this.#broken) this.#parser.feed(this.#decoder.write(chunk))
  }
}

function readEvent(data: string): IncomingMessage | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { value: value as Record<string, unknown>, bytes: Buffer.from(data) }
      : undefined
  } catch {
    return undefined
  }
}
