/** A legacy MCP server over HTTP with one tool, `speak`: what it answers is up to the test. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** JSON text of a member of the answer: `"result":{…}` or `"error":{…}`. */
export type Speak = (call: { arguments: Record<string, unknown>; headers: IncomingMessage['headers'] }) => string

export interface ScriptedHttpServer {
  url: string
  /** How often its tools were listed. */
  lists(): number
  close(): Promise<void>
}

interface Message {
  id?: number
  method: string
  params?: { arguments?: Record<string, unknown> }
}

const TOOLS = '{"tools":[{"name":"speak","inputSchema":{"type":"object"}}]}'

export async function startScriptedHttpServer(
  speak: Speak,
  capabilities: object = { tools: {} },
): Promise<ScriptedHttpServer> {
  const serverInfo = { name: 'scripted', version: '1' }
  const opening = JSON.stringify({ protocolVersion: '2025-06-18', capabilities, serverInfo })
  let lists = 0
  const answer = ({ method, params }: Message, headers: IncomingMessage['headers']): string => {
    if (method === 'initialize') return `"result":${opening}`
    if (method === 'tools/list') lists++
    if (method === 'tools/list') return `"result":${TOOLS}`
    if (method === 'tools/call') return speak({ arguments: params?.arguments ?? {}, headers })
    return '"error":{"code":-32601,"message":"Method not found"}'
  }
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.method !== 'POST') return response.writeHead(405).end()
      const message = JSON.parse(body) as Message
      if (message.id === undefined) return response.writeHead(202).end()
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.end(`{"jsonrpc":"2.0","id":${message.id},${answer(message, request.headers)}}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    lists: () => lists,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
