import type { ServerResponse } from 'node:http'
import type { AnswerBytes } from '../gateway/answer.ts'
import type { EventStream, Reply } from '../gateway/exchange.ts'

/** Small answers are joined into one write; large ones go out in their pieces, uncopied. */
const JOINED_BYTES = 16 * 1024
/** An agent that does not read its stream loses it instead of filling our memory. */
const MAX_UNREAD_BYTES = 1024 * 1024

const EVENT_START = Buffer.from('event: message\ndata: ')
const EVENT_WITH_ID = 'event: message\nid: '
const DATA = '\ndata: '
const EVENT_END = Buffer.from('\n\n')
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20

/** The gateway's way back over one HTTP response. */
export class McpReply implements Reply {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get isGone(): boolean {
    return this.#response.closed
  }

  onGone(listener: () => void): void {
    const response = this.#response
    if (response.closed) listener()
    else {
      response.once('close', () => {
        if (!response.writableFinished) listener()
      })
    }
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
      if (this.#keepsUp()) response.write(text)
    }
    return {
      send: (...message) => this.#sendEvent(EVENT_START, message),
      sendAs: (id, message) => this.#sendEvent(Buffer.from(EVENT_WITH_ID + id + DATA), message),
      prime: (id, retryMs) => write(`id: ${id}\nretry: ${retryMs}\ndata: \n\n`),
      keepAlive: () => write(': keep-alive\n\n'),
      end: () => void response.end(),
      get isBehind() {
        return response.writableNeedDrain
      },
      onDrain: (listener) => void response.on('drain', listener),
      onClose: (listener) => void response.once('close', listener),
    }
  }

  /** Small messages in one write, large ones in their pieces, uncopied. */
  #sendEvent(start: Buffer, message: readonly Buffer[]): void {
    if (!this.#keepsUp()) return
    const pieces = [start, ...message.map(onOneLine), EVENT_END]
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (length <= JOINED_BYTES) {
      this.#response.write(Buffer.concat(pieces, length))
      return
    }
    this.#response.cork()
    for (const piece of pieces) this.#response.write(piece)
    this.#response.uncork()
  }

  #keepsUp(): boolean {
    const response = this.#response
    if (response.writableEnded || response.destroyed) return false
    if (response.writableLength <= MAX_UNREAD_BYTES) return true
    response.destroy()
    return false
  }
}

/** In JSON text a raw line break can only be white space, and in an event it would end the line. */
function onOneLine(piece: Buffer): Buffer {
  if (!piece.includes(LINE_FEED) && !piece.includes(CARRIAGE_RETURN)) return piece
  return piece.map((byte) => (byte === LINE_FEED || byte === CARRIAGE_RETURN ? SPACE : byte)) as Buffer
}
