import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { announce } from './ready.ts'
import { sdkServer } from './sdk-server.ts'

/** What an agent has without a gateway: the same tools on the SDK's streamable HTTP server, one Server a session. */

const sessions = new Map<string, StreamableHTTPServerTransport>()

async function open(): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  })
  await sdkServer('direct').connect(transport)
  return transport
}

const server = createServer((request, response) => {
  const known = sessions.get(String(request.headers['mcp-session-id']))
  void Promise.resolve(known ?? open()).then((transport) => transport.handleRequest(request, response))
})

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`))
