import { createInterface } from 'node:readline'
import { benchTools, callResult } from '../tools.ts'

/** The MCP server behind both gateways: a bare loop over lines, so that what is measured is in front of it. */

interface Params {
  protocolVersion: string
  name: string
  arguments: { text: string }
}

const tools = benchTools(Number(process.argv[2]))

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line) as {
    id?: number | string
    method: string
    params?: Params
  }
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer(method, params) })}\n`)
}

function answer(method: string, params?: Params): object {
  if (method === 'initialize') {
    const serverInfo = { name: 'bench', version: '1' }
    // Any will do: it has nothing that differs between them.
    return { result: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo } }
  }
  if (method === 'tools/list') return { result: { tools } }
  if (method === 'tools/call' && params) return { result: callResult(params.name, params.arguments.text) }
  return { error: { code: -32601, message: 'Method not found' } }
}
