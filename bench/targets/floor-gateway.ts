import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { announce } from './ready.ts'

/**
 * The least that still is a gateway: bare HTTP in front, raw stdio behind, sessions, one prefix before tool names, ids
 * rewritten, the list cached. No token, no filter, no limits, no errors, one era.
 */

interface Rpc {
  id?: number | string
  method: string
  params: { name: string }
  result?: { tools: { name: string }[] }
}

const upstream = spawn(
  process.execPath,
  [fileURLToPath(new URL('./stdio-server.ts', import.meta.url)), process.argv[2] ?? ''],
  {
    stdio: ['pipe', 'pipe', 'inherit'],
  },
)
const OPENING = '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"f","version":"1"}}'
const waiting = new Map<number, (line: string, answer: Rpc) => void>()
const sessions = new Set<string>()
let lastId = 0
let list = ''

createInterface({ input: upstream.stdout }).on('line', (line) => {
  const answer = JSON.parse(line) as Rpc
  waiting.get(Number(answer.id))?.(line, answer)
  waiting.delete(Number(answer.id))
})

function ask(message: object, answered: (line: string, answer: Rpc) => void): void {
  const id = ++lastId
  waiting.set(id, answered)
  upstream.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message, id })}\n`)
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const session = String(request.headers['mcp-session-id'])
    if (request.method === 'DELETE') {
      sessions.delete(session)
      response.writeHead(200).end()
    } else serve(JSON.parse(Buffer.concat(chunks).toString()) as Rpc, session, response)
  })
})

function serve(message: Rpc, session: string, response: ServerResponse): void {
  const id = JSON.stringify(message.id)
  if (message.id === undefined) response.writeHead(202).end()
  else if (message.method === 'initialize') {
    const opened = randomUUID()
    sessions.add(opened)
    send(response, `{"jsonrpc":"2.0","id":${id},"result":${OPENING}}`, opened)
  } else if (!sessions.has(session)) response.writeHead(404).end()
  else if (message.method === 'tools/list') send(response, `{"jsonrpc":"2.0","id":${id},"result":${list}}`)
  else {
    message.params.name = message.params.name.slice('bench__'.length)
    ask(message, (line, answer) => send(response, line.replace(`"id":${String(answer.id)}`, `"id":${id}`)))
  }
}

function send(response: ServerResponse, body: string, session?: string): void {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  response.writeHead(200, session === undefined ? headers : { ...headers, 'Mcp-Session-Id': session }).end(body)
}

server.keepAliveTimeout = 60_000
ask({ method: 'initialize', params: {} }, () => {
  ask({ method: 'tools/list' }, (_line, { result }) => {
    list = JSON.stringify({ tools: result?.tools.map((tool) => ({ ...tool, name: `bench__${tool.name}` })) })
    const announceAt = () => announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, 'bench__')
    server.listen(0, '127.0.0.1', announceAt)
  })
})
