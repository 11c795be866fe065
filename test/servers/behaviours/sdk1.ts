/* eslint-disable @typescript-eslint/no-deprecated -- The low level of the SDK and an old transport are what is wanted here. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  ResultSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js'
import { Behaviours, Refusal, type Listed, type Peer } from './behaviours.ts'

/** The behaviours served by SDK 1 in the legacy era, with sessions: over streamable HTTP, HTTP+SSE and stdio. */

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']

/** Everything that one connection has told the server. */
interface Session {
  server: Server
  subscribed: Set<string>
  level: number
}

/** The servers of one process: one for each connection, all with the same behaviours. */
class Sessions {
  readonly #open = new Set<Session>()
  readonly #behaviours: Behaviours

  constructor(kind: string) {
    this.#behaviours = new Behaviours(kind, {
      listChanged: (changed) => this.#each(({ server }) => tellListChanged(server, changed)),
      resourceUpdated: (uri) =>
        this.#each(async ({ server, subscribed }) => {
          if (subscribed.has(uri)) await server.sendResourceUpdated({ uri })
        }),
    })
  }

  async connect(transport: Transport): Promise<void> {
    const session = build(this.#behaviours)
    this.#open.add(session)
    session.server.onclose = () => this.#open.delete(session)
    await session.server.connect(transport)
  }

  #each(tell: (session: Session) => Promise<void>): void {
    for (const session of this.#open) void tell(session).catch(() => undefined)
  }
}

export async function serveLegacyStdio(kind: string): Promise<void> {
  await new Sessions(kind).connect(new StdioServerTransport())
}

/** Gives the URL. */
export async function serveLegacyHttp(kind: string): Promise<string> {
  const sessions = new Sessions(kind)
  const transports = new Map<string, StreamableHTTPServerTransport>()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id']
    const known = typeof id === 'string' ? transports.get(id) : undefined
    if (known) {
      await known.handleRequest(request, response)
      return
    }
    if (id !== undefined) {
      response.writeHead(404).end()
      return
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (opened) => void transports.set(opened, transport),
      onsessionclosed: (closed) => void transports.delete(closed),
    })
    await sessions.connect(transport)
    await transport.handleRequest(request, response)
  }
  return `${await listen((request, response) => void handle(request, response))}/mcp`
}

/** HTTP+SSE of 2024-11-05. Gives the URL. */
export async function serveSse(kind: string): Promise<string> {
  const sessions = new Sessions(kind)
  const transports = new Map<string, SSEServerTransport>()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response)
      transports.set(transport.sessionId, transport)
      await sessions.connect(transport)
      return
    }
    const id = new URL(request.url ?? '/', 'http://localhost').searchParams.get('sessionId') ?? ''
    const transport = transports.get(id)
    if (!transport) response.writeHead(request.url?.startsWith('/messages') === true ? 404 : 405).end()
    else await transport.handlePostMessage(request, response)
  }
  return `${await listen((request, response) => void handle(request, response))}/sse`
}

async function listen(answer: RequestListener): Promise<string> {
  const http = createServer(answer)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

async function tellListChanged(server: Server, changed: Listed): Promise<void> {
  if (changed === 'tools') await server.sendToolListChanged()
  else if (changed === 'prompts') await server.sendPromptListChanged()
  else await server.sendResourceListChanged()
}

function build(behaviours: Behaviours): Session {
  const { kind, capabilities, instructions } = behaviours
  const server = new Server({ name: kind, version: '1.0.0' }, { capabilities, instructions })
  const session: Session = { server, subscribed: new Set(), level: 0 }
  server.setRequestHandler(ListToolsRequestSchema, () => behaviours.listTools())
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) =>
    refusing(() => behaviours.callTool(params.name, params.arguments ?? {}, peerOf(session, extra))),
  )
  server.setRequestHandler(ListPromptsRequestSchema, () => behaviours.listPrompts())
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) =>
    refusing(() => behaviours.getPrompt(params.name, params.arguments)),
  )
  server.setRequestHandler(ListResourcesRequestSchema, () => behaviours.listResources())
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => behaviours.listTemplates())
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) =>
    refusing(() => behaviours.readResource(params.uri)),
  )
  server.setRequestHandler(CompleteRequestSchema, ({ params }) => behaviours.complete(params.argument.value))
  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    session.subscribed.add(params.uri)
    return {}
  })
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    session.subscribed.delete(params.uri)
    return {}
  })
  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    session.level = LEVELS.indexOf(params.level)
    return {}
  })
  return session
}

function peerOf(session: Session, { signal, _meta, sendNotification, sendRequest }: Extra): Peer {
  const notify: Peer['notify'] = (method, params) => sendNotification({ method, params } as ServerNotification)
  return {
    signal,
    progressToken: _meta?.progressToken,
    notify,
    ask: (_key, { method, params }) => sendRequest({ method, params } as ServerRequest, ResultSchema),
    log: async (level, data) => {
      if (LEVELS.indexOf(level) >= session.level)
        await notify('notifications/message', { level, logger: 'matrix', data })
    },
  }
}

async function refusing<Value>(work: () => Value): Promise<Awaited<Value>> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // McpError writes the code into the message: what goes over the wire is the message alone.
    throw Object.assign(new McpError(error.code, error.message), { message: error.message })
  }
}
