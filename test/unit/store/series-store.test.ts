import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import type { Database } from '../../../src/main/store/database.ts'
import { openSeries } from '../../../src/main/store/series-file.ts'
import type { SeriesSchema } from '../../../src/main/store/series-schema.ts'
import { SeriesStore, type DownsampledSeries } from '../../../src/main/store/series-store.ts'

const log = createLogger({ level: 'silent' })
let folder: string
let database: Database<SeriesSchema>
let store: SeriesStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-series-'))
  database = await openSeries(join(folder, 'series.db'), { log })
  store = new SeriesStore(database)
})

afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

async function all(queryId: string, range: { since?: number; until?: number; stepMs?: number } = {}) {
  const found: DownsampledSeries[] = []
  for await (const series of store.read(queryId, { since: 0, until: 1e15, stepMs: 1, ...range })) found.push(series)
  return found
}

const samples = (labels: Record<string, string>, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ labels, at: from + index * 1000, value: index }))

describe('SeriesStore', () => {
  it('keeps the samples of a query by their labels, in whatever order these come', async () => {
    await store.add('default', 'q', [
      { labels: { a: '1', b: '2' }, at: 1000, value: 0.5 },
      { labels: { a: 'x' }, at: 1000, value: -3 },
    ])
    await store.add('default', 'q', [{ labels: { b: '2', a: '1' }, at: 2000, value: 7 }])
    expect(await all('q')).toEqual([
      {
        labels: { a: '1', b: '2' },
        points: [
          [1000, 0.5],
          [2000, 7],
        ],
      },
      { labels: { a: 'x' }, points: [[1000, -3]] },
    ])
    expect(await store.count()).toBe(3)
    expect(await all('other')).toEqual([])
  })

  it('counts a sample that comes twice once', async () => {
    expect(await store.add('default', 'q', samples({}, 0, 3))).toBe(3)
    expect(await store.add('default', 'q', samples({}, 0, 4))).toBe(1)
    expect(await store.count('default')).toBe(4)
  })

  it('gives each step its highest value, and only the range that is asked for', async () => {
    await store.add(
      'default',
      'q',
      [4, 9, 2, 1, 8, 3].map((value, index) => ({ labels: {}, at: index * 1000, value })),
    )
    expect(await all('q', { since: 0, until: 6000, stepMs: 2000 })).toEqual([
      {
        labels: {},
        points: [
          [0, 9],
          [2000, 2],
          [4000, 8],
        ],
      },
    ])
    expect((await all('q', { since: 2000, until: 4000 }))[0]?.points).toEqual([
      [2000, 2],
      [3000, 1],
    ])
  })

  it('forgets what is too old, and a series with its last point', async () => {
    await store.add('default', 'q', [...samples({ a: '1' }, 0, 3), ...samples({ a: '2' }, 10_000, 2)])
    await store.add('other', 'r', samples({}, 0, 2))
    await store.expire('default', 10_000)
    expect((await all('q')).map(({ labels }) => labels)).toEqual([{ a: '2' }])
    expect(await store.count('default')).toBe(2)
    expect(await store.count()).toBe(4)
  })

  it('keeps no more points than the limit, the newest of them', async () => {
    await store.add('default', 'q', samples({}, 0, 6000))
    await store.add('other', 'r', samples({}, 5_000_000, 1000))
    await store.limit(1500)
    expect(await store.count()).toBe(1500)
    expect(await store.count('other')).toBe(1000)
    expect((await all('q'))[0]?.points[0]).toEqual([5_500_000, 5500])
  })

  it('forgets a query and a workspace', async () => {
    await store.add('default', 'q', samples({}, 0, 6000))
    await store.add('default', 'r', samples({}, 0, 2))
    await store.add('other', 's', samples({}, 0, 2))
    await store.setWatch('default', { seen: true })
    await store.forgetQuery('q')
    expect(await store.count()).toBe(4)
    await store.forgetWorkspace('default')
    expect(await store.count()).toBe(2)
    expect(await store.watch('default')).toBeUndefined()
  })

  it('keeps what a poller has seen', async () => {
    await store.setWatch('default', { alerts: [1] })
    await store.setWatch('default', { alerts: [2] })
    expect(await store.watch('default')).toEqual({ alerts: [2] })
    expect(await store.watch('other')).toBeUndefined()
  })
})

it('puts a damaged file aside and begins a new one', async () => {
  const file = join(folder, 'damaged.db')
  await writeFile(file, 'this is no database, it is a long text that stands where one should be'.repeat(20))
  const fresh = await openSeries(file, { log })
  expect(await new SeriesStore(fresh).count()).toBe(0)
  await fresh.close()
  expect((await readdir(folder)).some((name) => name.startsWith('damaged.db.damaged-'))).toBe(true)
})
