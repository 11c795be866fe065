/**
 * What a large list of tools costs in memory: `node --expose-gc test/measure/list-memory.ts [tools] [bytes of each] [on a
 * page]`, by default 100,000 of 500 bytes, 1,000 on a page. Prints MiB: before, at the peak while it is read, and kept.
 */
import { fileURLToPath } from 'node:url'
import { ChildProcesses } from '../../src/main/upstream/child-processes.ts'
import { defaultUpstreamLimits } from '../../src/main/upstream/limits.ts'
import { emptyOffer } from '../../src/main/upstream/offer.ts'
import { UpstreamPool } from '../../src/main/upstream/pool.ts'
import { parseToolList } from '../../src/main/upstream/tool-list.ts'
import { noRest } from '../helpers/no-rest.ts'

const [tools = '100000', bytes = '500', page = '1000'] = process.argv.slice(2)
const log = { info: () => undefined, warn: () => undefined }
const nobody = { connectionChanged: () => undefined, offerChanged: () => undefined, said: () => undefined }

function memory() {
  globalThis.gc?.()
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  return Object.fromEntries(Object.entries({ rss, heapUsed, arrayBuffers }).map(([name, size]) => [name, mib(size)]))
}

function mib(size: number): number {
  return Math.round(size / 1024 / 1024)
}

const pool = new UpstreamPool({
  listener: nobody,
  log,
  limits: defaultUpstreamLimits,
  clientInfo: { name: 'measure', version: '0' },
  children: new ChildProcesses({ environment: process.env, log }),
  createRest: noRest,
})
console.log('before', memory())
let peak = 0
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5)
const startedAt = performance.now()
const server = fileURLToPath(new URL('list-server.ts', import.meta.url))
const upstream = pool.start({
  id: 'one',
  workspace: 'default',
  slug: 'many',
  protocol: 'mcp',
  mcp: {
    transport: 'stdio',
    command: process.execPath,
    args: [server, tools, bytes, page],
    env: {},
    era: 'legacy',
    isolation: 'shared',
  },
  secrets: () => ({ headers: {}, env: {} }),
  lastKnown: emptyOffer,
})
while (upstream.connection.state === 'connecting') await new Promise((resolve) => setTimeout(resolve, 50))
clearInterval(watch)
const list = upstream.tools
console.log(`${list.tools.length} tools, ${mib(list.bytes.length)} MiB of text, ${upstream.connection.state}`)
console.log(upstream.connection.warnings, upstream.connection.error)
console.log(`read in ${Math.round(performance.now() - startedAt)} ms, peak RSS ${mib(peak)}`)
await new Promise((resolve) => setTimeout(resolve, 2_000))
console.log('kept', memory())
const text = list.text
const parsedAt = performance.now()
const stored = parseToolList(text)
console.log(`from the store: ${stored.tools.length} tools in ${Math.round(performance.now() - parsedAt)} ms`)
await pool.close()
