import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js'
import { benchTools, callResult } from '../tools.ts'
import { announce } from './ready.ts'

/** What an agent has without a gateway: the same tools on the SDK's streamable HTTP server, one Server a session. */

const tools = benchTools(Number(process.argv[2])) as Tool[]
const sessions = new Map<string, StreamableHTTPServerTransport>()

async function open(): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  })
  // The low-level Server, since it costs least.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const mcp = new Server({ name: 'direct', version: '1' }, { capabilities: { tools: {} } })
  mcp.setRequestHandler(ListToolsRequestSchema, () => ({ tools }))
  mcp.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const text = params.arguments?.text
    return callResult(params.name, typeof text === 'string' ? text : '')
  })
  await mcp.connect(transport)
  return transport
}

const server = createServer((request, response) => {
  const known = sessions.get(String(request.headers['mcp-session-id']))
  void Promise.resolve(known ?? open()).then((transport) => transport.handleRequest(request, response))
})

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`))
