import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'
import { startNodeExporter, startPrometheus, temporaryFolder, until, type RunningPrometheus } from './processes.ts'
import { connect, incident, titled, verify } from './setup.ts'
import { scrape, Shop } from './shop.ts'

/** Two rules for one thing: bad, and worse. Neither ends because a scrape was late on a busy machine. */
const RULES = `groups:
  - name: shop
    rules:
      - alert: HighErrorRate
        expr: last_over_time(shop_errors[5s]) > 5 <= 50
        labels: { severity: warning }
        annotations: { summary: 'Many errors in {{ $labels.instance }}', runbook_url: 'https://runbooks.test/errors' }
      - alert: HighErrorRate
        expr: last_over_time(shop_errors[5s]) > 50
        labels: { severity: page }
        annotations: { summary: 'Most requests of {{ $labels.instance }} fail' }
      - record: job:up:sum
        expr: sum by (job) (up)
`

interface Place {
  app: TestApp
  client: Client
  prometheus: RunningPrometheus
  shop: Shop
}

let app: TestApp | undefined
afterEach(async () => {
  await app?.close()
  app = undefined
})

/** A shop in the cluster eu that a Prometheus scrapes, and this Prometheus itself. */
async function place(values: Record<string, string | number | boolean> = {}): Promise<Place> {
  const shop = await Shop.open({ shop_errors: 0 })
  const scrapes = (self: string) =>
    [scrape('prometheus', self, { cluster: 'home' }), scrape('shop', shop.address, { cluster: 'eu' })].join('\n')
  const prometheus = await startPrometheus({ scrapes, rules: RULES })
  app = await startTestApp()
  const client = app.client()
  await connect(client, { endpoint: prometheus.url, ...values })
  await until('all targets are scraped', async () => {
    const { clusters } = await client.prometheus.poll()
    return clusters.filter(({ targets_up: up }) => up > 0).length === 2
  })
  return { app, client, prometheus, shop }
}

/** What a tool gives an agent. */
async function call(client: Client, tool: string, args: Record<string, unknown> = {}): Promise<unknown> {
  const result = (await client.tools.call({ name: `prometheus__${tool}`, arguments: args })) as {
    content: { text: string }[]
    isError?: boolean
  }
  const text = result.content.map((part) => part.text).join('\n')
  if (result.isError === true) throw new Error(text)
  return JSON.parse(text) as unknown
}

describe('a real Prometheus', () => {
  it('is set up with checks, polled, and its tools answer', async () => {
    const exporter = await startNodeExporter()
    const shop = await Shop.open({ shop_errors: 0 })
    const gone = await Shop.open({})
    await gone.down()
    const scrapes = (self: string) =>
      [
        scrape('prometheus', self),
        scrape('node', `127.0.0.1:${exporter.port}`),
        scrape('shop', shop.address),
        scrape('gone', gone.address),
      ].join('\n')
    const prometheus = await startPrometheus({ scrapes, rules: RULES })
    app = await startTestApp()
    const client = app.client()
    expect(await client.prometheus.status()).toMatchObject({ state: 'not_set_up' })
    expect(await connect(client, { endpoint: prometheus.url })).toMatchObject({ ok: true, saved: true })
    await until('all targets are scraped', async () => {
      const { clusters } = await client.prometheus.poll()
      return clusters.length === 4 && clusters.filter(({ targets_up: up }) => up === 1).length === 3
    })

    const { checks } = await verify(client)
    const check = (id: string) => checks.find((found) => found.id === id)
    expect(check('build')).toMatchObject({ state: 'ok', message: expect.stringMatching(/^Prometheus \d/) as string })
    expect(check('runtime')).toMatchObject({ state: 'ok', message: expect.stringContaining('1d') as string })
    expect(check('targets')).toMatchObject({
      state: 'warning',
      message: expect.stringContaining(`gone ${gone.address}`) as string,
    })
    expect(check('clusters')?.message).toContain('4 clusters by job')
    expect(check('alerts')).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('2 alerting rules') as string,
    })

    const now = Date.now() / 1_000
    expect(await call(client, 'instant_query', { query: 'count(up)' })).toMatchObject({
      type: 'vector',
      result: [{ metric: {}, value: [expect.any(Number), '4'] }],
    })
    await expect(call(client, 'instant_query', { query: 'sum(' })).rejects.toThrow(/parse error/)
    expect(await call(client, 'instant_query', { query: 'vector(1)', time: '2026-01-31T12:00:00Z' })).toMatchObject({
      result: [{ value: [1769860800, '1'] }],
    })
    expect(
      await call(client, 'range_query', { query: 'vector(7)', start: now - 60, end: now, step: 30 }),
    ).toMatchObject({
      type: 'matrix',
      result: [
        {
          values: [
            [expect.any(Number), '7'],
            [expect.any(Number), '7'],
            [expect.any(Number), '7'],
          ],
        },
      ],
    })
    expect(await call(client, 'list_metrics', { match: ['{job="shop"}'] })).toMatchObject({
      metrics: expect.arrayContaining(['shop_errors', 'up']) as string[],
    })
    expect(await call(client, 'metadata', { metric: 'shop_errors' })).toMatchObject({
      shop_errors: [{ type: 'gauge' }],
    })
    expect(await call(client, 'labels')).toMatchObject({
      label: null,
      items: expect.arrayContaining(['job']) as string[],
    })
    expect(await call(client, 'labels', { label: 'job' })).toMatchObject({
      items: ['gone', 'node', 'prometheus', 'shop'],
      total: 4,
    })
    expect(await call(client, 'series', { match: 'shop_errors' })).toMatchObject({
      series: [{ __name__: 'shop_errors', job: 'shop', instance: shop.address }],
    })
    // On a busy machine a scrape may be late for once.
    const down = await until('one target is down', async () => {
      const found = (await call(client, 'targets', { health: 'down' })) as { up: number; down: number }
      return found.down === 1 && found
    })
    expect(down).toMatchObject({
      up: 3,
      targets: [{ labels: { job: 'gone' }, health: 'down', lastError: expect.stringContaining('refused') as string }],
    })
    expect(await call(client, 'alerts')).toMatchObject({ alerts: [] })
    expect(await call(client, 'rules', { type: 'record' })).toMatchObject({
      groups: [{ rules: [{ name: 'job:up:sum' }] }],
    })
  })

  it('has its queries kept, and a new text begins with nothing', async () => {
    const { client } = await place()
    const queries = (await client.prometheus.queries()).items
    expect(queries.map(({ name }) => name)).toEqual(['Targets up', 'Alerts firing', 'Scrape duration'])
    const { id } = await client.prometheus.create_query({ name: 'Errors', query: 'shop_errors + 3' })
    await expect(client.prometheus.create_query({ name: 'errors', query: 'up' })).rejects.toMatchObject({
      code: 'name_taken',
    })
    const since = new Date(Date.now() - 600_000).toISOString()
    const kept = async () => (await client.prometheus.series({ id, since })).series
    const [series] = await until('values are kept', async () => {
      await client.prometheus.poll()
      const found = await kept()
      return found.length > 0 && found
    })
    expect(series).toMatchObject({ labels: { job: 'shop', cluster: 'eu' }, points: [[expect.any(Number), 3]] })
    expect((await client.prometheus.status()).kept_points).toBeGreaterThan(0)
    await client.prometheus.update_query({ id, query: 'nonsense(' })
    expect(await kept()).toEqual([])
    const broken = await until('the error is told', async () => {
      await client.prometheus.poll()
      return (await client.prometheus.queries()).items.find((query) => query.id === id && query.error !== null)
    })
    expect(broken.error).toContain('parse error')
    await client.prometheus.remove_query({ id })
    await expect(kept()).rejects.toMatchObject({ code: 'not_found' })
  })

  it('opens an incident with an alert, changes its severity, and resolves it', async () => {
    const { client, shop } = await place()
    shop.values.shop_errors = 20
    const opened = await incident(client, 'the alert is an incident', titled(/^Many errors/, 'open'))
    expect(opened).toMatchObject({ severity: 'medium', service: 'shop', source: 'eu', type: 'incident' })
    expect((await client.prometheus.status()).firing_alerts).toBe(1)

    shop.values.shop_errors = 90
    const worse = await incident(client, 'it got worse', (found) => found.severity === 'critical')
    expect(worse.id).toBe(opened.id)
    const all = (await client.incidents.list({ limit: 100 })).items
    expect(all.filter(({ type }) => type === 'incident')).toHaveLength(1)

    shop.values.shop_errors = 0
    const over = await incident(client, 'it is over', (found) => found.status === 'resolved')
    expect(over).toMatchObject({ id: opened.id, highest_severity: 'critical', resolved_by: 'Prometheus' })
    const { timeline } = await client.incidents.get({ id: opened.id })
    // Its words are others as well: those of the rule that fires now.
    expect(timeline.map(({ kind }) => kind)).toEqual(['opened', 'severity_changed', 'updated', 'resolved'])
  })

  it('does not call it over when the target is gone, and tells of its cluster', async () => {
    const { client, shop } = await place()
    shop.values.shop_errors = 20
    const opened = await incident(client, 'the alert is an incident', titled(/^Many errors/, 'open'))
    await shop.down()
    const lost = await incident(client, 'the cluster is disconnected', titled('Cluster eu is disconnected', 'open'))
    expect(lost).toMatchObject({
      type: 'cluster_disconnected',
      severity: 'high',
      source: 'eu',
      labels: { cluster: 'eu' },
    })
    await incident(client, 'the alert ended', (found) => found.id === opened.id && found.status === 'resolved')
    const { timeline } = await client.incidents.get({ id: opened.id })
    expect(timeline.at(-1)?.message).toContain('its target is down')
    shop.values.shop_errors = 0
    await shop.up()
    await incident(client, 'the cluster is back', (found) => found.id === lost.id && found.status === 'resolved')
  })

  it('resolves nothing while it is away, and goes on with its incidents when it is back', async () => {
    const { client, prometheus, shop } = await place()
    shop.values.shop_errors = 20
    const opened = await incident(client, 'the alert is an incident', titled(/^Many errors/, 'open'))
    await prometheus.process.end('SIGKILL')
    const lost = await incident(client, 'it can not be asked', titled(/can not be asked$/, 'open'))
    expect(lost.type).toBe('cluster_disconnected')
    expect((await client.incidents.get({ id: opened.id })).status).toBe('open')
    await prometheus.process.start()
    await incident(client, 'it answers again', (found) => found.id === lost.id && found.status === 'resolved')
    await until('the alert fires again', async () => (await client.prometheus.poll()).firing_alerts === 1)
    const all = (await client.incidents.list({ limit: 100 })).items
    expect(all.filter(({ type }) => type === 'incident').map(({ id, status }) => [id, status])).toEqual([
      [opened.id, 'open'],
    ])
    shop.values.shop_errors = 0
    await incident(client, 'it is over', (found) => found.id === opened.id && found.status === 'resolved')
  })

  it('is watched on after a restart of Gatehouse, without an incident twice', async () => {
    const dataDir = await temporaryFolder()
    const vault = { backend: 'key', key: Buffer.alloc(32, 7) } as const
    const shop = await Shop.open({ shop_errors: 20 })
    const prometheus = await startPrometheus({ scrapes: () => scrape('shop', shop.address), rules: RULES })
    const before = await startTestApp({ dataDir, vault })
    onTestFinished(() => before.close())
    await connect(before.client(), { endpoint: prometheus.url })
    const opened = await incident(before.client(), 'the alert is an incident', titled(/^Many errors/, 'open'))
    await before.close()
    app = await startTestApp({ dataDir, vault })
    const client = app.client()
    await client.prometheus.poll()
    await client.prometheus.poll()
    const all = (await client.incidents.list({ limit: 100 })).items.filter(({ type }) => type === 'incident')
    expect(all.map(({ id, event_count: events }) => [id, events])).toEqual([[opened.id, 1]])
    expect((await client.prometheus.queries()).items).toHaveLength(3)
    shop.values.shop_errors = 0
    await incident(client, 'it is over', (found) => found.id === opened.id && found.status === 'resolved')
  })

  it('is not asked while it is disabled, and has other clusters by another label', async () => {
    const { client } = await place({ cluster_label: 'job' })
    expect((await client.prometheus.status()).clusters.map(({ name }) => name)).toEqual(['prometheus', 'shop'])
    await client.integrations.disable({ name: 'prometheus' })
    expect(await client.prometheus.status()).toMatchObject({ state: 'disabled', next_poll_at: null })
    await expect(client.prometheus.poll()).rejects.toMatchObject({ code: 'invalid_input' })
    await client.integrations.enable({ name: 'prometheus' })
    expect(await client.prometheus.poll()).toMatchObject({ state: 'ok' })
    await client.setup.forget({ name: 'prometheus' })
    expect(await client.prometheus.status()).toMatchObject({ state: 'not_set_up' })
  })

  it('leaves no incident open when it is disabled, and opens it again when it is watched again', async () => {
    const { client, shop } = await place()
    shop.values.shop_errors = 20
    const opened = await incident(client, 'the alert is an incident', titled(/^Many errors/, 'open'))
    const resolved = (id: string) =>
      until('it is resolved', async () => (await client.incidents.get({ id })).status === 'resolved')
    await client.integrations.disable({ name: 'prometheus' })
    await resolved(opened.id)
    const { timeline, severity, title } = await client.incidents.get({ id: opened.id })
    expect([severity, title]).toEqual([opened.severity, opened.title])
    expect(timeline.at(-1)?.message).toContain('No longer watched: Prometheus is disabled in this workspace.')
    await client.integrations.enable({ name: 'prometheus' })
    const again = await incident(client, 'it is an incident again', titled(/^Many errors/, 'open'))
    expect(again.id).not.toBe(opened.id)
    await client.setup.forget({ name: 'prometheus' })
    await resolved(again.id)
  })
})
