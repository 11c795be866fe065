import { cpuPerRun, median, quantile, throughput, timeEach } from './measure.ts'
import { Target, TARGETS, type TargetName } from './target.ts'

/**
 * `npm run bench [-- --quick]`: what the gateway costs, next to a direct connection to an SDK server and to the least
 * that could do its work. All run in one go and take turns, so that a busy machine hits them alike; the ratios count,
 * not the figures. It judges nothing: docs/performance.md has the targets.
 */

const quick = process.argv.includes('--quick')
const ROUNDS = quick ? 2 : 4
const SCALE = quick ? 0.3 : 1
const CONNECTIONS = 64

type Figures = Record<TargetName, number>

interface Row {
  figure: string
  unit: string
  values: Figures
}

const rows: Row[] = []
const started = performance.now()

await withTargets(10, async (targets) => {
  await record('memory when idle', 'MiB', targets, async (target) => (await target.usage()).rssBytes / 2 ** 20)
  for (const target of targets) await throughput(scaled(2000), 32, () => target.client.call(target.session))

  const latencies = await inTurns(targets, (target) => timeEach(scaled(500), () => target.client.call(target.session)))
  add('latency p50', 'ms', (name) => median(latencies[name].flat()))
  add('latency p99', 'ms', (name) => quantile(latencies[name].flat(), 0.99))

  for (const inFlight of [8, 64]) {
    const cpu = new Map<TargetName, number[]>(TARGETS.map((name) => [name, []]))
    const rates = await inTurns(targets, async (target) => {
      let rate = 0
      const count = scaled(2500)
      const used = await cpuPerRun(target, count, async () => {
        rate = await throughput(count, inFlight, () => target.client.call(target.session))
      })
      cpu.get(target.name)?.push(used)
      return rate
    })
    add(`calls, ${inFlight} in flight`, '/s', (name) => median(rates[name]))
    if (inFlight === 64) add('CPU per call, 64 in flight', 'µs', (name) => median(cpu.get(name) ?? []))
  }

  const sessions = await inTurns(targets, async (target) => {
    const opened = await Promise.all(Array.from({ length: 32 }, () => target.client.open()))
    let turn = 0
    const rate = await throughput(scaled(2500), 32, () => target.client.call(opened[turn++ % 32] ?? ''))
    await Promise.all(opened.map((session) => target.client.end(session)))
    return rate
  })
  add('calls, 32 sessions', '/s', (name) => median(sessions[name]))

  const large = await inTurns(targets, (target) => timeEach(scaled(20), () => target.client.callLarge(target.session)))
  add('1 MiB answer p50', 'ms', (name) => median(large[name].flat()))

  const churn = await inTurns(targets, (target) =>
    throughput(scaled(200), 4, async () => {
      const session = await target.client.open()
      await target.client.list(session, 10)
      await target.client.call(session)
      await target.client.end(session)
    }),
  )
  add('session churn', '/s', (name) => median(churn[name]))
  await record('memory after the calls', 'MiB', targets, async (target) => (await target.usage()).rssBytes / 2 ** 20)
  await timeList(targets, 10, scaled(200))
})
for (const [tools, count] of [
  [1_000, scaled(40)],
  [10_000, scaled(8)],
] as const) {
  await withTargets(tools, (targets) => timeList(targets, tools, count))
}

print()

async function timeList(targets: readonly Target[], tools: number, count: number): Promise<void> {
  for (const target of targets) await target.client.list(target.session, tools)
  const times = await inTurns(targets, (target) => timeEach(count, () => target.client.list(target.session, tools)))
  add(`tools/list of ${tools.toLocaleString('en')} p50`, 'ms', (name) => median(times[name].flat()))
}

async function withTargets(tools: number, use: (targets: readonly Target[]) => Promise<void>): Promise<void> {
  const targets: Target[] = []
  try {
    for (const name of TARGETS) targets.push(await Target.start(name, tools, CONNECTIONS))
    await use(targets)
  } finally {
    await Promise.all(targets.map((target) => target.stop()))
  }
}

/** Each target once a round, so that none has the quiet minute for itself. */
async function inTurns<Value>(
  targets: readonly Target[],
  run: (target: Target) => Promise<Value>,
): Promise<Record<TargetName, Value[]>> {
  const values: Record<TargetName, Value[]> = { 'direct-http': [], floor: [], 'floor-gateway': [], gatehouse: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const target of targets) values[target.name].push(await run(target))
  }
  return values
}

async function record(
  figure: string,
  unit: string,
  targets: readonly Target[],
  read: (target: Target) => Promise<number>,
): Promise<void> {
  const values = new Map<TargetName, number>()
  for (const target of targets) values.set(target.name, await read(target))
  add(figure, unit, (name) => values.get(name) ?? NaN)
}

function add(figure: string, unit: string, valueOf: (name: TargetName) => number): void {
  rows.push({ figure, unit, values: Object.fromEntries(TARGETS.map((name) => [name, valueOf(name)])) as Figures })
}

function scaled(count: number): number {
  return Math.max(2, Math.round(count * SCALE))
}

function print(): void {
  const header = ['', ...TARGETS, 'gatehouse ÷ direct', '÷ floor-gateway']
  const lines = rows.map(({ figure, unit, values }) => [
    `${figure} (${unit})`,
    ...TARGETS.map((name) => short(values[name])),
    (values.gatehouse / values['direct-http']).toFixed(2),
    (values.gatehouse / values['floor-gateway']).toFixed(2),
  ])
  const widths = header.map((_, column) => Math.max(...[header, ...lines].map((line) => line[column]?.length ?? 0)))
  for (const line of [header, ...lines]) {
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
  }
  console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s on Node ${process.version}`)
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
