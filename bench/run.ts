import { availableParallelism, cpus, loadavg } from 'node:os'
import type { Bench } from './bench.ts'
import { compileTargets } from './compile.ts'
import { Table } from './figures.ts'
import { calls } from './parts/calls.ts'
import { events } from './parts/events.ts'
import { lists } from './parts/lists.ts'
import { memory } from './parts/memory.ts'
import { openapi } from './parts/openapi.ts'
import { rest } from './parts/rest.ts'
import { sessions } from './parts/sessions.ts'
import { start } from './parts/start.ts'
import { installPeers } from './peers.ts'

/**
 * `npm run bench [-- PART…] [--quick] [--peers]`: what the built gateway costs, next to a direct connection to an SDK server and to
 * the least that could do its work. All take turns, so that a busy machine hits them alike; the ratios count, not the
 * figures. It judges nothing by its exit code: a machine with other work would decide.
 */

const PARTS: Record<string, (bench: Bench) => Promise<void>> = {
  calls,
  sessions,
  lists,
  rest,
  openapi,
  events,
  start,
  memory,
}

const words = process.argv.slice(2).filter((word) => word !== '--quick' && word !== '--peers')
const unknown = words.filter((word) => !Object.hasOwn(PARTS, word))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}.`)
  process.exit(2)
}

const quick = process.argv.includes('--quick')
const peers = process.argv.includes('--peers')
const table = new Table()
const bench: Bench = {
  table,
  peers,
  rounds: quick ? 2 : 4,
  scaled: (count) => Math.max(2, Math.round(count * (quick ? 0.3 : 1))),
}
const started = performance.now()
compileTargets()
if (peers) installPeers()
for (const [name, part] of Object.entries(PARTS)) if (words.length === 0 || words.includes(name)) await part(bench)
table.print()
const load = loadavg()[0] ?? 0
console.log(
  `\n${((performance.now() - started) / 1000).toFixed(0)} s, Node ${process.version}, ${availableParallelism()} × ` +
    `${cpus()[0]?.model ?? 'unknown processor'}, load ${load.toFixed(1)}`,
)
