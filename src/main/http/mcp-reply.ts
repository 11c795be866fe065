import type { ServerResponse } from 'node:http'
import type { AnswerBytes } from '../gateway/answer.ts'
import type { EventStream, Reply } from '../gateway/exchange.ts'

/** Small answers are joined into one write; large ones go out in their pieces, uncopied. */
const JOINED_BYTES = 16 * 1024
/** An agent that does not read its stream loses it instead of filling our memory. */
const MAX_UNREAD_BYTES = 1024 * 1024

/** The gateway's way back over one HTTP response. */
export class McpReply implements Reply {
  readonly #response: ServerResponse
  #gone: AbortController | undefined

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get gone(): AbortSignal {
    if (this.#gone === undefined) {
      const gone = (this.#gone = new AbortController())
      this.#response.once('close', () => {
        if (!this.#response.writableFinished) gone.abort()
      })
    }
    return this.#gone.signal
  }

  json(status: number, body: AnswerBytes, headers: Record<string, string> = {}): void {
    let length = 0
    for (const piece of body) length += piece.length
    this.#response.writeHead(status, {
      'Content-Type': 'application/json',
      'Content-Length': length,
      ...headers,
    })
    if (length <= JOINED_BYTES) {
      // A latin1 string holds any bytes, and Node sends one in the same write as the headers; a Buffer takes a second.
      this.#response.end(Buffer.concat(body, length).toString('latin1'), 'latin1')
      return
    }
    this.#response.cork()
    for (const piece of body) this.#response.write(piece)
    this.#response.end()
  }

  empty(status: number, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { 'Content-Length': 0, ...headers }).end()
  }

  stream(headers: Record<string, string> = {}): EventStream {
    const response = this.#response
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-store',
      // Tells reverse proxies not to hold events back.
      'X-Accel-Buffering': 'no',
      ...headers,
    })
    response.flushHeaders()
    const write = (text: string): void => {
      if (response.writableEnded || response.destroyed) return
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy()
      else response.write(text)
    }
    return {
      send: (message) => write(`event: message\ndata: ${message.toString()}\n\n`),
      keepAlive: () => write(': keep-alive\n\n'),
      end: () => void response.end(),
      onClose: (listener) => void response.once('close', listener),
    }
  }
}
