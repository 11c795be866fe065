/**
 * A server for both eras that works as long as it is wanted: `node working-server.ts stdio` or `… http`, which prints its
 * URL. It tells who was cancelled, so that a test can ask.
 */
import { createServer } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer, type ServerContext } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

/** Shared by all instances: HTTP makes one for each request. */
const cancelled: string[] = []

const Work = z.object({ nonce: z.string(), steps: z.number(), endless: z.boolean().optional() })

function build(): McpServer {
  const server = new McpServer({ name: 'working', version: '1' })
  server.registerTool('work', { inputSchema: Work }, async ({ nonce, steps, endless }, { mcpReq }: ServerContext) => {
    const progressToken = mcpReq._meta?.progressToken
    for (let progress = 1; progress <= steps && progressToken !== undefined; progress++) {
      const params = { progressToken, progress, total: steps, message: nonce }
      await mcpReq.notify({ method: 'notifications/progress', params })
    }
    if (endless === true) {
      await new Promise<void>((resolve) => {
        mcpReq.signal.addEventListener('abort', () => resolve(), { once: true })
      })
      cancelled.push(nonce)
    }
    return { content: [{ type: 'text', text: nonce }] }
  })
  server.registerTool('cancelled', { inputSchema: z.object({}) }, () => ({
    content: [{ type: 'text', text: JSON.stringify(cancelled) }],
  }))
  return server
}

if (process.argv[2] === 'http') {
  const serve = toNodeHandler(createMcpHandler(build, { legacy: 'stateless' }))
  const http = createServer((request, response) => void serve(request as Parameters<typeof serve>[0], response))
  http.listen(0, '127.0.0.1', () => {
    const address = http.address()
    console.log(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/mcp`)
  })
} else serveStdio(build, { legacy: 'serve' })
