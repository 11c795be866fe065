import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { benchTools, callResult } from '../tools.ts'
import { announce } from './ready.ts'

/** The limit of the HTTP leg: node:http that answers by itself, with nothing behind it and nothing checked. */

const tools = JSON.stringify(benchTools(Number(process.argv[2])))

interface Request {
  id?: number
  method: string
  params: { name: string; arguments: { text: string } }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    if (request.method !== 'POST') return response.writeHead(200).end()
    const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString()) as Request
    if (id === undefined) return response.writeHead(202).end()
    const body = `{"jsonrpc":"2.0","id":${id},"result":${answer(method, params)}}`
    const length = Buffer.byteLength(body)
    const headers = { 'Content-Type': 'application/json', 'Content-Length': length, 'Mcp-Session-Id': 'floor' }
    return response.writeHead(200, headers).end(body)
  })
})

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`))

function answer(method: string, params: Request['params']): string {
  if (method === 'initialize')
    return '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"f"}}'
  if (method === 'tools/list') return `{"tools":${tools}}`
  return JSON.stringify(callResult(params.name, params.arguments.text))
}
