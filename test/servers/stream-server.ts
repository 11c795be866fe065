/**
 * A legacy server over streamable HTTP whose streams are in the hands of a test: each `tools/call`, and each GET, is a
 * stream that the test writes, ends or breaks. Started inside a test.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody, respond } from './http-text.ts'

export interface PostedMessage {
  id?: number | string
  method?: string
  params?: { name?: string; arguments?: Record<string, unknown> }
  result?: unknown
  error?: unknown
}

/** A request that waits for what the test does with it. */
export class HeldStream {
  readonly headers: IncomingMessage['headers']
  readonly message: PostedMessage | undefined
  /** When it came, on the monotonic clock. */
  readonly at = performance.now()
  readonly #response: ServerResponse

  constructor(headers: IncomingMessage['headers'], message: PostedMessage | undefined, response: ServerResponse) {
    this.headers = headers
    this.message = message
    this.#response = response
  }

  get lastEventId(): string | undefined {
    return this.headers['last-event-id'] as string | undefined
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded
  }

  /** One event with this message. */
  event(message: object | string, id?: string): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message)
    this.write(`${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`)
  }

  /** The answer to its own request, or to that of another stream which it continues. */
  answer(result: object, to = this.message?.id): void {
    this.event({ jsonrpc: '2.0', id: to, result })
  }

  /** Bytes of the stream as they are. */
  write(text: string | Buffer): void {
    if (!this.#response.headersSent) this.#response.writeHead(200, { 'content-type': 'text/event-stream' })
    this.#response.write(text)
  }

  /** This event again and again, until it has written so many bytes. */
  async flood(message: object, bytes: number): Promise<void> {
    const block = Buffer.from(`data: ${JSON.stringify(message)}\n\n`.repeat(64))
    for (let written = 0; written < bytes && this.isOpen; written += block.length) {
      this.write(block)
      if (this.#response.writableNeedDrain) await new Promise<void>((resolve) => this.#response.once('drain', resolve))
    }
  }

  /** The whole answer as one body. */
  body(text: string | Buffer, contentType = 'application/json'): void {
    this.#response.writeHead(200, { 'content-type': contentType }).end(text)
  }

  end(): void {
    this.#response.end()
  }

  /** The connection breaks, after what was written has gone out. */
  cut(): void {
    this.#response.write(': going\n', () => this.#response.destroy())
  }

  refuse(status: number): void {
    respond(this.#response, status, 'text/plain', 'not this one')
  }
}

export interface StreamServer {
  url: string
  calls: HeldStream[]
  gets: HeldStream[]
  /** Notifications and answers that were posted. */
  posted: PostedMessage[]
  /** Each `initialize`, with its params. */
  openings: PostedMessage[]
  /** Closes the connection on so many of the next notifications and answers, unread. */
  breakPosts(count: number): void
  /** Forgets all sessions; `fully`: those to come as well, as soon as they have been opened. */
  forget(fully?: boolean): void
  close(): Promise<void>
}

const TOOLS = { tools: [{ name: 'work', inputSchema: { type: 'object' } }] }

export async function startStreamServer(): Promise<StreamServer> {
  const [calls, gets, posted, openings]: [HeldStream[], HeldStream[], PostedMessage[], PostedMessage[]] = [
    [],
    [],
    [],
    [],
  ]
  const sessions = new Set<string>()
  let isForgetful = false
  let breaking = 0
  const opened = (response: ServerResponse): object => {
    const session = `session-${openings.length}`
    if (!isForgetful) sessions.add(session)
    response.setHeader('mcp-session-id', session)
    return {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, prompts: {} },
      serverInfo: { name: 's', version: '1' },
    }
  }
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const message = body === '' ? undefined : (JSON.parse(body) as PostedMessage)
      const answer = (rest: string) =>
        respond(response, 200, 'application/json', `{"jsonrpc":"2.0","id":${JSON.stringify(message?.id)},${rest}}`)
      if (message?.method === 'initialize') {
        openings.push(message)
        answer(`"result":${JSON.stringify(opened(response))}`)
      } else if (message?.method === 'server/discover') answer('"error":{"code":-32601,"message":"Method not found"}')
      else if (!sessions.has(String(request.headers['mcp-session-id'])))
        respond(response, 404, 'text/plain', 'Session not found')
      else if (request.method === 'DELETE') response.writeHead(200).end()
      else if (request.method === 'GET') gets.push(new HeldStream(request.headers, undefined, response))
      else if (message?.method === undefined || message.id === undefined) {
        if (breaking-- > 0) {
          response.destroy()
          return
        }
        posted.push(message ?? {})
        response.writeHead(202).end()
      } else if (message.method === 'tools/list') answer(`"result":${JSON.stringify(TOOLS)}`)
      else if (message.method === 'tools/call') calls.push(new HeldStream(request.headers, message, response))
      else answer(`"result":{"method":${JSON.stringify(message.method)}}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    calls,
    gets,
    posted,
    openings,
    breakPosts: (count) => (breaking = count),
    forget: (fully = false) => {
      sessions.clear()
      isForgetful = fully
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
