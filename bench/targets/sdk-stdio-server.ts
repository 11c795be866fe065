import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js'
import { benchTools, callResult } from '../tools.ts'

/** A server as people have them, on the SDK: what takes its time to start. */

const tools = benchTools(Number(process.argv[2])) as Tool[]
// eslint-disable-next-line @typescript-eslint/no-deprecated
const server = new Server({ name: 'bench', version: '1' }, { capabilities: { tools: {} } })
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }))
server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
  const text = params.arguments?.text
  return callResult(params.name, typeof text === 'string' ? text : '')
})
await server.connect(new StdioServerTransport())
