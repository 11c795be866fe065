import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import BetterSqlite3 from 'better-sqlite3'
import type { Bench } from '../bench.ts'
import { compiledFile } from '../compile.ts'
import { ratioAtMost } from '../figures.ts'
import { GatehouseFolder, startGatehouse } from '../gatehouse.ts'
import { median } from '../measure.ts'
import { ThinClient } from '../thin-client.ts'

const TOOLS = 10
const SERVER = 'sdk-stdio-server.ts'
const OPENING = [
  '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}',
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
]

/** From the start of a process to the first full list of its tools, against starting all of the servers directly. */
export async function start({ table, rounds }: Bench): Promise<void> {
  for (const [servers, goal, goalWithLists] of [
    [1, 1.7, 0.9],
    [10, 1.1, 0.2],
    [50, 1.05, 0.2],
  ] as const) {
    const folder = new GatehouseFolder(servers, TOOLS, SERVER)
    await startToList(folder, servers, true)
    const times = { direct: [] as number[], without: [] as number[], with: [] as number[] }
    for (let round = 0; round < Math.min(rounds, servers === 50 ? 2 : 4); round++) {
      times.direct.push(await startDirectly(servers))
      times.with.push(await startToList(folder, servers))
      forgetLists(folder)
      times.without.push(await startToList(folder, servers))
    }
    folder.remove()
    const direct = median(times.direct)
    const named = `start to the first full list, ${servers === 1 ? '1 server' : `${servers} servers`}`
    table.add(named, 'ms', { 'direct-http': direct, gatehouse: median(times.without) }, ratioAtMost(goal))
    table.add(
      `${named}, lists stored`,
      'ms',
      { 'direct-http': direct, gatehouse: median(times.with) },
      ratioAtMost(goalWithLists),
    )
  }
}

async function startDirectly(count: number): Promise<number> {
  const started = performance.now()
  const children = Array.from({ length: count }, () => {
    return spawn(process.execPath, [compiledFile(`targets/${SERVER}`), String(TOOLS)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
  })
  await Promise.all(children.map(listed))
  const took = performance.now() - started
  await Promise.all(children.map((child) => (child.kill(), once(child, 'exit'))))
  return took
}

async function listed({ stdin, stdout }: ChildProcess): Promise<void> {
  if (stdin === null || stdout === null) throw new Error('The server has no pipes.')
  stdin.write(`${OPENING.join('\n')}\n`)
  for await (const line of createInterface({ input: stdout })) if (line.includes('"tools":[')) return
}

async function startToList(folder: GatehouseFolder, servers: number, isFirst = false): Promise<number> {
  const started = performance.now()
  const { child, ready } = await startGatehouse(folder, isFirst, { isAsked: false })
  const client = new ThinClient(ready, 1)
  await client.waitForList(await client.open(), servers * TOOLS)
  const took = performance.now() - started
  // What it stores comes shortly after the lists.
  if (isFirst) await new Promise((resolve) => setTimeout(resolve, 2_000))
  await client.close()
  child.kill('SIGTERM')
  await once(child, 'exit')
  return took
}

/** The gateway starts as if it had never seen its servers; that they were approved stays. */
function forgetLists(folder: GatehouseFolder): void {
  const database = new BetterSqlite3(join(folder.path, 'gatehouse.db'))
  try {
    database.exec('DELETE FROM offers')
  } finally {
    database.close()
  }
}
