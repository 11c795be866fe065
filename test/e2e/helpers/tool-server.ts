import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { onTestFinished } from 'vitest'
import { z } from 'zod'

/** An MCP server over Streamable HTTP with one tool, as the SDK makes it; with a token it lets nobody else in. */
export async function startToolServer(tool: string, token?: string): Promise<string> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'tool-server', version: '1' })
    server.registerTool(tool, { description: 'The one tool', inputSchema: z.object({}) }, () => ({ content: [] }))
    return server
  })
  const serve = toNodeHandler(handler)
  const http = createServer((request, response) => {
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end()
    else void serve(request as Parameters<typeof serve>[0], response)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`
}
