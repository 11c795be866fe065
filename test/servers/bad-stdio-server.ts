/**
 * A stdio server that misbehaves in one way, by name: `node bad-stdio-server.ts <mode> [arguments]`. Legacy, without SDK,
 * so that it can say what no SDK would.
 */
import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { malformed } from './malformed.ts'

interface Request {
  id?: number | string
  /** Absent in the answer to a request of ours. */
  method?: string
  params?: { name?: string; arguments?: Record<string, unknown>; cursor?: string; requestId?: number }
}

const mode = process.argv[2] ?? 'good'
const write = (line: string) => process.stdout.write(`${line}\n`)
const answer = (id: Request['id'], result: unknown) => write(JSON.stringify({ jsonrpc: '2.0', id, result }))
const fail = (id: Request['id'], code: number, message: string) =>
  write(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }))
const text = (value: string) => ({ content: [{ type: 'text', text: value }] })
const tool = (name: string) => ({ name, description: `The tool ${name}`, inputSchema: { type: 'object' } })
const changed = () => write('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}')

let lists = 0
let cancelled: number[] = []
/** Calls that were never answered. */
let silent = 0
let initialized = false
/** What the client said of itself. */
let opening: unknown
let calls = 0

function tools(cursor: string | undefined): unknown {
  switch (mode) {
    case 'broken-schema':
      return {
        tools: [
          tool('good'),
          { name: 'text_schema', inputSchema: 'object' },
          { name: 'no_schema' },
          { inputSchema: { type: 'object' } },
          tool('good'),
        ],
      }
    case 'ten-thousand-tools':
      return { tools: Array.from({ length: 10_000 }, (_, index) => tool(`tool_${String(index).padStart(5, '0')}`)) }
    case 'paged': {
      const page = Number(cursor ?? '1')
      return { tools: [tool(`page_${page}`)], ...(page < 5 && { nextCursor: String(page + 1) }) }
    }
    case 'same-cursor':
      return { tools: [tool(`page_${lists}`)], nextCursor: 'again' }
    case 'endless-pages':
      return { tools: [tool(`page_${lists}`)], nextCursor: String(lists) }
    case 'long-page':
      return cursor === undefined
        ? { tools: [tool('page_1')], nextCursor: '2' }
        : { tools: [tool('page_2'), { ...tool('long'), description: 'x'.repeat(100_000) }] }
    case 'malformed':
      return { tools: [tool('malformed'), tool('count')] }
    case 'list-changed-storm':
      return {
        tools: [tool('count'), tool(`generation_${process.argv[3] === 'always-new' ? lists : Math.min(lists, 2)}`)],
      }
    case 'no-list':
      return { nothing: true }
    default:
      return { tools: [tool('echo'), tool('crash'), tool('silent'), tool('count'), tool('env'), tool('huge')] }
  }
}

function call({ id, params }: Request): void {
  const input = params?.arguments ?? {}
  switch (params?.name ?? '') {
    case 'crash':
      writeSync(2, 'Error: the tool has crashed\n    at somewhere (file.js:1:1)\n')
      process.exit(7)
      break
    case 'silent':
      silent++
      break
    case 'count':
      answer(id, text(JSON.stringify({ lists, cancelled, silent, pid: process.pid })))
      break
    case 'env':
      answer(id, text(JSON.stringify({ env: process.env, args: process.argv.slice(2), cwd: process.cwd() })))
      break
    case 'huge':
      busy = huge(id, input)
      break
    case 'ask':
      write(JSON.stringify({ jsonrpc: '2.0', id: 'from-server', method: input.method ?? 'ping', params: input.params }))
      asked = (said) => answer(id, text(said))
      break
    case 'say':
      write(JSON.stringify(input.message))
      answer(id, text('said'))
      break
    case 'ask-much':
      for (let number = 0; number < 10_000; number++) {
        write(JSON.stringify({ jsonrpc: '2.0', id: number, method: 'sampling/createMessage', params: {} }))
      }
      answer(id, text('asked'))
      break
    case 'flood':
      busy = flood(Number(input.mib)).then(() => void answer(id, text('flooded')))
      break
    case 'deep':
      write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[],"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`)
      break
    case 'later':
      answer(id, text('said later'))
      write(JSON.stringify(input.message))
      break
    case 'who':
      answer(id, text(JSON.stringify({ pid: process.pid, opening, calls: ++calls })))
      break
    case 'wrong':
      wrong(id)
      break
    case 'malformed':
      for (const message of malformed(Number(input.seed), Number(input.count))) process.stdout.write(message)
      write('')
      answer(id, text('unharmed'))
      break
    default:
      answer(id, text(`Echo: ${typeof input.message === 'string' ? input.message : ''}`))
  }
}

/** A line that is being written: what comes meanwhile is answered after it. */
let busy = Promise.resolve()
let asked: ((said: string) => void) | undefined

/** Answers that no server should give, and then the one that was asked for. */
function wrong(id: Request['id']): void {
  const good = JSON.stringify({ jsonrpc: '2.0', id, result: text('right') })
  write('not json at all')
  write('{"level":"info","msg":"a log line in JSON"}')
  write('[1,2,3]')
  write('null')
  write(`{"jsonrpc":"2.0","id":"${id}","result":{"content":[]}}`)
  write('{"jsonrpc":"2.0","id":999999,"result":{"content":[]}}')
  write('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}')
  write(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  process.stdout.write(Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0xef, 0xbb, 0xbf, 0x0a]))
  process.stdout.write(`${good}\n${good}\n`)
}

/** One line of so many bytes, the id before or after the result, with or without an end. */
async function huge(id: Request['id'], input: Record<string, unknown>): Promise<void> {
  const put = (part: string) =>
    new Promise<void>((resolve) => (process.stdout.write(part) ? resolve() : process.stdout.once('drain', resolve)))
  const part = 'x'.repeat(1024 * 1024)
  await put(
    input.id === 'last'
      ? '{"result":{"content":[],"blob":"'
      : `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"blob":"`,
  )
  for (let size = 0; size < Number(input.mib ?? 50); size++) await put(part)
  if (input.end !== false) await put(input.id === 'last' ? `"},"id":${id},"jsonrpc":"2.0"}\n` : '"}}\n')
}

/** So many bytes of notifications. */
async function flood(mib: number): Promise<void> {
  const message = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(900) } }
  const block = `${JSON.stringify(message)}\n`.repeat(64)
  for (let written = 0; written < mib * 1024 * 1024; written += block.length) {
    if (!process.stdout.write(block)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
  }
}

function handle(request: Request): void {
  const { id, method } = request
  if (method === 'notifications/cancelled') cancelled = [...cancelled, request.params?.requestId ?? -1]
  if (id === undefined) {
    if (method === 'notifications/initialized' && mode === 'list-changed-storm')
      setInterval(() => Array.from({ length: 20 }, changed), 10)
    return
  }
  if (method === undefined) {
    asked?.(JSON.stringify(request))
    return
  }
  if (method === 'server/discover') {
    if (mode === 'exit-on-discover') process.exit(3)
    if (mode === 'silent-on-discover') return
    if (mode === 'strange-on-discover') fail(id, -32602, 'Invalid request parameters')
    else fail(id, -32601, 'Method not found')
    return
  }
  if (method === 'initialize') {
    if (mode === 'refuse') fail(id, -32603, 'The licence has expired')
    else {
      initialized = true
      opening = request.params
      const protocolVersion = mode === 'version' ? process.argv[3] : '2025-11-25'
      answer(id, {
        protocolVersion,
        capabilities: mode === 'no-tools-declared' ? {} : { tools: { listChanged: true } },
        serverInfo: { name: 'bad-fixture', version: '0.1' },
      })
      if (mode === 'exit-after-initialize') setTimeout(() => process.exit(9), 50)
    }
    return
  }
  if (!initialized) fail(id, -32602, 'Not initialized')
  else if (method === 'tools/list') {
    lists++
    if (mode === 'no-tools') fail(id, -32601, 'Method not found')
    else if (mode === 'no-tools-declared') fail(id, -32603, 'No tool handler')
    else if (mode === 'slow-list') setTimeout(() => answer(id, tools(undefined)), Number(process.argv[3] ?? 1000))
    else answer(id, tools(request.params?.cursor))
  } else if (method === 'tools/call') call(request)
  else fail(id, -32601, 'Method not found')
}

function serve(): void {
  createInterface({ input: process.stdin }).on(
    'line',
    (line) => void busy.then(() => handle(JSON.parse(line) as Request)),
  )
}

switch (mode) {
  case 'exit-at-once':
    process.stderr.write('loading\nError: DATABASE_URL is not set\n')
    process.exitCode = 3
    break
  case 'tell-secret':
    process.stderr.write(`Error: the key ${process.env.API_KEY ?? ''} is not valid\n`)
    process.exitCode = 1
    break
  case 'garbage':
    write('Welcome to my server!\nIt is not MCP.')
    setInterval(() => write('still here'), 50)
    process.stdin.on('end', () => process.exit(0)).resume()
    break
  case 'hang':
    process.stdin.on('end', () => process.exit(0)).resume()
    setInterval(() => undefined, 1000)
    break
  case 'launcher':
    // The child holds no pipe of ours and does not watch its input: only its process group ends it.
    console.error(
      `child ${spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', ...process.argv.slice(3)], { stdio: 'ignore' }).pid}`,
    )
    serve()
    break
  case 'deaf':
    setInterval(() => undefined, 1000) // reads nothing at all
    break
  case 'noisy-start':
    write('Starting up…')
    serve()
    break
  default:
    serve()
}
