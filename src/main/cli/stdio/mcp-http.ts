import { Agent, request } from 'undici'
import { KEPT_SOCKETS } from '../../base/kept-sockets.ts'
import { EventReader } from '../../upstream/event-reader.ts'

/** The gateway did not take the message: it is not there, or it does not know this token or session (any more). */
export class NotTaken extends Error {
  override readonly name = 'NotTaken'
}

export interface Exchange {
  url: string
  method: 'POST' | 'GET'
  headers: Record<string, string>
  body?: Buffer
  signal: AbortSignal
}

/** More than the gateway lets any message be. */
const MAX_MESSAGE_BYTES = 128 * 1024 * 1024
/** Failures to connect: nothing was sent. */
const NOT_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'ENOENT'])

/** Streamable HTTP with the gateway on this machine. Calls may take as long as the gateway lets them. */
export class McpHttp {
  // No limits of its own: the gateway has them, and tells when one is reached.
  readonly #dispatcher = new Agent({ ...KEPT_SOCKETS, connect: { timeout: 5_000 } })

  /** Sends, hands every message of the answer to `take`, one at a time, and gives the session's id. Throws `NotTaken`. */
  async exchange(
    { url, method, headers, body, signal }: Exchange,
    take: (message: Buffer) => Promise<void>,
  ): Promise<string | undefined> {
    const sent = { method, headers, signal, dispatcher: this.#dispatcher, ...(body && { body }) }
    const response = await request(url, sent).catch((error: unknown) => {
      throw isNotConnected(error) ? new NotTaken('The gateway is not there.', { cause: error }) : error
    })
    const { statusCode: status } = response
    if (status === 401 || (status === 404 && headers['mcp-session-id'] !== undefined)) {
      await response.body.dump()
      throw new NotTaken(status === 401 ? 'The token has ended.' : 'The session has ended.')
    }
    const type = String(response.headers['content-type'] ?? '')
    if (type.startsWith('text/event-stream')) await readEvents(response.body, take)
    else {
      const text = Buffer.from(await response.body.arrayBuffer())
      if (text.length > 0) await take(text)
    }
    const sessionId = response.headers['mcp-session-id']
    return typeof sessionId === 'string' ? sessionId : undefined
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }
}

async function readEvents(body: AsyncIterable<Buffer>, take: (message: Buffer) => Promise<void>): Promise<void> {
  let messages: Buffer[] = []
  const reader = new EventReader(MAX_MESSAGE_BYTES, {
    event: (_type, data) => void messages.push(data),
    retry: () => undefined,
    oversized: () => undefined,
  })
  for await (const chunk of body) {
    reader.push(chunk)
    const arrived = messages
    messages = []
    for (const message of arrived) await take(message)
  }
}

function isNotConnected(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NOT_CONNECTED.has(String(error.code))
}
