import { createInterface } from 'node:readline'
import { benchTools, callResult } from '../tools.ts'

/** The MCP server behind both gateways: a bare loop over lines, so that what is measured is in front of it. */

const tools = benchTools(Number(process.argv[2]))

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line) as {
    id?: number | string
    method: string
    params?: { name: string; arguments: { text: string } }
  }
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer(method, params) })}\n`)
}

function answer(method: string, params?: { name: string; arguments: { text: string } }): object {
  if (method === 'initialize') {
    const serverInfo = { name: 'bench', version: '1' }
    return { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } }
  }
  if (method === 'tools/list') return { result: { tools } }
  if (method === 'tools/call' && params) return { result: callResult(params.name, params.arguments.text) }
  return { error: { code: -32601, message: 'Method not found' } }
}
