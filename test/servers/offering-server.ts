/**
 * A stdio server whose every answer is given by the test: `node offering-server.ts <script>`, where the script is JSON text
 * of `Script`. Legacy, without SDK. Its tools: `asked` tells what it was asked, `answer` changes an answer, `say` writes
 * messages.
 */
import { createInterface } from 'node:readline'

interface Script {
  capabilities: object
  instructions?: string
  /** Results by method; a string is the message of a JSON-RPC error -32603, a number the code of one, null is silence. */
  answers?: Record<string, unknown>
  /** Sent before the answer to `initialize`, and as soon as the client is ready. */
  early?: object[]
}

interface Message {
  id?: number
  method: string
  params?: { name?: string; arguments?: { method?: string; result?: unknown; messages?: object[] } }
}

const script = JSON.parse(process.argv[2] ?? '{}') as Script
const tool = (name: string) => ({ name, inputSchema: { type: 'object' } })
const answers: Record<string, unknown> = {
  'tools/list': { tools: [tool('asked'), tool('answer'), tool('say')] },
  ...script.answers,
}
const asked: Message[] = []

const write = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

function call({ params }: Message): unknown {
  const { method, result, messages = [] } = params?.arguments ?? {}
  if (params?.name === 'answer' && method !== undefined) answers[method] = result
  if (params?.name === 'say') messages.forEach(write)
  return { content: [{ type: 'text', text: params?.name === 'asked' ? JSON.stringify(asked) : '' }] }
}

function reply(message: Message): void {
  const { id, method } = message
  if (method === 'tools/call') {
    write({ id, result: call(message) })
    return
  }
  const answer = answers[method]
  if (answer === null) return
  if (typeof answer === 'string') write({ id, error: { code: -32603, message: answer } })
  else if (typeof answer === 'number') write({ id, error: { code: answer, message: 'Refused' } })
  else if (answer === undefined) write({ id, error: { code: -32601, message: 'Method not found' } })
  else write({ id, result: answer })
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message
  const { id, method } = message
  if (method !== 'tools/call') asked.push(message)
  if (id === undefined) return
  if (method !== 'initialize') {
    reply(message)
    return
  }
  const { capabilities, instructions } = script
  script.early?.forEach(write)
  write({
    id,
    result: {
      protocolVersion: '2025-11-25',
      capabilities,
      serverInfo: { name: 'offering', version: '1' },
      ...(instructions !== undefined && { instructions }),
    },
  })
  script.early?.forEach(write)
})
