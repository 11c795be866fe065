import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

/** An MCP server of the modern era over stdio: it refuses `initialize`. Its list grows by one when `grow` is called. */
serveStdio(
  () => {
    const server = new McpServer({ name: 'modern', version: '1' }, { capabilities: { tools: { listChanged: true } } })
    server.registerTool('echo', { inputSchema: z.object({ nonce: z.string() }) }, ({ nonce }) => ({
      content: [{ type: 'text', text: nonce }],
    }))
    server.registerTool('meta', { inputSchema: z.object({}) }, (_arguments, context) => ({
      content: [{ type: 'text', text: JSON.stringify(context.mcpReq._meta ?? null) }],
    }))
    server.registerTool('grow', { inputSchema: z.object({}) }, () => {
      server.registerTool('grown', {}, () => ({ content: [] }))
      return { content: [] }
    })
    return server
  },
  { legacy: 'reject' },
)
