import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import * as sse from '@modelcontextprotocol/sdk/server/sse.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler, McpServer as ModernMcpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Access } from './access.ts'

export type McpRequest = IncomingMessage & { auth?: { token: string; clientId: string; scopes: string[] } }

const text = (value: unknown) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) }] })
const info = { name: 'protected-fixture', version: '1.0.0' }

/** `write` is looked at before a request gets here: only who has the scope does. */
function build(accessOf: (extra: { authInfo?: Access }) => Access | undefined): McpServer {
  const server = new McpServer(info)
  server.registerTool('whoami', { description: 'Whose token it was' }, (extra) => text(accessOf(extra) ?? null))
  server.registerTool('echo', { description: 'Echo back', inputSchema: { message: z.string() } }, ({ message }) =>
    text({ message }),
  )
  server.registerTool('write', { description: 'Needs the scope tools:write' }, () => text('written'))
  return server
}

function buildModern(): ModernMcpServer {
  const server = new ModernMcpServer(info)
  const nothing = z.object({})
  server.registerTool('whoami', { inputSchema: nothing }, (_, { http }) => text(http?.authInfo ?? null))
  server.registerTool('echo', { inputSchema: z.object({ message: z.string() }) }, ({ message }) => text({ message }))
  server.registerTool('write', { inputSchema: nothing }, () => text('written'))
  return server
}

// Deprecated there, as the transport is; servers that have nothing else are still about.
// eslint-disable-next-line @typescript-eslint/no-deprecated
const Stream = sse.SSEServerTransport
type ModernRequest = Parameters<ReturnType<typeof toNodeHandler>>[0]

/** One server at three addresses: `/mcp` with sessions, `/sse` with its `/messages`, `/modern` for both eras without sessions. */
export class ProtectedMcp {
  readonly #sessions = new Map<string, StreamableHTTPServerTransport>()
  readonly #streams = new Map<string, InstanceType<typeof Stream>>()
  readonly #modern = toNodeHandler(createMcpHandler(buildModern, { legacy: 'stateless' }))

  async answer(path: string, request: McpRequest, response: ServerResponse, body: unknown): Promise<void> {
    if (path === '/mcp') await this.#streamable(request, response, body)
    else if (path === '/modern') await this.#modern(request as ModernRequest, response, body)
    else if (path === '/sse') await this.#stream(response)
    else {
      const session = new URL(request.url ?? '', 'http://localhost').searchParams.get('sessionId') ?? ''
      const stream = this.#streams.get(session)
      if (stream) await stream.handlePostMessage(request, response, body)
      else response.writeHead(404).end()
    }
  }

  async #stream(response: ServerResponse): Promise<void> {
    const transport = new Stream('/messages', response)
    this.#streams.set(transport.sessionId, transport)
    response.once('close', () => this.#streams.delete(transport.sessionId))
    await build(({ authInfo }) => authInfo).connect(transport)
  }

  async #streamable(request: McpRequest, response: ServerResponse, body: unknown): Promise<void> {
    const session = request.headers['mcp-session-id']
    const known = this.#sessions.get(String(session))
    if (known) await known.handleRequest(request, response, body)
    else if (session !== undefined) response.writeHead(404).end()
    else {
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void this.#sessions.set(id, transport),
        onsessionclosed: (id) => void this.#sessions.delete(id),
      })
      await build(({ authInfo }) => authInfo).connect(transport)
      await transport.handleRequest(request, response, body)
    }
  }
}
