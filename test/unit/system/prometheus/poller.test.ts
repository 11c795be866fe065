import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EventInput } from '../../../../src/shared/contract/incidents.ts'
import { AppError } from '../../../../src/main/base/app-error.ts'
import { createLogger } from '../../../../src/main/base/log.ts'
import { Poller } from '../../../../src/main/system/prometheus/poller.ts'
import { PrometheusProblem } from '../../../../src/main/system/prometheus/prometheus-problem.ts'
import { answer, ScriptedServer, vector, type Script } from './scripted-server.ts'

const BY_CLUSTER = 'query count_values by (cluster, job) ("gatehouse_up", up)'
const START = '2026-03-01T09:00:00Z'
const SERVER_S = Date.parse('2026-03-01T10:00:00Z') / 1_000
const firing = (labels: Record<string, string> = {}, activeAt = '2026-03-01T09:59:00Z') => ({
  labels: { alertname: 'HighErrorRate', instance: 'a:80', job: 'shop', severity: 'warning', ...labels },
  annotations: { summary: 'Too many errors', runbook_url: 'https://runbooks.test/errors' },
  state: 'firing',
  activeAt,
  value: '1e+00',
})
const up = (...jobs: string[]) =>
  vector(...jobs.map((job): [Record<string, string>, number, number] => [{ job, gatehouse_up: '1' }, 1, SERVER_S]))
const well: Script = {
  [BY_CLUSTER]: up('shop', 'node'),
  alerts: { data: { alerts: [] } },
  'status/runtimeinfo': { data: { startTime: START } },
}

let server: ScriptedServer
let reported: EventInput[]
let open: Set<string>
let memory: unknown
let values: Record<string, unknown>
const pollers: Poller[] = []

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  server = new ScriptedServer(well)
  reported = []
  open = new Set()
  memory = undefined
  values = { scrape_interval: 60 }
})

afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(pollers.splice(0).map((poller) => poller.stop()))
})

/** As after a restart of Gatehouse: the former one has ended. */
async function anotherPoller(): Promise<Poller> {
  await Promise.all(pollers.splice(0).map((poller) => poller.stop()))
  return createPoller()
}

function createPoller(report?: (events: EventInput[]) => Promise<void>, evaluate = () => Promise.resolve()): Poller {
  const poller = new Poller({
    workspace: 'default',
    access: () => server.access(values),
    report:
      report ??
      ((events) => {
        for (const event of events) {
          if (event.status === 'resolved') open.delete(event.dedupe_key ?? '')
          else open.add(event.dedupe_key ?? '')
        }
        reported.push(...events)
        return Promise.resolve()
      }),
    openKeys: (prefix) => Promise.resolve([...open].filter((key) => key.startsWith(prefix))),
    memory: {
      load: () => Promise.resolve(memory),
      save: (state) => Promise.resolve(void (memory = JSON.parse(JSON.stringify(state)))),
    },
    evaluate,
    changed: () => undefined,
    log: createLogger({ level: 'silent' }),
    random: () => 0.5,
  })
  pollers.push(poller)
  return poller
}

/** What was reported by another poll, a minute later. */
async function next(poller: Poller, script: Script = {}): Promise<EventInput[]> {
  server.script = { ...well, ...script }
  vi.advanceTimersByTime(31_000)
  reported = []
  await poller.poll()
  return reported
}

const alerts = (...list: unknown[]): Script => ({ alerts: { data: { alerts: list } } })
const unreachable = (): Script => ({
  query: new AppError('upstream_unavailable', { message: 'It is not there.' }),
  [BY_CLUSTER]: new AppError('upstream_unavailable', { message: 'It is not there.' }),
})

describe('polling', () => {
  it('makes an incident of a firing alert, and resolves it', async () => {
    const poller = createPoller()
    expect(await next(poller, alerts(firing()))).toMatchObject([
      {
        type: 'incident',
        status: 'open',
        severity: 'medium',
        title: 'Too many errors',
        service: 'shop',
        labels: { alertname: 'HighErrorRate' },
        links: [{ url: 'https://runbooks.test/errors', title: 'Runbook' }],
        occurred_at: '2026-03-01T09:59:00.000Z',
      },
    ])
    expect(poller.status).toMatchObject({ state: 'ok', firing_alerts: 1, error: null })
    expect(await next(poller, alerts(firing()))).toEqual([])
    expect(await next(poller)).toMatchObject([
      { status: 'resolved', description: 'Prometheus does not report it any more.' },
    ])
    expect(open.size).toBe(0)
  })

  it('does not call it good news when the target of an alert is gone', async () => {
    const poller = createPoller()
    await next(poller, alerts(firing()))
    const down = { 'query up{instance="a:80",job="shop"} == 0': vector([{}, 0]) }
    expect(await next(poller, down)).toMatchObject([
      { status: 'resolved', description: 'No longer reported, since its target is down (a:80).' },
    ])
  })

  it('makes no incidents where that is switched off', async () => {
    values = { alerts_to_incidents: false }
    const poller = createPoller()
    expect(await next(poller, alerts(firing()))).toEqual([])
    expect(poller.status.firing_alerts).toBe(1)
  })

  it('goes on after a restart of Gatehouse as if there was none', async () => {
    await next(createPoller(), alerts(firing()))
    expect(await next(await anotherPoller(), alerts(firing()))).toEqual([])
    expect(await next(await anotherPoller())).toMatchObject([{ status: 'resolved' }])
  })

  it('finds the incidents again by their keys when what it knew is lost', async () => {
    await next(createPoller(), alerts(firing()))
    memory = undefined
    expect(await next(await anotherPoller(), alerts(firing()))).toEqual([])
    memory = undefined
    expect(await next(await anotherPoller())).toMatchObject([{ status: 'resolved' }])
  })

  it('asks once more before an alert is over: the rule for another severity may be evaluated just then', async () => {
    const poller = createPoller()
    await next(poller, alerts(firing()))
    const lists = [[], [firing({ severity: 'critical' }, '2026-03-01T10:05:00Z')]]
    const between = { alerts: () => ({ data: { alerts: lists.shift() ?? [] } }) }
    expect(await next(poller, between)).toMatchObject([{ status: 'open', severity: 'critical' }])
    expect(open.size).toBe(1)
  })

  it('takes nothing for over that is missing in a partial answer, and says so', async () => {
    const poller = createPoller()
    await next(poller, alerts(firing()))
    const partial = { warnings: ['store-2: connection refused'] }
    expect(await next(poller, { alerts: { data: { alerts: [] }, more: partial } })).toEqual([])
    expect(poller.status).toMatchObject({ state: 'ok', error: expect.stringContaining('store-2') as string })
    expect(await next(poller)).toMatchObject([{ status: 'resolved' }])
    expect(poller.status.error).toBeNull()
  })

  it('leaves an incident alone that a person resolved while the alert fires on', async () => {
    const poller = createPoller()
    await next(poller, alerts(firing()))
    open.clear()
    expect(await next(poller, alerts(firing()))).toEqual([])
    expect(await next(poller)).toEqual([])
  })

  it('tells again what could not be stored', async () => {
    const failing = createPoller(() => Promise.reject(new AppError('internal', { message: 'The disk is full.' })))
    await next(failing, alerts(firing()))
    expect(failing.status).toMatchObject({ state: 'failing', error: 'The disk is full.' })
    expect(memory).toBeUndefined()
    expect(await next(await anotherPoller(), alerts(firing()))).toMatchObject([{ status: 'open' }])
  })

  it('asks for rules before it takes an alert for over that a restart of the server may hide', async () => {
    const poller = createPoller()
    await next(poller, alerts(firing()))
    const restarted = { 'status/runtimeinfo': { data: { startTime: '2026-03-01T09:59:30Z' } } }
    const rules = (lastEvaluation: string) => ({
      rules: { data: { groups: [{ rules: [{ type: 'alerting', name: 'HighErrorRate', lastEvaluation }] }] } },
    })
    expect(await next(poller, { ...restarted, ...rules('0001-01-01T00:00:00Z') })).toEqual([])
    expect(await next(poller, { ...restarted, ...alerts(firing({}, '2026-03-01T09:59:45Z')) })).toEqual([])
    expect(await next(poller, { ...restarted, ...rules('2026-03-01T09:59:50Z') })).toMatchObject([
      { status: 'resolved' },
    ])
  })

  it('tells of a cluster that is gone, and of its return', async () => {
    const poller = createPoller()
    await next(poller)
    expect(await next(poller, { [BY_CLUSTER]: up('node') })).toEqual([])
    expect(await next(poller, { [BY_CLUSTER]: up('node') })).toMatchObject([
      { type: 'cluster_disconnected', title: 'Cluster shop is disconnected', dedupe_key: 'prometheus-cluster:shop' },
    ])
    expect(poller.status.clusters).toMatchObject([
      { name: 'node', state: 'connected' },
      { name: 'shop', state: 'disconnected', targets_up: 0 },
    ])
    expect(await next(poller)).toMatchObject([{ type: 'cluster_reconnected', status: 'resolved' }])
  })

  it('does not miss clusters of a server that has just started', async () => {
    const poller = createPoller()
    await next(poller)
    const fresh = { [BY_CLUSTER]: up('node'), 'status/runtimeinfo': { data: { startTime: '2026-03-01T09:59:50Z' } } }
    for (let times = 0; times < 3; times++) expect(await next(poller, fresh)).toEqual([])
  })

  it('tells of a server that can not be asked at three polls, and resolves nothing meanwhile', async () => {
    const poller = createPoller()
    await next(poller, alerts(firing()))
    expect(await next(poller, unreachable())).toEqual([])
    expect(await next(poller, unreachable())).toEqual([])
    expect(await next(poller, unreachable())).toMatchObject([
      {
        type: 'cluster_disconnected',
        dedupe_key: 'prometheus-endpoint',
        title: 'Prometheus at prometheus.test:9090 can not be asked',
      },
    ])
    expect(await next(poller, unreachable())).toEqual([])
    expect(poller.status).toMatchObject({ state: 'failing', error: 'It is not there.' })
    expect(await next(poller, alerts(firing()))).toMatchObject([{ type: 'cluster_reconnected' }])
    expect(poller.status).toMatchObject({ state: 'ok', error: null })
  })

  it('does not take queries that can not be evaluated for a server that is gone', async () => {
    const failed = new PrometheusProblem('unreachable', 'Connection closed.')
    const poller = createPoller(undefined, () => {
      vi.advanceTimersByTime(31_000)
      return Promise.reject(failed)
    })
    for (let times = 0; times < 5; times++) expect(await next(poller, {})).toEqual([])
    expect(poller.status).toMatchObject({ state: 'failing', error: 'Connection closed.' })
  })

  it('does not take a locked vault for a server that is gone', async () => {
    const poller = createPoller()
    const locked = new AppError('vault_locked')
    for (let times = 0; times < 4; times++) expect(await next(poller, { [BY_CLUSTER]: locked })).toEqual([])
    expect(poller.status.state).toBe('failing')
  })

  it('looks at what a server lacks without harm', async () => {
    const poller = createPoller()
    const lacks = answer(404, 'not found', 'text/plain')
    expect(await next(poller, { alerts: lacks, 'status/runtimeinfo': lacks })).toEqual([])
    expect(poller.status).toMatchObject({ state: 'ok', firing_alerts: 0 })
  })

  it.each([
    ['VictoriaMetrics', 'unsupported path requested: "/api/v1/status/runtimeinfo"'],
    ['vmauth', 'missing route for "/api/v1/status/runtimeinfo"'],
  ])('works with %s, which answers 400 where it has nothing', async (_name, body) => {
    server.script = { ...well, 'status/runtimeinfo': answer(400, body, 'text/plain') }
    const poller = createPoller()
    await poller.poll()
    expect(poller.status).toMatchObject({ state: 'ok', error: null, clusters: [{ name: 'node' }, { name: 'shop' }] })
  })

  it('begins by itself, once in an interval, and never twice at a time', async () => {
    const poller = createPoller()
    let answering = 0
    let most = 0
    const access = server.access(values)
    vi.spyOn(server, 'access').mockReturnValue({
      ...access,
      request: async (request, signal) => {
        most = Math.max(most, ++answering)
        await Promise.resolve()
        answering--
        return await access.request(request, signal)
      },
    })
    poller.start()
    await vi.advanceTimersByTimeAsync(1_000)
    const first = server.asked.filter((what) => what === BY_CLUSTER).length
    await Promise.all([poller.poll(), poller.poll()])
    await vi.advanceTimersByTimeAsync(60_001)
    expect(first).toBe(1)
    expect(server.asked.filter((what) => what === BY_CLUSTER)).toHaveLength(3)
    expect(most).toBe(1)
  })

  it('makes up for nothing after a sleep or a change of the clock', async () => {
    const poller = createPoller()
    await next(poller)
    const before = server.asked.filter((what) => what === BY_CLUSTER).length
    vi.setSystemTime(Date.now() + 86_400_000)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(server.asked.filter((what) => what === BY_CLUSTER)).toHaveLength(before)
    vi.setSystemTime(Date.now() - 2 * 86_400_000)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.asked.filter((what) => what === BY_CLUSTER)).toHaveLength(before + 1)
  })

  it('ends at once', async () => {
    const poller = createPoller()
    poller.start()
    await poller.stop()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(server.asked).toEqual([])
  })
})
