import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../src/main/base/app-error.ts'
import type { EventInput } from '../../../../src/shared/contract/incidents.ts'
import { PrometheusQueriesStore } from '../../../../src/main/store/prometheus-queries-store.ts'
import { SeriesStore } from '../../../../src/main/store/series-store.ts'
import { openSeries } from '../../../../src/main/store/series-file.ts'
import { KeptSeries } from '../../../../src/main/system/prometheus/kept-series.ts'
import { PrometheusService } from '../../../../src/main/system/prometheus/prometheus-service.ts'
import { freshDatabase, recordedLog, temporaryFolder } from '../../store/fresh-store.ts'
import { ScriptedServer, vector, type Script } from './scripted-server.ts'

const BY_CLUSTER = 'query count_values by (cluster, job) ("gatehouse_up", up)'
const well: Script = { [BY_CLUSTER]: vector([{ job: 'shop', gatehouse_up: '1' }, 1]), alerts: { data: { alerts: [] } } }
/** Seconds of the samples, some while ago. */
const THEN = Math.floor(Date.now() / 1_000) - 600
const since = new Date((THEN - 60) * 1_000).toISOString()

let server: ScriptedServer
let service: PrometheusService
let setup: { isActive: boolean; values?: Record<string, unknown> } | undefined
let open: string[]
let told: EventInput[]
let seriesFile: string
const emitted = vi.fn()

beforeEach(async () => {
  emitted.mockReset()
  server = new ScriptedServer(well)
  setup = { isActive: true }
  const { log } = recordedLog()
  open = []
  told = []
  seriesFile = join(temporaryFolder(), 'series.db')
  service = new PrometheusService({
    setup: () => setup && { access: server.access({ scrape_interval: 60, ...setup.values }), isActive: setup.isActive },
    report: (_workspace, events) => {
      told.push(...events)
      open = open.filter((key) => !events.some(({ status, dedupe_key }) => status === 'resolved' && dedupe_key === key))
      return Promise.resolve()
    },
    openKeys: (_workspace, prefix) => Promise.resolve(open.filter((key) => key.startsWith(prefix))),
    queries: new PrometheusQueriesStore(await freshDatabase()),
    openSeries: () => openSeries(seriesFile, { log }),
    hasSeries: () => existsSync(seriesFile),
    emitter: { emit: emitted },
    log,
  })
})

afterEach(() => service.close())

const create = (name: string, query = 'shop_errors') => service.createQuery('default', { name, query, unit: 'number' })
const seriesOf = async (id: string) => (await service.series('default', id, { since, max_points: 500 })).series

describe('stored queries', () => {
  it('have other names each, and are at most 30', async () => {
    for (let index = 0; index < 30; index++) await create(`query ${index}`)
    await expect(create('query 31')).rejects.toMatchObject({ code: 'invalid_input' })
    const [first, second] = await service.queries('default')
    const rename = service.updateQuery('default', second?.id ?? '', { name: first?.name })
    await expect(rename).rejects.toMatchObject({ code: 'name_taken', details: [{ path: 'name' }] })
    await service.removeQuery('default', first?.id ?? '')
    expect(await service.queries('default')).toHaveLength(29)
  })

  it('of another workspace are not found', async () => {
    const { id } = await create('errors')
    await expect(service.removeQuery('other', id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(service.series('other', id, { since, max_points: 500 })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('are made with the first setup, and not again where there are some', async () => {
    service.changed('default', 'set_up')
    await vi.waitFor(async () => expect(await service.queries('default')).toHaveLength(3))
    service.changed('default', 'set_up')
    await service.updateQuery('default', (await service.queries('default'))[0]?.id ?? '', { name: 'Mine' })
    expect(await service.queries('default')).toHaveLength(3)
  })

  it('keep the first 50 series, without what is no number, and say how many there were', async () => {
    const many = Array.from({ length: 60 }, (_, index): [Record<string, string>, string, number] => [
      { instance: String(index).padStart(3, '0') },
      index === 0 ? 'NaN' : index === 1 ? '+Inf' : String(index),
      THEN,
    ])
    server.script = { ...well, 'query shop_errors': vector(...many.reverse()) }
    const { id } = await create('errors')
    service.start(['default'])
    await service.poll('default')
    expect(await seriesOf(id)).toHaveLength(48)
    expect(await service.queries('default')).toMatchObject([{ series_count: 60, error: null }])
    expect(await service.status('default')).toMatchObject({ state: 'ok', kept_points: 48, retention_days: 15 })
    expect(emitted).toHaveBeenCalledWith('default', { type: 'prometheus_changed' })
  })

  it('begin with nothing when they ask something else, also where an answer to the former comes late', async () => {
    server.script = { ...well, 'query shop_errors': vector([{}, 1, THEN]), 'query other': vector([{}, 2, THEN + 60]) }
    const { id } = await create('errors')
    service.start(['default'])
    await service.poll('default')
    expect((await seriesOf(id))[0]?.points.map(([, value]) => value)).toEqual([1])
    const polling = service.poll('default')
    await service.updateQuery('default', id, { query: 'other' })
    await polling
    await service.poll('default')
    expect((await seriesOf(id))[0]?.points.map(([, value]) => value)).toEqual([2])
  })

  it('say what is wrong with one of them, and go on with the others', async () => {
    const refused = {
      status: 400,
      headers: new Map<string, string>(),
      body: { status: 'error', errorType: 'bad_data', error: 'parse error' },
    }
    server.script = { ...well, 'query good': vector([{}, 1, THEN]), 'query bad(': refused }
    await create('bad', 'bad(')
    const { id } = await create('good', 'good')
    service.start(['default'])
    await service.poll('default')
    expect(await service.queries('default')).toMatchObject([{ error: 'parse error' }, { error: null, series_count: 1 }])
    expect(await seriesOf(id)).toHaveLength(1)
  })

  it.each(['upstream_timeout', 'upstream_invalid'] as const)(
    'that end in %s keep the others from nothing',
    async (code) => {
      const slow = new AppError(code, { message: 'prometheus.test:9090 did not answer GET in full within 15 s.' })
      server.script = { ...well, 'query good': vector([{}, 1, THEN]), 'query heavy': slow }
      await create('heavy', 'heavy')
      const { id } = await create('good', 'good')
      service.start(['default'])
      expect(await service.poll('default')).toMatchObject({ state: 'ok', error: null })
      expect(await service.queries('default')).toMatchObject([
        { error: slow.message },
        { error: null, series_count: 1 },
      ])
      expect(await seriesOf(id)).toHaveLength(1)
    },
  )

  it('that give histograms say so, and keep the numbers beside them', async () => {
    const histogram = { metric: { job: 'shop' }, histogram: [THEN, { count: '3', sum: '6', buckets: [] }] }
    const number = { metric: { job: 'node' }, value: [THEN, '1'] }
    const answered = (...result: unknown[]) => ({ data: { resultType: 'vector', result } })
    server.script = { ...well, 'query mixed': answered(histogram, number), 'query native': answered(histogram) }
    const { id } = await create('mixed', 'mixed')
    await create('native', 'native')
    service.start(['default'])
    await service.poll('default')
    expect(await seriesOf(id)).toMatchObject([{ labels: { job: 'node' } }])
    expect(await service.queries('default')).toMatchObject([
      { error: null, series_count: 1 },
      { error: expect.stringContaining('a histogram') as string },
    ])
  })

  it('are erased with their workspace', async () => {
    server.script = { ...well, 'query shop_errors': vector([{}, 1, THEN]) }
    await create('errors')
    service.start(['default'])
    await service.poll('default')
    setup = undefined
    await service.erase('default')
    expect(await service.queries('default')).toEqual([])
    expect(await service.status('default')).toMatchObject({ state: 'not_set_up' })
  })
})

it('what was seen in a workspace is erased with it, also where no query was left: another of its name sees all anew', async () => {
  service.start(['default'])
  await service.poll('default')
  const seen = async () => {
    const file = await openSeries(seriesFile, { log: recordedLog().log })
    const watch = await new SeriesStore(file).watch('default')
    await file.close()
    return watch
  }
  expect(await seen()).toMatchObject({ clusters: [['shop', { state: 'connected' }]] })
  setup = undefined
  await service.erase('default')
  expect(await seen()).toBeUndefined()
})

describe('what is no longer watched', () => {
  const KEYS = ['prometheus:abc:2026-11-28T10:00:00Z', 'prometheus-cluster:eu', 'prometheus-endpoint']

  it.each([
    ['disabled', { isActive: false }, 'status', /is disabled in this workspace/],
    ['forgotten', undefined, 'forgotten', /is not set up in this workspace any more/],
  ] as const)(
    'is resolved with that word when Prometheus is %s, and not as good news',
    async (_, changed, what, why) => {
      service.start(['default'])
      open = ['somebody-elses', ...KEYS]
      setup = changed
      service.changed('default', what)
      await vi.waitFor(() => expect(open).toEqual(['somebody-elses']))
      expect(told.map(({ dedupe_key }) => dedupe_key).sort()).toEqual([...KEYS].sort())
      for (const { type, status, description } of told) {
        expect([type, status]).toEqual(['incident', 'resolved'])
        expect(description).toMatch(/^No longer watched: .* Whether it is over is not known\.$/)
        expect(description).toMatch(why)
      }
    },
  )

  it('is found at the next start where it could not be told', async () => {
    open = [...KEYS]
    setup = undefined
    service.start(['default'])
    await vi.waitFor(() => expect(open).toEqual([]))
  })

  it('is the alerts alone where they do not become incidents any more', async () => {
    open = [...KEYS]
    setup = { isActive: true, values: { alerts_to_incidents: false } }
    service.start(['default'])
    await service.poll('default')
    const ended = told.filter(({ description }) => description.startsWith('No longer watched'))
    expect(ended.map(({ dedupe_key }) => dedupe_key)).toEqual([KEYS[0]])
  })

  it('is told again when it still is so and is watched again', async () => {
    const activeAt = '2026-11-28T10:00:00Z'
    const alert = { labels: { alertname: 'Down' }, annotations: {}, state: 'firing', activeAt, value: '1' }
    server.script = { ...well, alerts: { data: { alerts: [alert] } } }
    service.start(['default'])
    await service.poll('default')
    expect(told).toMatchObject([{ status: 'open' }])
    open = [told[0]?.dedupe_key ?? '']
    setup = { isActive: false }
    service.changed('default', 'status')
    await vi.waitFor(() => expect(open).toEqual([]))
    setup = { isActive: true }
    service.changed('default', 'status')
    await service.poll('default')
    expect(told.map(({ status }) => status)).toEqual(['open', 'resolved', 'open'])
  })

  it('has its values kept no longer than they would have been', async () => {
    const old = THEN - 16 * 86_400
    server.script = { ...well, 'query shop_errors': vector([{}, 1, old]) }
    await create('errors')
    service.start(['default'])
    await service.poll('default')
    expect((await service.status('default')).kept_points).toBe(1)
    setup = undefined
    service.changed('default', 'forgotten')
    const store = new SeriesStore(await openSeries(seriesFile, { log: recordedLog().log }))
    await vi.waitFor(async () => expect(await store.count()).toBe(0))
  })
})

describe('a range of time', () => {
  it('is refused when it ends before it begins', async () => {
    const { id } = await create('errors')
    const backwards = service.series('default', id, { since, until: '2020-01-01T00:00:00Z', max_points: 500 })
    await expect(backwards).rejects.toMatchObject({ code: 'invalid_input', details: [{ path: 'since' }] })
  })

  it('has no steps shorter than the interval, and no more than are wanted', async () => {
    const { id } = await create('errors')
    const step = async (hours: number, max_points: number) => {
      const until = new Date()
      const from = new Date(until.getTime() - hours * 3_600_000).toISOString()
      return (await service.series('default', id, { since: from, until: until.toISOString(), max_points })).step_s
    }
    expect(await step(1, 500)).toBe(60)
    expect(await step(24, 100)).toBe(864)
  })
})

describe('kept series', () => {
  it('never are more than there is room for, and have a null where values are missing', async () => {
    const { log } = recordedLog()
    const file = join(temporaryFolder(), 'series.db')
    const kept = new KeptSeries({ open: () => openSeries(file, { log }), log, mostPoints: 100 })
    const samples = Array.from({ length: 150 }, (_, index) => ({ labels: {}, at: index * 1_000, value: index }))
    await kept.add('default', 'q', samples)
    expect(await kept.count('default')).toBe(98)
    await kept.add('default', 'q', [{ labels: {}, at: 170_000, value: 1 }])
    const [series] = await kept.read('q', { since: 147_000, until: 200_000, stepMs: 1_000 })
    expect(series?.points).toEqual([
      [147, 147],
      [148, 148],
      [149, 149],
      [150, null],
      [170, 1],
    ])
    await kept.close()
  })

  it('are tried again after the file could not be opened', async () => {
    const { log } = recordedLog()
    const file = join(temporaryFolder(), 'series.db')
    const open = vi.fn(() => openSeries(file, { log })).mockRejectedValueOnce(new Error('no room'))
    const kept = new KeptSeries({ open, log })
    await expect(kept.count('default')).rejects.toThrow('no room')
    expect(await kept.count('default')).toBe(0)
    await kept.close()
  })
})
