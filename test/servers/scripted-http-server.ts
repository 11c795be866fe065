/** A legacy MCP server over HTTP with one tool, `speak`: what it answers is up to the test. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** JSON text of a member of the answer: `"result":{…}` or `"error":{…}`. */
export type Speak = (call: { arguments: Record<string, unknown>; headers: IncomingMessage['headers'] }) => string

export interface ScriptedHttpServer {
  url: string
  close(): Promise<void>
}

interface Message {
  id?: number
  method: string
  params?: { arguments?: Record<string, unknown> }
}

const OPENING =
  '{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"scripted","version":"1"}}'
const TOOLS = '{"tools":[{"name":"speak","inputSchema":{"type":"object"}}]}'

export async function startScriptedHttpServer(speak: Speak): Promise<ScriptedHttpServer> {
  const answer = ({ method, params }: Message, headers: IncomingMessage['headers']): string => {
    if (method === 'initialize') return `"result":${OPENING}`
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
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
