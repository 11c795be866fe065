/** A legacy stdio server of very many tools: `node list-server.ts <tools> <bytes of each> <tools on a page>`. Without SDK. */
import { createInterface } from 'node:readline'

const [count = 0, bytes = 0, page = 0] = process.argv.slice(2).map(Number)
const schema = '"inputSchema":{"type":"object","properties":{"id":{"type":"string"},"reason":{"type":"string"}}}'

function toolAt(index: number): string {
  const tool = `{"name":"tool_${index}","description":"",${schema}}`
  return tool.replace('"description":""', `"description":"${'word '.repeat(bytes / 5).slice(0, bytes - tool.length)}"`)
}

function list(from: number): string {
  const to = Math.min(from + page, count)
  const tools = Array.from({ length: to - from }, (_, index) => toolAt(from + index))
  return `{"tools":[${tools.join(',')}]${to < count ? `,"nextCursor":"${to}"` : ''}}`
}

createInterface(process.stdin).on('line', (line) => {
  const { id, method, params } = JSON.parse(line) as { id?: number; method: string; params?: { cursor?: string } }
  if (id === undefined) return
  const opening =
    '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"many","version":"1"}}'
  const result = method === 'initialize' ? opening : method === 'tools/list' ? list(Number(params?.cursor ?? 0)) : '{}'
  process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":${result}}\n`)
})
