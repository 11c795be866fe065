/**
 * A stdio server that changes its tools: `become` takes the new list, keeps it in the file that is its argument, so that it
 * outlives the process, and says that its list changed. A call of any other tool answers its name. Legacy, without SDK.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

interface Request {
  id?: number | string
  method: string
  params?: { name?: string; arguments?: { tools?: unknown[] } }
}

const [file = ''] = process.argv.slice(2)
const become = {
  name: 'become',
  description: 'Takes another list of tools.',
  inputSchema: { type: 'object', properties: { tools: { type: 'array' } }, required: ['tools'] },
}
const read = {
  name: 'read',
  description: 'Reads a file.',
  inputSchema: { type: 'object', properties: { path: { type: 'string', description: 'Where it is.' } } },
}
let tools: unknown[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown[]) : [read]

function resultOf({ method, params = {} }: Request): unknown {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-06-18',
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: 'changing', version: '1' },
      }
    case 'tools/list':
      return { tools: [become, ...tools] }
    case 'tools/call':
      if (params.name === 'become') {
        tools = params.arguments?.tools ?? []
        writeFileSync(file, JSON.stringify(tools))
        setImmediate(() => send({ method: 'notifications/tools/list_changed' }))
      }
      return { content: [{ type: 'text', text: `${params.name} was called` }] }
    default:
      return {}
  }
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line) as Request
  if (request.id !== undefined) send({ id: request.id, result: resultOf(request) })
})
