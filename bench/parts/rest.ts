import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Pool } from 'undici'
import type { Bench } from '../bench.ts'
import { compiledFile } from '../compile.ts'
import { GatehouseFolder, startGatehouse } from '../gatehouse.ts'
import { ratioAtMost } from '../figures.ts'
import { median, quantile, throughput, timeEach } from '../measure.ts'
import { Target } from '../target.ts'
import type { Ready } from '../targets/ready.ts'
import { ThinClient } from '../thin-client.ts'

const TOOLS = 2_000
const CONNECTIONS = 64

/**
 * Calls of REST tools next to bare requests to the same API, which is half the way: an agent's request, and the one that it
 * makes. The list next to that of an MCP server with as many tools.
 */
export async function rest(bench: Bench): Promise<void> {
  const api = fork(compiledFile('targets/rest-server.ts'))
  const [{ ready }] = (await once(api, 'message')) as [Ready]
  const folder = new GatehouseFolder(0, 0)
  folder.fill([{ name: 'bench', protocol: 'rest', rest: { base_url: ready.url, max_concurrency: 64, tools: tools() } }])
  const gateway = await startGatehouse(folder, true)
  const client = new ThinClient(gateway.ready, CONNECTIONS)
  const bare = new Pool(ready.url, { connections: CONNECTIONS })
  const listing = await Target.start('direct-http', TOOLS)
  try {
    const session = await client.open()
    await client.waitForList(session, TOOLS)
    await compareCalls(bench, { 'direct-http': () => ask(bare), gatehouse: () => client.call(session) })
    const lists = { 'direct-http': [] as number[], gatehouse: [] as number[] }
    for (let round = 0; round < bench.rounds; round++) {
      const count = bench.scaled(20)
      lists['direct-http'].push(...(await timeEach(count, () => listing.client.list(listing.session, TOOLS))))
      lists.gatehouse.push(...(await timeEach(count, () => client.list(session, TOOLS))))
    }
    const p50 = { 'direct-http': median(lists['direct-http']), gatehouse: median(lists.gatehouse) }
    bench.table.add('REST: tools/list of 2,000 p50', 'ms', p50, ratioAtMost(0.65))
  } finally {
    await listing.stop()
    await Promise.all([client.close(), bare.close()])
    gateway.child.disconnect()
    api.disconnect()
    await Promise.all([once(gateway.child, 'exit'), once(api, 'exit')])
    folder.remove()
  }
}

type Pair<Value> = Record<'direct-http' | 'gatehouse', Value>

async function compareCalls({ table, rounds, scaled }: Bench, run: Pair<() => Promise<void>>): Promise<void> {
  const names = ['direct-http', 'gatehouse'] as const
  for (const name of names) await throughput(scaled(2_000), 32, run[name])
  const times: Pair<number[]> = { 'direct-http': [], gatehouse: [] }
  const rates: Pair<number[]> = { 'direct-http': [], gatehouse: [] }
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(...(await timeEach(scaled(500), run[name])))
    for (const name of names) rates[name].push(await throughput(scaled(2_500), 64, run[name]))
  }
  const of = (value: (name: keyof Pair<unknown>) => number) => ({
    'direct-http': value('direct-http'),
    gatehouse: value('gatehouse'),
  })
  table.add(
    'REST: call p50, one in flight',
    'ms',
    of((name) => median(times[name])),
  )
  table.add(
    'REST: call p99, one in flight',
    'ms',
    of((name) => quantile(times[name], 0.99)),
  )
  table.add(
    'REST: calls, 64 in flight',
    '/s',
    of((name) => median(rates[name])),
  )
}

let asked = 0

async function ask(pool: Pool): Promise<void> {
  const nonce = `nonce ${++asked}`
  const path = `/echo?text=${encodeURIComponent(nonce)}`
  const { body } = await pool.request({ method: 'GET', path, headers: { accept: 'application/json' } })
  if (!Buffer.from(await body.arrayBuffer()).includes(nonce)) throw new Error('The answer is not the one asked for.')
}

/** `echo`, and others of the size that real operations have. */
function tools(): object[] {
  return ['echo', ...Array.from({ length: TOOLS - 1 }, (_, index) => `tool_${index}`)].map((name) => ({
    name,
    title: `The tool ${name}`,
    description: `Does what ${name} does: takes a text, optionally a number of items and a mode, and gives the text back.`,
    method: 'GET',
    path: `/${name}`,
    parameters: [
      { name: 'text', in: 'query', required: true, schema: { type: 'string' }, description: 'What to give back.' },
      {
        name: 'limit',
        in: 'query',
        schema: { type: 'integer', minimum: 1, maximum: 100 },
        description: 'At most so many.',
      },
      { name: 'mode', in: 'query', schema: { type: 'string', enum: ['fast', 'exact'] }, description: 'How to look.' },
    ],
  }))
}
