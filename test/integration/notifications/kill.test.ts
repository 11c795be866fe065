import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { Database } from '../../../src/main/store/database.ts'
import { createLogger } from '../../../src/main/base/log.ts'
import { Receiver } from './receiver.ts'

// Many processes, on a machine that may be busy with others.
vi.setConfig({ testTimeout: 1_500_000, hookTimeout: 240_000 })

const LANES = 2
const KILLS = 200
/** Inside the repository, so that its packages are found; `out` is not committed. */
const outDir = fileURLToPath(new URL('../../../out/killed-core/', import.meta.url))

/** When a core is killed: after a time, or at the so manieth of something. */
type Moment =
  | { at: 'start' | 'ready'; afterMs: number }
  | { at: 'statement' | 'request' | 'answer' | 'acknowledged'; count: number }

/**
 * A start has a dozen statements; then events are taken, sent and marked in three transactions that repeat, which the
 * other statements go through twice. Everything that is not the core's own is in between: what has left it, what has
 * arrived, what it told of. A time hits what no count names, the middle of a statement for one.
 */
const PLACES: readonly Moment[] = [
  ...times(36, (index) => ({ at: 'statement', count: index + 1 }) as const),
  ...(['request', 'answer', 'acknowledged'] as const).flatMap((at) => times(6, (index) => ({ at, count: index + 1 }))),
  ...times(12, (index) => ({ at: 'ready', afterMs: index * 7 }) as const),
  ...times(4, (index) => ({ at: 'start', afterMs: 200 + index * 80 }) as const),
]

/** Any of them, or any time in the work. */
function anyMoment(random: () => number): Moment {
  const kind = Math.floor(random() * 5)
  if (kind === 0) return { at: 'ready', afterMs: Math.floor(random() * 120) }
  const at = (['statement', 'request', 'answer', 'acknowledged'] as const)[kind - 1] ?? 'statement'
  return { at, count: 1 + Math.floor(random() * (at === 'statement' ? 60 : 12)) }
}

function times<Item>(count: number, item: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => item(index))
}

beforeAll(async () => {
  // One file that loads quickly: what is tested is the core, many times.
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['better-sqlite3', 'pino', '@napi-rs/keyring'] },
    build: {
      ssr: fileURLToPath(new URL('killed-core.ts', import.meta.url)),
      outDir,
      minify: false,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'killed-core.mjs' } },
    },
  })
})

/** The same sequence in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The same order in every run, in which no kind of moment comes by itself. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const drawn = items.map((item) => ({ item, place: random() }))
  return drawn.toSorted((a, b) => a.place - b.place).map(({ item }) => item)
}

/** One folder that is used by one core after the other, each of which is killed. */
class Lane {
  readonly acknowledged: string[] = []
  readonly #name: string
  readonly #folder: string
  readonly #receiver: Receiver
  #onRequest: (() => void) | undefined
  #onAnswer: (() => void) | undefined

  constructor(name: string, folder: string, receiver: Receiver) {
    this.#name = name
    this.#folder = folder
    this.#receiver = receiver
    receiver.answer = (_request, response) => {
      this.#onRequest?.()
      response.writeHead(200).end()
      this.#onAnswer?.()
    }
  }

  async kill(run: number, moment: Moment): Promise<void> {
    let left = 'count' in moment ? moment.count : 0
    const child = this.#spawn(`${this.#name}${run}`, moment.at === 'statement' ? [String(moment.count)] : [])
    const kill = () => child.kill('SIGKILL')
    const countDown = () => {
      if (--left === 0) kill()
    }
    this.#onRequest = moment.at === 'request' ? countDown : undefined
    this.#onAnswer = moment.at === 'answer' ? countDown : undefined
    // Whatever was meant, it does not live for ever.
    const last = setTimeout(kill, 20_000)
    if (moment.at === 'start') setTimeout(kill, moment.afterMs)
    const ended = once(child, 'exit')
    for await (const line of linesOf(child)) {
      if (line === 'ready') {
        if (moment.at === 'ready') setTimeout(kill, moment.afterMs)
        continue
      }
      this.acknowledged.push(line)
      if (moment.at === 'acknowledged') countDown()
    }
    expect(await ended).toEqual([null, 'SIGKILL'])
    clearTimeout(last)
  }

  /** A core that is not killed sends what is left. */
  async drain(): Promise<void> {
    this.#onRequest = this.#onAnswer = undefined
    const child = this.#spawn('drain')
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(0)
  }

  #spawn(run: string, more: string[] = []): ChildProcess {
    return spawn(process.execPath, [join(outDir, 'killed-core.mjs'), this.#folder, this.#receiver.url, run, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(outDir, 'cache') },
    })
  }
}

function linesOf(child: ChildProcess) {
  if (child.stdout === null) throw new Error('It has no output.')
  return createInterface(child.stdout)
}

async function delivered(folder: string) {
  const database = await Database.open(join(folder, 'gatehouse.db'), { log: createLogger({ level: 'silent' }) })
  const deliveries = await database.kysely.selectFrom('deliveries').selectAll().orderBy('sequence').execute()
  const events = await database.kysely.selectFrom('incident_events').selectAll().execute()
  await database.close()
  return { deliveries, events }
}

it('a core that is killed again and again delivers every event that it took, and each channel gets them in order', async () => {
  const random = seeded(1_000)
  const further = times(KILLS - PLACES.length, () => anyMoment(random))
  const moments = shuffled([...PLACES, ...further], random)
  const lanes = await Promise.all(
    Array.from({ length: LANES }, async (_, index) => {
      const folder = await mkdtemp(join(tmpdir(), 'gatehouse-killed-'))
      onTestFinished(() => rm(folder, { recursive: true, force: true }))
      const receiver = await Receiver.start()
      return { folder, receiver, lane: new Lane(`${index}-`, folder, receiver) }
    }),
  )
  await Promise.all(
    lanes.map(async ({ lane, folder, receiver }, index) => {
      for (const [run, moment] of moments.entries()) if (run % LANES === index) await lane.kill(run, moment)
      await lane.drain()
      const { deliveries, events } = await delivered(folder)
      const received = [...new Set(receiver.received.map(({ id }) => id))]
      expect(lane.acknowledged.length).toBeGreaterThan(KILLS / LANES)
      // What was acknowledged is there, was decided on, and arrived at least once.
      const byTitle = new Map(events.map((event) => [event.title, event]))
      const arrived = new Set(received)
      const lost = lane.acknowledged.filter((title) => {
        const decisions = JSON.parse(byTitle.get(title)?.decisions ?? '[]') as { channels: { delivery_id: string }[] }[]
        return !arrived.has(String(decisions[0]?.channels[0]?.delivery_id))
      })
      expect(lost).toEqual([])
      expect(deliveries.filter(({ state }) => state !== 'delivered')).toEqual([])
      // The first time of each, in the order of the outbox.
      expect(received).toEqual(deliveries.map(({ id }) => id))
    }),
  )
})
