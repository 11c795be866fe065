import type { ServerResponse } from 'node:http'
import type { AnswerBytes } from '../gateway/answer.ts'
import type { EventConnection, Reply } from '../gateway/exchange.ts'
import type { AgentLoad } from './agent-load.ts'

/** Small answers are joined into one write; large ones go out in their pieces, uncopied. */
const JOINED_BYTES = 16 * 1024
/** An agent that does not read its stream loses it instead of filling our memory. */
const MAX_UNREAD_BYTES = 1024 * 1024
/** An answer of which nothing is read for so long is given up. */
const UNREAD_MS = 60_000

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
  #load: AgentLoad | undefined
  #unreadBytes = Infinity

  constructor(response: ServerResponse) {
    this.#response = response
  }

  /** Whose answer it is, and how much that agent may leave unread in all. */
  isFor(load: AgentLoad, unreadBytes: number): void {
    this.#load = load
    this.#unreadBytes = unreadBytes
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
    const unread = this.#load?.unread ?? 0
    if (unread > 0 && unread + length > this.#unreadBytes) {
      // To queue it would let this agent fill the memory of all; a broken connection is what it reads first.
      this.#response.destroy()
      return
    }
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
    this.#countUnread()
  }

  empty(status: number, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { 'Content-Length': 0, ...headers }).end()
  }

  stream(headers: Record<string, string> = {}): EventConnection {
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

  /** What the system did not take at once waits for the agent to read. */
  #countUnread(): void {
    const response = this.#response
    const load = this.#load
    const unread = response.writableLength
    if (unread === 0 || load === undefined) return
    load.unread += unread
    response.setTimeout(UNREAD_MS, () => response.destroy())
    response.once('close', () => (load.unread -= unread))
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
