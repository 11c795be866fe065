import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { buildServer } from './build-server.ts'
import { StoredEvents } from './stored-events.ts'
import type { ReferenceState } from './state.ts'

/** How long a client is to wait before it comes back for the rest of a stream, in milliseconds. */
const RETRY_MS = 100

/** Both eras at one URL: `initialize` opens a session whose streams can be resumed, all else is stateless. */
export function serveHttp(state: ReferenceState): Server {
  const modern = createMcpHandler(() => buildServer(state).server, { legacy: 'reject' })
  state.onChange(() => {
    modern.notify.toolsChanged()
    modern.notify.promptsChanged()
  })
  const sessions = new Sessions(state)
  const serve = toNodeHandler({
    fetch: async (request, options) =>
      (await isLegacyRequest(request)) ? sessions.fetch(request) : modern.fetch(request, options),
  })
  const isHostAllowed = localhostHostValidation()
  const isOriginAllowed = localhostOriginValidation()
  return createServer((request, response) => {
    if (!isHostAllowed(request, response) || !isOriginAllowed(request, response)) return
    void serve(request as Parameters<typeof serve>[0], response)
  })
}

/** Sessions of legacy clients. They end with DELETE, or with the process. */
class Sessions {
  readonly #state: ReferenceState
  readonly #transports = new Map<string, WebStandardStreamableHTTPServerTransport>()

  constructor(state: ReferenceState) {
    this.#state = state
  }

  async fetch(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id')
    const transport = id === null ? await this.#open() : this.#transports.get(id)
    return transport ? transport.handleRequest(request) : refusal(404, 'Session not found')
  }

  /** A transport that refuses everything but `initialize`, with which it becomes a session. */
  async #open(): Promise<WebStandardStreamableHTTPServerTransport> {
    const { server, follow } = buildServer(this.#state)
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new StoredEvents(),
      retryInterval: RETRY_MS,
      onsessioninitialized: (id) => {
        this.#transports.set(id, transport)
        const unfollow = follow()
        server.server.onclose = () => {
          this.#transports.delete(id)
          unfollow()
        }
      },
    })
    await server.connect(transport)
    return transport
  }
}

function refusal(status: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: -32000, message } }, { status })
}
