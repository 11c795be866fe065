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

// 200 processes, on a machine that may be busy with others.
vi.setConfig({ testTimeout: 1_500_000, hookTimeout: 240_000 })

const LANES = 2
const KILLS_OF_LANE = 100
/** Inside the repository, so that its packages are found; `out` is not committed. */
const outDir = fileURLToPath(new URL('../../../out/killed-core/', import.meta.url))
const MOMENTS = ['start', 'while it runs', 'request', 'answer', 'acknowledged'] as const

beforeAll(async () => {
  // One file that loads quickly: what is tested is the core, 200 times.
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

/** One folder that is used by one core after the other, each of which is killed. */
class Lane {
  readonly acknowledged: string[] = []
  readonly #random: () => number
  readonly #name: string
  readonly #folder: string
  readonly #receiver: Receiver
  #onRequest: (() => void) | undefined
  #onAnswer: (() => void) | undefined

  constructor(name: string, folder: string, receiver: Receiver, seed: number) {
    this.#name = name
    this.#folder = folder
    this.#receiver = receiver
    this.#random = seeded(seed)
    receiver.answer = (_request, response) => {
      this.#onRequest?.()
      response.writeHead(200).end()
      this.#onAnswer?.()
    }
  }

  async kill(run: number): Promise<void> {
    const moment = MOMENTS[Math.floor(this.#random() * MOMENTS.length)]
    let count = 1 + Math.floor(this.#random() * 6)
    const delayMs = this.#random() * 80
    const child = this.#spawn(`${this.#name}${run}`)
    const kill = () => child.kill('SIGKILL')
    const countDown = () => {
      if (--count === 0) kill()
    }
    this.#onRequest = moment === 'request' ? countDown : undefined
    this.#onAnswer = moment === 'answer' ? countDown : undefined
    // Whatever was meant, it does not live for ever.
    const last = setTimeout(kill, 20_000)
    if (moment === 'start') setTimeout(kill, 200 + delayMs * 3)
    const ended = once(child, 'exit')
    for await (const line of linesOf(child)) {
      if (line === 'ready') {
        if (moment === 'while it runs') setTimeout(kill, delayMs)
        continue
      }
      this.acknowledged.push(line)
      if (moment === 'acknowledged') countDown()
    }
    await ended
    clearTimeout(last)
  }

  /** A core that is not killed sends what is left. */
  async drain(): Promise<void> {
    this.#onRequest = this.#onAnswer = undefined
    const child = this.#spawn('drain')
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(0)
  }

  #spawn(run: string): ChildProcess {
    return spawn(process.execPath, [join(outDir, 'killed-core.mjs'), this.#folder, this.#receiver.url, run], {
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

it('a core that is killed 200 times delivers every event that it took, and each channel gets them in order', async () => {
  const lanes = await Promise.all(
    Array.from({ length: LANES }, async (_, index) => {
      const folder = await mkdtemp(join(tmpdir(), 'gatehouse-killed-'))
      onTestFinished(() => rm(folder, { recursive: true, force: true }))
      const receiver = await Receiver.start()
      return { folder, receiver, lane: new Lane(`${index}-`, folder, receiver, 1_000 + index) }
    }),
  )
  await Promise.all(
    lanes.map(async ({ lane, folder, receiver }) => {
      for (let run = 0; run < KILLS_OF_LANE; run++) await lane.kill(run)
      await lane.drain()
      const { deliveries, events } = await delivered(folder)
      const received = [...new Set(receiver.received.map(({ id }) => id))]
      expect(lane.acknowledged.length).toBeGreaterThan(KILLS_OF_LANE)
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
