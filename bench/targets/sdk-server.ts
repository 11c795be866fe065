import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js'
import { benchTools, callResult } from '../tools.ts'

const tools = benchTools(Number(process.argv[2])) as Tool[]

/** A server with the tools of the bench on the SDK: the low-level Server, since it costs least. */
// eslint-disable-next-line @typescript-eslint/no-deprecated
export function sdkServer(name: string): Server {
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const server = new Server({ name, version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const text = params.arguments?.text
    return callResult(params.name, typeof text === 'string' ? text : '')
  })
  return server
}
