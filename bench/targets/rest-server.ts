import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announce } from './ready.ts'

/** A REST API that says back what it is asked: node:http with nothing behind it. */
const server = createServer((request, response) => {
  const text = new URL(request.url ?? '', 'http://bench').searchParams.get('text') ?? ''
  const body = JSON.stringify({ text, items: [{ id: 1, name: 'one' }], total: 1 })
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body)
})

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
