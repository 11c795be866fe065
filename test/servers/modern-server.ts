/**
 * A server for both eras, written with the official SDK 2.x: an independent reading of the protocol.
 * `node modern-server.ts stdio [--legacy reject]` or `node modern-server.ts http [--legacy reject]`, which prints its URL.
 */
import { createServer } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer, type ServerContext } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

// The SDK warns of the name that needs encoding, once per request.
console.warn = () => undefined

const reject = process.argv.includes('reject')
const text = (value: unknown) => ({
  content: [{ type: 'text' as const, text: typeof value === 'string' ? value : JSON.stringify(value) }],
})

/** Shared by all instances: HTTP makes one for each request. */
let extraTools = 0
let onToolAdded: (() => void) | undefined
let onTouched: ((uri: string) => void) | undefined

function build(): McpServer {
  const server = new McpServer(
    { name: 'modern-fixture', version: '1.2.3' },
    {
      capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } },
      instructions: 'A server for tests.',
    },
  )
  server.registerTool(
    'echo',
    { description: 'Echo back', inputSchema: z.object({ message: z.string() }) },
    ({ message }) => text(`Echo: ${message}`),
  )
  server.registerTool(
    'grüße',
    { description: 'A name that needs encoding in a header', inputSchema: z.object({}) },
    (_: object, context: ServerContext) => text(headersOf(context)),
  )
  server.registerTool(
    'by_region',
    {
      description: 'Repeats an argument in a header',
      inputSchema: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }), count: z.number().optional() }),
    },
    (_, context: ServerContext) => text(headersOf(context)),
  )
  server.registerTool('meta', { inputSchema: z.object({}) }, (_: object, context: ServerContext) =>
    text(context.mcpReq.envelope ?? {}),
  )
  server.registerTool('slow', { inputSchema: z.object({}) }, async (_: object, context: ServerContext) => {
    await new Promise<void>((resolve) =>
      context.mcpReq.signal.addEventListener('abort', () => resolve(), { once: true }),
    )
    process.stderr.write('slow call cancelled\n')
    return text('cancelled')
  })
  server.registerTool('add_tool', { inputSchema: z.object({}) }, () => {
    extraTools++
    setImmediate(() => onToolAdded?.())
    return text('added')
  })
  server.registerResource('one', 'memo://one', {}, (uri) => ({ contents: [{ uri: uri.href, text: 'one' }] }))
  server.registerTool('touch', { inputSchema: z.object({ uri: z.string() }) }, ({ uri }) => {
    setImmediate(() => onTouched?.(uri))
    return text('touched')
  })
  for (let number = 1; number <= extraTools; number++) {
    server.registerTool(`extra_${number}`, { inputSchema: z.object({}) }, () => text('extra'))
  }
  return server
}

function headersOf(context: ServerContext): Record<string, string> {
  return Object.fromEntries(context.http?.req?.headers ?? [])
}

if (process.argv[2] === 'http') {
  const handler = createMcpHandler(build, { legacy: reject ? 'reject' : 'stateless' })
  onToolAdded = () => handler.notify.toolsChanged()
  onTouched = (uri) => handler.notify.resourceUpdated(uri)
  const serve = toNodeHandler(handler)
  const http = createServer((request, response) => void serve(request as Parameters<typeof serve>[0], response))
  http.listen(0, '127.0.0.1', () => {
    const address = http.address()
    console.log(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/mcp`)
  })
} else {
  serveStdio(
    () => {
      const server = build()
      onToolAdded = () => {
        server.registerTool(`extra_${extraTools}`, { inputSchema: z.object({}) }, () => text('extra'))
      }
      return server
    },
    { legacy: reject ? 'reject' : 'serve' },
  )
}
