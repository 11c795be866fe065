/**
 * An HTTP+SSE server (2024-11-05) that misbehaves: while it is opened by its path, `GET /<mode>`, later by the tool that
 * is called. Started inside a test; keeps what it was asked for.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { flood, readBody, respond } from './http-text.ts'

interface Message {
  id?: number
  /** Absent in an answer to a question of ours. */
  method?: string
  params?: { name?: string; arguments?: Record<string, unknown>; requestId?: number }
}

export interface SeenSseRequest {
  verb: string
  path: string
  headers: IncomingMessage['headers']
  message: Message | undefined
}

export interface BadSseServer {
  url(mode: string): string
  seen: SeenSseRequest[]
  /** How many streams are open. */
  streams(): number
  /** Ends them all, as a restart does; the sessions are forgotten. */
  endStreams(): void
  /** Forgets all sessions while their streams stay open. */
  forgetSessions(): void
  /** How many POSTs it has not ended. */
  openPosts(): number
  close(): Promise<void>
}

const MIB = 1024 * 1024
const names = ['echo', 'sized', 'endless', 'cut', 'hang', 'status', 'not_text', 'in_post', 'open_post', 'broken_json']
const tools = names.map((name) => ({ name, inputSchema: { type: 'object' } }))

/** `foreignOrigin` is named as the address for messages by the mode `foreign`. */
export async function startBadSseServer(foreignOrigin = 'http://127.0.0.1:9'): Promise<BadSseServer> {
  const seen: SeenSseRequest[] = []
  const sessions = new Map<string, ServerResponse>()
  const streams = new Set<ServerResponse>()
  const posts = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const message = body === '' ? undefined : (JSON.parse(body) as Message)
      const url = new URL(request.url ?? '/', origin)
      seen.push({ verb: request.method ?? '', path: url.pathname, headers: request.headers, message })
      if (request.method === 'GET') open(url, response)
      else {
        posts.add(response)
        response.once('close', () => posts.delete(response))
        take(url, message, response)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function open(url: URL, response: ServerResponse): void {
    const mode = url.pathname.slice(1)
    const refusal = /^(\d{3})$/.exec(mode)?.[1]
    if (refusal !== undefined) respond(response, Number(refusal), 'text/plain', 'not for you')
    else if (mode === 'html') respond(response, 200, 'text/html', '<!doctype html><title>Welcome</title>')
    else if (mode === 'json') respond(response, 200, 'application/json', '{"ok":true}')
    else if (mode === 'redirect-here') response.writeHead(302, { location: '/good' }).end()
    else if (mode === 'redirect-away') response.writeHead(302, { location: `${foreignOrigin}/good` }).end()
    else if (mode !== 'hang') stream(mode, response)
  }

  function stream(mode: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    streams.add(response)
    const session = `${Math.random()}`
    sessions.set(session, response)
    response.once('close', () => {
      streams.delete(response)
      sessions.delete(session)
    })
    const address = `/post/${mode}?session=${session}`
    switch (mode) {
      case 'no-endpoint':
        response.write(': thinking\n\n')
        break
      case 'ends-at-once':
        response.end(': bye\n\n')
        break
      case 'endless-line':
        flood(response, 'event: endpoint\ndata: ')
        break
      case 'foreign':
        response.write(`event: endpoint\ndata: ${foreignOrigin}${address}\n\n`)
        break
      case 'foreign-scheme':
        response.write('event: endpoint\ndata: javascript:alert(1)\n\n')
        break
      case 'empty-endpoint':
        response.write('event: endpoint\ndata: \n\n')
        break
      case 'absolute':
        response.write(`event: endpoint\ndata: ${origin}${address}\n\n`)
        break
      case 'garbage':
        response.write(Buffer.concat([Buffer.from('data: '), Buffer.from([0, 0xff, 0xfe, 0xc3]), Buffer.from('\n\n')]))
        response.write(
          `data: hello\n\nevent: tick\ndata: {}\n\nnonsense\n:\n\r\nevent: endpoint\r\ndata: ${address}\r\n\r\n`,
        )
        response.write('data: [1,2]\n\ndata: {"jsonrpc":"2.0","id":4711,"result":{}}\n\ndata: {"id"\n\n')
        break
      default:
        response.write(`event: endpoint\ndata: ${address}\n\n`)
    }
  }

  function take(url: URL, message: Message | undefined, response: ServerResponse): void {
    const session = url.searchParams.get('session') ?? ''
    const stream = sessions.get(session)
    if (url.pathname === '/post/redirects') {
      response.writeHead(307, { location: `/post/good?session=${session}` }).end()
      return
    }
    if (!stream) {
      respond(response, 404, 'text/plain', 'Could not find session')
      return
    }
    const { answer, accept } = speak(stream, message, response)
    switch (message?.method ?? '') {
      case 'initialize':
        accept()
        if (url.pathname === '/post/mute') return
        answer({
          protocolVersion: '2024-11-05',
          capabilities: { tools: {} },
          serverInfo: { name: 'bad-sse', version: '1' },
        })
        return
      case 'tools/list':
        accept()
        answer({ tools })
        return
      case 'ping':
        accept()
        if (url.pathname !== '/post/deaf') answer({})
        return
      case 'tools/call':
        call(message, stream, response)
        return
      default:
        accept()
        if (message && message.method === undefined) answered?.(message)
        return
    }
  }

  return {
    url: (mode) => `${origin}/${mode}`,
    seen,
    streams: () => streams.size,
    endStreams: () => {
      sessions.clear()
      for (const stream of streams) stream.end()
    },
    forgetSessions: () => sessions.clear(),
    openPosts: () => posts.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

let answered: ((said: Message) => void) | undefined

function call(message: Message | undefined, stream: ServerResponse, response: ServerResponse): void {
  const { name = '', arguments: input = {} } = message?.params ?? {}
  const { event, answer, accept } = speak(stream, message, response)
  switch (name) {
    case 'hang':
      accept()
      break
    case 'sized': {
      accept()
      const filler = 'x'.repeat(Number(input.mib) * MIB)
      const id = `"id":${message?.id}`
      event(
        input.id === 'last'
          ? `{"result":{"content":[],"blob":"${filler}"},"jsonrpc":"2.0",${id}}`
          : `{"jsonrpc":"2.0",${id},"result":{"content":[],"blob":"${filler}"}}`,
      )
      break
    }
    case 'endless':
      accept()
      flood(stream, `data: {"jsonrpc":"2.0","id":${message?.id},"result":{"x":"`)
      break
    case 'cut':
      accept()
      stream.end(`data: {"jsonrpc":"2.0","id":${message?.id},"res`)
      break
    case 'status':
      respond(response, Number(input.status), 'text/plain', 'not this one')
      break
    case 'not_text':
      accept()
      stream.write(`data: {"jsonrpc":"2.0","id":${message?.id},"result":{"content":[{"type":"text","text":"`)
      stream.write(Buffer.from([0xc3, 0x28, 0xff]))
      stream.write('"}]}}\n\n')
      break
    case 'ask':
      accept()
      event('{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{}}')
      answered = (said) => answer({ content: [{ type: 'text', text: JSON.stringify(said) }] })
      break
    case 'in_post':
      respond(
        response,
        200,
        'application/json',
        JSON.stringify({
          jsonrpc: '2.0',
          id: message?.id,
          result: { content: [{ type: 'text', text: 'in the POST' }] },
        }),
      )
      break
    case 'open_post':
      answer({ content: [{ type: 'text', text: 'early' }] })
      break
    case 'broken_json':
      accept()
      event(`{"jsonrpc":"2.0","id":${message?.id},"result":`)
      answer({ content: [{ type: 'text', text: 'whole' }] })
      break
    default:
      accept()
      answer({ content: [{ type: 'text', text: `Echo: ${String(input.message)}` }] })
  }
}

function speak(stream: ServerResponse, message: Message | undefined, response: ServerResponse) {
  const event = (json: string) => stream.write(`event: message\ndata: ${json}\n\n`)
  return {
    event,
    answer: (result: unknown) => event(JSON.stringify({ jsonrpc: '2.0', id: message?.id, result })),
    accept: () => respond(response, 202, 'text/plain', 'Accepted'),
  }
}
