/**
 * An HTTP server that misbehaves by path: `POST /<mode>`. Started inside a test; counts what it is asked for.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { flood, readBody, respond } from './http-text.ts'

interface Message {
  id?: number
  method: string
  params?: { name?: string; requestId?: number }
}

export interface SeenRequest {
  verb: string
  path: string
  headers: IncomingMessage['headers']
  message: Message | undefined
}

export interface BadHttpServer {
  url(mode: string): string
  seen: SeenRequest[]
  /** Adds a tool and says so on the GET streams of `/stream`, which then end and ask to be opened again. */
  addTool(): void
  /** How many GET streams are open. */
  streams(): number
  /** Forgets all sessions, as a restart does. */
  forgetSessions(): void
  /** From now on the answer to everything is this status. */
  refuseWith(status: number | undefined): void
  close(): Promise<void>
}

interface State {
  sessions: Set<string>
  streams: Set<ServerResponse>
  added: number
}

const tools = [
  { name: 'echo', inputSchema: { type: 'object' } },
  { name: 'hang', inputSchema: { type: 'object' } },
]

export async function startBadHttpServer(): Promise<BadHttpServer> {
  const seen: SeenRequest[] = []
  const state: State = { sessions: new Set(), streams: new Set(), added: 0 }
  let refusal: number | undefined
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const message = body === '' ? undefined : (JSON.parse(body) as Message)
      const [path = '/'] = (request.url ?? '/').split('?')
      seen.push({ verb: request.method ?? '', path, headers: request.headers, message })
      if (refusal !== undefined) respond(response, refusal, 'text/plain', 'not now')
      else serve(path.slice(1), request, response, message, state)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: (mode) => `${origin}/${mode}`,
    seen,
    addTool: () => {
      state.added++
      for (const stream of state.streams) {
        stream.end('retry: 50\nid: 7\ndata: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n')
      }
    },
    streams: () => state.streams.size,
    forgetSessions: () => state.sessions.clear(),
    refuseWith: (status) => {
      refusal = status
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function serve(
  mode: string,
  request: IncomingMessage,
  response: ServerResponse,
  message: Message | undefined,
  state: State,
): void {
  const isProbe = message?.method === 'server/discover'
  switch (mode) {
    case 'html':
      respond(response, 200, 'text/html; charset=utf-8', '<!DOCTYPE html><html><body>Welcome</body></html>')
      break
    case 'html-404':
      respond(response, 404, 'text/html', '<html><title>Not found</title></html>')
      break
    case '401':
      respond(
        response,
        401,
        'application/json',
        '{"error":"invalid_token","error_description":"The access token expired"}',
      )
      break
    case '401-echo':
      respond(response, 401, 'text/plain', `Not valid: ${request.headers.authorization ?? ''}`)
      break
    case '401-html':
      respond(response, 401, 'text/html', '<html><body><h1>Sign in</h1></body></html>')
      break
    case '403':
      respond(response, 403, 'text/plain', 'Your plan does not include <b>MCP</b>')
      break
    case '500':
      respond(response, 500, 'text/plain', 'database is down')
      break
    case 'text':
      respond(response, 200, 'text/plain', 'hello there')
      break
    case 'empty':
      respond(response, 200, 'application/json', '')
      break
    case 'hang':
      break
    case 'redirect-away':
      response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end()
      break
    case 'redirect-moved':
      response.writeHead(302, { location: '/legacy' }).end()
      break
    case 'redirect-here':
      response.writeHead(307, { location: '/legacy' }).end()
      break
    case 'compressed':
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('x')
      break
    case 'endless-body':
    case 'endless-event':
      if (isProbe) respond(response, 400, 'text/plain', 'Bad Request')
      else if (message?.method === 'tools/call') endless(response, mode === 'endless-event')
      else legacy(request, response, message, state, 'json')
      break
    case 'stream':
      if (request.method === 'GET' && state.sessions.has(String(request.headers['mcp-session-id']))) {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
        state.streams.add(response)
        response.once('close', () => state.streams.delete(response))
      } else if (isProbe) respond(response, 405, 'text/plain', 'Method Not Allowed')
      else legacy(request, response, message, state, 'json')
      break
    case 'sse':
    case 'sse-cut':
    case 'sse-open':
      if (isProbe) respond(response, 400, 'text/plain', 'Bad Request')
      else legacy(request, response, message, state, mode)
      break
    default:
      if (isProbe)
        respond(
          response,
          400,
          'application/json',
          '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":null}',
        )
      else legacy(request, response, message, state, 'json')
  }
}

function legacy(
  request: IncomingMessage,
  response: ServerResponse,
  message: Message | undefined,
  state: State,
  how: string,
): void {
  const session = request.headers['mcp-session-id']
  if (request.method === 'GET' || request.method === 'DELETE') {
    respond(response, request.method === 'GET' ? 405 : 200, 'text/plain', '')
    return
  }
  if (message?.method === 'initialize') {
    const id = `session-${state.sessions.size + 1}-${Math.random()}`
    state.sessions.add(id)
    response.setHeader('mcp-session-id', id)
    send(
      response,
      message.id,
      { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'bad-http', version: '1' } },
      'json',
    )
    return
  }
  if (typeof session !== 'string' || !state.sessions.has(session)) {
    respond(
      response,
      404,
      'application/json',
      '{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}',
    )
    return
  }
  if (message?.id === undefined) response.writeHead(202).end()
  else if (message.method === 'tools/list')
    send(response, message.id, { tools: [...tools, ...addedTools(state)] }, how === 'sse-cut' ? 'json' : how)
  else if (message.params?.name === 'hang')
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  else send(response, message.id, { content: [{ type: 'text', text: 'grün: ✓' }] }, how)
}

function addedTools({ added }: State) {
  return Array.from({ length: added }, (_, index) => ({ name: `added_${index + 1}`, inputSchema: { type: 'object' } }))
}

function send(response: ServerResponse, id: number | undefined, result: unknown, how: string): void {
  const json = JSON.stringify({ jsonrpc: '2.0', id, result })
  if (how === 'json') {
    respond(response, 200, 'application/json', json)
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const event = Buffer.from(`: comment\nevent: message\nid: 1\ndata: ${json}\n\n`)
  if (how === 'sse-cut') response.end(event.subarray(0, event.length - 20))
  else if (how === 'sse-open') response.write(event)
  else {
    // In two parts, cut inside a character.
    const cut = event.indexOf(0xc3) + 1 || 30
    response.write('retry: 100\ndata:\n\n')
    response.write(event.subarray(0, cut))
    setImmediate(() => response.end(event.subarray(cut)))
  }
}

function endless(response: ServerResponse, events: boolean): void {
  response.writeHead(200, { 'content-type': events ? 'text/event-stream' : 'application/json' })
  flood(response, events ? 'data: {"x":"' : '{"x":"')
}
