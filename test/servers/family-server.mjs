/**
 * A stdio server with relatives: `node family-server.mjs <traits, with commas> <mark>`. Legacy, without SDK and without
 * types, so that fifty starts are quick. Each trait adds one process that carries the mark in its command line:
 * `child` stays in the process group, `session` leaves it; with `stubborn-` before it SIGTERM does not end it.
 * Of the server itself: `deaf` ignores the end of its input and SIGTERM; `short` ends soon after it has connected.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const [, , traits = '', mark = ''] = process.argv
const has = new Set(traits.split(','))

for (const trait of has) {
  const kind = /^(stubborn-)?(child|session)$/.exec(trait)
  if (!kind) continue
  const ignore = kind[1] ? 'trap "" TERM; ' : ''
  // A missing file is no fault to it: the mark is only there to be found.
  const options = { stdio: 'ignore', detached: kind[2] === 'session' }
  spawn('sh', ['-c', `${ignore}exec tail -f /dev/null "$0"`, mark], options).unref()
}

if (has.has('deaf')) {
  process.on('SIGTERM', () => undefined)
  setInterval(() => undefined, 60_000)
}

const answer = (id, result) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`)
const serverInfo = { name: 'family', version: '1' }
let tools = 1

const methods = {
  initialize: () => ({ protocolVersion: '2025-11-25', capabilities: { tools: { listChanged: true } }, serverInfo }),
  'tools/list': () => {
    if (has.has('short')) setTimeout(() => process.exit(4), 200)
    return {
      tools: Array.from({ length: tools }, (_, index) => ({ name: `tool_${index}`, inputSchema: { type: 'object' } })),
    }
  },
  'tools/call': async ({ arguments: { lines = 0, text = '', busyMs = 0, newTool = false } = {} }) => {
    const end = performance.now() + busyMs
    while (performance.now() < end);
    for (let rest = lines; rest > 0; rest -= 1_000) {
      const block = `${text}\n`.repeat(Math.min(rest, 1_000))
      if (!process.stderr.write(block)) await new Promise((resolve) => process.stderr.once('drain', resolve))
    }
    if (newTool) {
      tools++
      process.stdout.write('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n')
    }
    return { content: [{ type: 'text', text: 'done' }] }
  },
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const work = methods[method]
  if (work) answer(id, await work(params))
  else process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'No' } })}\n`)
})
