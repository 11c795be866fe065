import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startTestApp } from '../helpers/start-app.ts'
import { REVISIONS, type Agent } from '../matrix/agent.ts'
import { connect } from '../matrix/agents.ts'
import { KINDS, startServers, type Kind } from '../matrix/servers.ts'

/**
 * `npm run soak [-- --minutes N]`: agents of every revision work with every kind of server, lists change, sessions are
 * opened and ended, and servers are restarted. It fails where memory, open files or dead processes add up (reliability.md,
 * row 14). The app, the agents and their SDKs share this process; the servers do not.
 */

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '2' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error('--minutes needs a number.')

/** The lines to stay below. A short run says less of the slope, which is why it is judged from five minutes on. */
const MOST_MIB_IN_TEN_MINUTES = 1
const MOST_FILES = 20
const SLOPE_FROM_MINUTES = 5
const SAMPLE_MS = 5_000
const AGENTS = 8

interface Sample {
  minute: number
  heapMib: number
  files: number
  zombies: number
}

const collectGarbage = (globalThis as { gc?: () => void }).gc
if (collectGarbage === undefined) throw new Error('Run it with node --expose-gc, as `npm run soak` does.')

const servers = await startServers()
const app = await startTestApp()
const counts = { calls: 0, failed: 0, opened: 0, changes: 0, restarts: 0 }
const samples: Sample[] = []
const ending = new AbortController()

try {
  await serve()
  const started = performance.now()
  const workers = Array.from({ length: AGENTS }, (_, number) => live(number))
  const restarting = restart()
  while (performance.now() - started < minutes * 60_000) {
    await sleep(SAMPLE_MS)
    samples.push(sampleAt((performance.now() - started) / 60_000))
    show(samples.at(-1))
  }
  ending.abort()
  await Promise.all([...workers, restarting])
  await sleep(2_000)
} finally {
  ending.abort()
  await app.close()
  await servers.stop()
}
process.exitCode = judge() ? 0 : 1

/** All kinds of servers, whose tools come and go without waiting for an approval. */
async function serve(): Promise<void> {
  const client = app.client()
  for (const kind of KINDS) {
    const settings = {
      name: kind,
      mcp: servers.settings(kind),
      auth_type: 'none',
      on_definition_change: 'allow',
    } as const
    await client.integrations.create(settings)
  }
  for (const name of KINDS) {
    while ((await client.integrations.get({ name })).connection.state !== 'connected') await sleep(100)
  }
}

/** One agent after the other under one token: each works for a while, and is gone. */
async function live(number: number): Promise<void> {
  const revision = REVISIONS[number % REVISIONS.length] ?? REVISIONS[0]
  const { token } = await app.client().agents.create({ name: `soak ${number}` })
  while (!isOver()) {
    const agent = await connect(revision, { name: `soak-${number}`, url: `${app.origin}/mcp`, token })
    counts.opened++
    for (let turn = 0; turn < 100 && !isOver(); turn++) await work(agent, turn)
    await agent.close().catch(() => undefined)
  }
}

async function work(agent: Agent, turn: number): Promise<void> {
  const kind: Kind = KINDS[turn % KINDS.length] ?? KINDS[0]
  const nonce = `${agent.name} ${turn}`
  counts.calls++
  try {
    if (turn % 25 === 7) {
      counts.changes++
      await agent.call(`${kind}__change`, { kind: 'tools' })
    } else if (turn % 10 === 3) await agent.tools()
    else if (turn % 10 === 4) await agent.read(`memo://${kind}/watched`)
    else if (turn % 10 === 5) await agent.call(`${kind}__work`, { nonce, steps: 3 }, { onProgress: () => undefined })
    else if (turn % 10 === 6 && kind.endsWith('http')) await agent.call(`${kind}__sample`, { nonce })
    else if ((await agent.call(`${kind}__echo`, { nonce })) !== nonce) throw new Error('crossed')
  } catch {
    // A server was being restarted.
    counts.failed++
  }
  await sleep(20)
}

async function restart(): Promise<void> {
  for (let turn = 0; !isOver(); turn++) {
    await sleep(20_000)
    if (isOver()) return
    await app.client().integrations.restart({ name: KINDS[turn % KINDS.length] ?? KINDS[0] })
    counts.restarts++
  }
}

function sampleAt(minute: number): Sample {
  collectGarbage?.()
  const { heapUsed, external } = process.memoryUsage()
  return { minute, heapMib: (heapUsed + external) / 2 ** 20, files: openFiles(), zombies: zombies() }
}

/** 0 where the system does not tell. */
function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

/** Children that have ended and that nobody has asked for. */
function zombies(): number {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurZombie(name)).length
  } catch {
    return 0
  }
}

function isOurZombie(pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' && Number(parent) === process.pid
  } catch {
    return false
  }
}

function judge(): boolean {
  // What is loaded and cached at the beginning is no growth.
  const settled = samples.slice(Math.floor(samples.length / 3))
  const slope = slopeOf(settled) * 10
  const files = settled.map((sample) => sample.files)
  const spread = Math.max(...files) - Math.min(...files)
  const dead = samples.at(-1)?.zombies ?? 0
  const isLong = minutes >= SLOPE_FROM_MINUTES
  console.log(
    `\n${counts.calls} calls (${counts.failed} failed while a server was restarted), ${counts.opened} sessions, ` +
      `${counts.changes} list changes, ${counts.restarts} restarts`,
  )
  console.log(
    `heap ${slope.toFixed(2)} MiB in 10 min (at most ${MOST_MIB_IN_TEN_MINUTES}${isLong ? '' : '; too short to judge'})`,
  )
  console.log(`open files vary by ${spread} (at most ${MOST_FILES}), ${dead} zombies`)
  return (
    (!isLong || slope < MOST_MIB_IN_TEN_MINUTES) &&
    spread <= MOST_FILES &&
    dead === 0 &&
    counts.calls > counts.failed * 10
  )
}

/** Least squares, in MiB a minute. */
function slopeOf(all: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number) => all.reduce((sum, sample) => sum + pick(sample), 0) / all.length
  const [minute, heap] = [mean((sample) => sample.minute), mean((sample) => sample.heapMib)]
  const over = all.reduce((sum, sample) => sum + (sample.minute - minute) * (sample.heapMib - heap), 0)
  const under = all.reduce((sum, sample) => sum + (sample.minute - minute) ** 2, 0)
  return under === 0 ? 0 : over / under
}

function show(sample: Sample | undefined): void {
  if (sample === undefined) return
  const { minute, heapMib, files } = sample
  console.log(`${minute.toFixed(1)} min  heap ${heapMib.toFixed(1)} MiB  ${files} files  ${counts.calls} calls`)
}

function isOver(): boolean {
  return ending.signal.aborted
}

/** Ends early with the soak. */
function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      ending.signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    if (ending.signal.aborted) done()
    else ending.signal.addEventListener('abort', done, { once: true })
  })
}
