import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { HttpUrl } from '../../../src/shared/contract/http-url.ts'
import { AlertmanagerPayload, type Alert } from '../../../src/main/incidents/alertmanager/payload.ts'
import { severityOf } from '../../../src/main/incidents/alertmanager/alert-text.ts'
import { AlertmanagerReceiver } from '../../../src/main/incidents/alertmanager/receiver.ts'
import { freshIncidents } from './fixture.ts'

const data = new URL('../../data/alertmanager/', import.meta.url)
const token = { id: 't1', name: 'monitoring', workspace: 'default' }
const page = { limit: 100 }

/** As it was recorded from a real Alertmanager 0.25. */
function recorded(name: string): AlertmanagerPayload {
  return AlertmanagerPayload.parse(JSON.parse(readFileSync(new URL(`alertmanager-${name}.json`, data), 'utf8')))
}

function alert(labels: Record<string, string>, more: Partial<Alert> = {}): Alert {
  const fingerprint = JSON.stringify(Object.entries(labels).sort()).slice(0, 128)
  const times = { startsAt: '2026-01-01T10:00:00Z', endsAt: '0001-01-01T00:00:00Z' }
  return { status: 'firing', labels, annotations: {}, generatorURL: '', fingerprint, ...times, ...more }
}

function ended(firing: Alert, at = '2026-01-01T10:05:00Z'): Alert {
  return { ...firing, status: 'resolved', endsAt: at }
}

function payload(...alerts: Alert[]): AlertmanagerPayload {
  const names = { groupKey: 'g', receiver: 'hook', externalURL: 'http://am:9093' }
  return { version: '4', alerts, truncatedAlerts: 0, ...names }
}

async function receiving() {
  const fixture = await freshIncidents()
  // What was recorded starts after the fixture's own time.
  fixture.clock.now = Date.parse('2026-11-25T00:00:00Z')
  const receiver = new AlertmanagerReceiver({ incidents: fixture.service, store: fixture.store })
  const incidents = async () => {
    const { items } = await fixture.service.list('default', {}, page)
    return await Promise.all(items.reverse().map(({ id }) => fixture.service.get('default', id)))
  }
  return { ...fixture, receiver, incidents, receive: (body: AlertmanagerPayload) => receiver.receive(token, body) }
}

describe('recorded payloads', () => {
  it('an alert fires, is repeated byte for byte, and is resolved', async () => {
    const { receive, incidents } = await receiving()
    const firing = recorded('firing')
    expect(await receive(firing)).toEqual({ accepted: 1, warnings: [] })
    const [opened] = await incidents()
    expect(opened).toMatchObject({
      status: 'open',
      severity: 'critical',
      title: 'checkout fails 75% of its requests',
      description: 'Pod checkout-0 in shop on prod-1.',
      source: 'prod-1',
      service: 'checkout',
      labels: { alertname: 'HighErrorRate', team: 'payments' },
      dedupe_key: 'alertmanager:6ddb9a0cdb1d154b:2026-11-24T14:23:09.580Z',
      opened_at: '2026-11-24T14:23:09.580Z',
      links: [
        { title: 'Runbook', url: 'http://127.0.0.1/runbooks/HighErrorRate' },
        { title: 'Query', url: expect.stringContaining('/graph?g0.expr=') as string },
        { title: 'Alertmanager', url: 'http://127.0.0.1:45589' },
      ],
    })
    await receive(firing)
    await receive(firing)
    const [repeated] = await incidents()
    expect(repeated?.event_count).toBe(3)
    expect(repeated?.timeline).toEqual(opened?.timeline)
    await receive(recorded('resolved'))
    expect(await incidents()).toMatchObject([
      { status: 'resolved', resolved_by: 'Alertmanager', resolved_at: '2026-11-24T14:23:10.580Z' },
    ])
    // The same alert again, another day: the same fingerprint, and another incident.
    await receive({ ...firing, alerts: firing.alerts.map((each) => ({ ...each, startsAt: '2026-11-24T20:00:00Z' })) })
    expect((await incidents()).map(({ status }) => status)).toEqual(['resolved', 'open'])
  })

  it('a severity that changes is one incident that got worse, then better, then ends', async () => {
    const { receive, incidents, happenings } = await receiving()
    const mixed = recorded('mixed')
    const [critical, high] = mixed.alerts
    if (critical === undefined || high === undefined) throw new Error('not the payload that was recorded')
    await receive({ ...mixed, alerts: [{ ...high, status: 'firing', endsAt: '0001-01-01T00:00:00Z' }] })
    await receive(mixed)
    await receive(mixed)
    const [worse, ...others] = await incidents()
    expect(others).toEqual([])
    expect(worse).toMatchObject({ status: 'open', severity: 'critical', labels: { severity: 'critical' } })
    const again = '2026-11-24T14:30:00Z'
    const better = { ...high, status: 'firing' as const, startsAt: again, endsAt: '0001-01-01T00:00:00Z' }
    await receive({ ...mixed, alerts: [{ ...critical, status: 'resolved', endsAt: again }, better] })
    await receive({ ...mixed, alerts: [ended(better, '2026-11-24T14:31:00Z')] })
    expect(
      (await incidents()).map((incident) => [incident.status, incident.severity, incident.highest_severity]),
    ).toEqual([['resolved', 'high', 'critical']])
    expect(happenings.map(({ change }) => change)).toEqual(['opened', 'severity', 'repeated', 'severity', 'resolved'])
  })

  it('says what was cut off, once, until the whole group comes', async () => {
    const { receive, incidents } = await receiving()
    const cut = recorded('truncated')
    for (const body of [cut, cut, recorded('truncated-resolved')]) {
      const { warnings } = await receive(body)
      expect(warnings[0]).toMatch(/^\d alerts of a group were cut off/)
    }
    const notices = async () =>
      (await incidents()).filter(({ dedupe_key }) => dedupe_key.startsWith('alertmanager-cut'))
    expect(await notices()).toMatchObject([{ status: 'open', severity: 'medium', source: 'Alertmanager' }])
    await receive({ ...cut, truncatedAlerts: 0 })
    expect(await notices()).toMatchObject([{ status: 'resolved' }])
    const before = (await incidents()).length
    await receive({ ...cut, truncatedAlerts: 0 })
    expect(await incidents()).toHaveLength(before)
  })
})

describe('an alert whose target goes away', () => {
  const labels = { instance: 'web-1:9100', job: 'node', cluster: 'prod' }
  const down = alert({ alertname: 'InstanceDown', severity: 'critical', ...labels })
  const errors = alert({ alertname: 'HighErrorRate', severity: 'high', ...labels })
  const elsewhere = alert({ alertname: 'HighErrorRate', severity: 'high', ...labels, instance: 'web-2:9100' })

  it.each([
    ['in the same payload', [[down, ended(errors), ended(elsewhere)]]],
    ['in another payload of the same second', [[down], [ended(errors), ended(elsewhere)]]],
  ])('is not good news when its series end: %s', async (_, bodies) => {
    const { receive, incidents, happenings } = await receiving()
    await receive(payload(errors, elsewhere))
    for (const alerts of bodies) await receive(payload(...alerts))
    const [gone, fine] = await incidents()
    expect(gone).toMatchObject({ status: 'resolved', resolved_by: null })
    expect(fine).toMatchObject({ status: 'resolved', resolved_by: 'Alertmanager' })
    expect(gone?.timeline.at(-1)?.message).toMatch(/^No longer reported: its target is down \(InstanceDown\)/)
    expect(fine?.timeline.at(-1)?.message).toBe('Resolved.')
    const resolved = happenings.filter(({ change }) => change === 'resolved')
    expect(resolved.map(({ event }) => event.description !== '')).toEqual([true, false])
  })

  it('is good news again when the target is back', async () => {
    const { receive, incidents } = await receiving()
    await receive(payload(errors, down))
    await receive(payload(ended(down), ended(errors)))
    expect((await incidents()).map(({ timeline }) => timeline.at(-1)?.message)).toEqual(['Resolved.', 'Resolved.'])
  })

  it('is known by what it asks as well as by its name', async () => {
    const { receive, incidents } = await receiving()
    const asked = 'http://prometheus:9090/graph?g0.expr=up%7Bjob%3D%22node%22%7D+%3D%3D+0&g0.tab=1'
    const { instance: _, ...job } = labels
    await receive(payload(errors))
    await receive(payload(alert({ alertname: 'Nodes', ...job }, { generatorURL: asked }), ended(errors)))
    expect((await incidents())[0]?.timeline.at(-1)?.message).toMatch(/target is down \(Nodes\)/)
  })
})

it('goes on with the incident of an alert whose end was never told', async () => {
  const { receive, incidents } = await receiving()
  const firing = alert({ alertname: 'A' })
  await receive(payload(firing))
  const later = { ...firing, startsAt: '2026-01-02T10:00:00Z' }
  await receive(payload(later))
  await receive(payload(ended(later, '2026-01-02T11:00:00Z')))
  expect(await incidents()).toMatchObject([{ status: 'resolved', event_count: 3 }])
})

it('takes an end and a new beginning of one alert in one payload for two incidents', async () => {
  const { receive, incidents } = await receiving()
  const firing = alert({ alertname: 'A' })
  await receive(payload(firing))
  await receive(payload(ended(firing), { ...firing, startsAt: '2026-01-02T10:00:00Z' }))
  expect((await incidents()).map(({ status }) => status)).toEqual(['resolved', 'open'])
})

it('cuts what is too long for an event and leaves out addresses that are none', async () => {
  const { receive, incidents } = await receiving()
  const labels = Object.fromEntries(
    Array.from({ length: 90 }, (_, index) => [`l${index}${'n'.repeat(120)}`, '☃'.repeat(5_000)]),
  )
  const annotations = {
    summary: `${'☃'.repeat(400)}\nsecond`,
    description: '☃'.repeat(30_000),
    runbook_url: 'javascript:x',
  }
  await receive(payload(alert({ service: 'x'.repeat(200) }, { labels: { ...labels }, annotations, fingerprint: 'f' })))
  const [incident] = await incidents()
  expect(incident?.title).toHaveLength(300)
  expect(incident?.description).toHaveLength(10_000)
  expect(Object.keys(incident?.labels ?? {})).toHaveLength(64)
  expect(incident?.links.map(({ title }) => title)).toEqual(['Alertmanager'])
})

it('finds a title where the first ones say nothing, and none is lost for what it says', async () => {
  const { receive, incidents } = await receiving()
  const surrogates = '\ud800'.repeat(20_000)
  const address = `http://a/${'☃'.repeat(2_030)}`
  const long = Object.fromEntries(
    Array.from({ length: 64 }, (_, index) => [`${index}`.padEnd(128, '\u0001'), surrogates]),
  )
  await receive({
    ...payload(
      alert({ alertname: 'Named' }, { annotations: { summary: '\u0007\u0000', title: ' \n' } }),
      alert({ alertname: '\u0007' }),
      alert(long, {
        annotations: { summary: surrogates, description: surrogates, runbook_url: address, dashboard_url: address },
        generatorURL: address,
      }),
    ),
    externalURL: address,
  })
  expect((await incidents()).map(({ title }) => title)).toEqual([
    'Named',
    'Alert without a name',
    'Alert without a name',
  ])
})

it('reads no address that is too long for a link', async () => {
  const { receive, incidents } = await receiving()
  const read = vi.spyOn(HttpUrl, 'safeParse')
  onTestFinished(() => read.mockRestore())
  await receive({ ...payload(alert({ alertname: 'A' })), externalURL: `http://a/${'x'.repeat(100_000)}` })
  expect((await incidents())[0]?.links).toEqual([])
  expect(read.mock.calls.filter(([url]) => String(url).length > 2_048)).toEqual([])
})

it('goes on with one of the incidents that a fingerprint has, however many there are', async () => {
  const { receive, incidents, store } = await receiving()
  const firing = alert({ alertname: 'A' }, { fingerprint: 'f' })
  const starts = Array.from({ length: 50 }, (_, index) => new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString())
  await receive(payload(...starts.map((startsAt) => ({ ...firing, startsAt }))))
  const keys = await store.openKeysOf('default', new Map([['f', 'alertmanager:f:']]))
  expect(keys.get('f')?.length).toBeLessThanOrEqual(10)
  await receive(payload({ ...firing, startsAt: '2026-01-02T00:00:00Z' }))
  expect(await incidents()).toHaveLength(50)
})

it.each([
  ['page', 'critical'],
  ['CRITICAL', 'critical'],
  ['Error', 'high'],
  ['warning', 'medium'],
  ['minor', 'low'],
  ['none', 'info'],
  ['purple', 'medium'],
])('reads severity %s as %s', (word, severity) => {
  expect(severityOf({ severity: word })).toBe(severity)
  expect(severityOf({ priority: word })).toBe(severity)
})
