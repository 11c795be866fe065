/** A stdio server that tells on stderr what it does, as many do: `node logging-server.ts`. */
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const log = (line: string) => process.stderr.write(`${line}\n`)

log('\x1b[32mlogging-server is ready\x1b[0m')
serveStdio(() => {
  const server = new McpServer({ name: 'logging-server', version: '1.0.0' })
  server.registerTool(
    'say',
    { description: 'Logs a text', inputSchema: z.object({ text: z.string() }) },
    ({ text }) => {
      log(text)
      return { content: [{ type: 'text', text: `said ${text}` }] }
    },
  )
  server.registerTool('fail', { description: 'Always fails', inputSchema: z.object({}) }, () => ({
    isError: true,
    content: [{ type: 'text', text: 'It did not work out' }],
  }))
  return server
})
