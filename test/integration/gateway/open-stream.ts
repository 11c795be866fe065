import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { TestGateway } from '../../helpers/gateway-fixture.ts'

interface StreamMessage {
  id?: unknown
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { code: number; message: string }
}

export interface OpenStream {
  status: number
  /** The next message; undefined when the stream has ended. */
  next(): Promise<StreamMessage | undefined>
  /** Comment lines seen so far. */
  readonly comments: number
  /** Of the newest event that had one. */
  readonly lastEventId: string | undefined
  /** What the newest event with a `retry` said. */
  readonly retry: number | undefined
  close(): void
}

/** An answer of server-sent events, read message by message. */
export async function openStream(
  { port }: TestGateway,
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<OpenStream> {
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    method,
    path,
    agent: false,
    headers: {
      Authorization: 'Bearer token-one',
      Accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
  })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const seen: Seen = { comments: 0, lastEventId: undefined, retry: undefined }
  const messages = readEvents(response, seen)
  return {
    status: response.statusCode ?? 0,
    next: async () => {
      const read = await messages.next()
      return read.done === true ? undefined : read.value
    },
    get comments() {
      return seen.comments
    },
    get lastEventId() {
      return seen.lastEventId
    },
    get retry() {
      return seen.retry
    },
    close: () => request.destroy(),
  }
}

interface Seen {
  comments: number
  lastEventId: string | undefined
  retry: number | undefined
}

async function* readEvents(response: IncomingMessage, seen: Seen): AsyncGenerator<StreamMessage, undefined> {
  let text = ''
  response.setEncoding('utf8')
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const event = text.slice(0, end)
        text = text.slice(end + 2)
        if (event.startsWith(':')) seen.comments++
        const fields = new Map(event.split('\n').map((line) => line.split(/: (.*)/, 2) as [string, string]))
        seen.lastEventId = fields.get('id') ?? seen.lastEventId
        seen.retry = Number(fields.get('retry') ?? seen.retry)
        const data = fields.get('data') ?? ''
        if (data !== '') yield JSON.parse(data) as StreamMessage
      }
    }
  } catch {
    // Closed by the test.
  }
  return undefined
}
