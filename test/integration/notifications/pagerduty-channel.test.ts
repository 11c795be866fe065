import { beforeEach, describe, expect, it } from 'vitest'
import { eventTools } from '../../../src/main/system/pagerduty/event-tools.ts'
import { PagerDutyChannel } from '../../../src/main/system/pagerduty/pagerduty-channel.ts'
import type { SystemAccess } from '../../../src/main/system/system-adapter.ts'
import { exampleEvent, exampleIncident } from '../../helpers/notices.ts'
import { outgoing } from '../../helpers/outgoing.ts'
import { systemAccess } from '../../helpers/system-access.ts'
import {
  startPagerDuty,
  type PagerDutyOptions,
  type PagerDutyServer,
} from '../../servers/pagerduty/pagerduty-server.ts'

const KEY = 'a'.repeat(32)
const OTHER_KEY = 'b'.repeat(32)
const TOKEN = 'canary-rest-token-0123'
const signal = new AbortController().signal
const settings = { kind: 'pagerduty', pagerduty: {} } as const
const looking = { lookMs: 300, everyMs: 100 }

let server: PagerDutyServer
let access: SystemAccess
let channel: PagerDutyChannel

async function start(options: PagerDutyOptions = {}, given: { values?: object; credentials?: object } = {}) {
  server = await startPagerDuty({ keys: [KEY, OTHER_KEY], token: TOKEN, ...options })
  const opened = systemAccess('pagerduty', {
    values: { region: 'own', events_url: server.url, api_url: server.url, ...given.values },
    credentials: { integration_key: KEY, ...given.credentials },
  })
  access = opened
  channel = new PagerDutyChannel({ access: () => access, looking })
  return async () => {
    await opened.close()
    await server.close()
  }
}

describe('an incident', () => {
  beforeEach(() => start())

  it('is one alert, acknowledged and resolved with it', async () => {
    const opened = await channel.send(outgoing({ settings }), signal)
    if (opened.kind !== 'delivered') throw new Error(opened.message)
    const references = opened.references ?? new Map()
    expect(references.get('0mincident0001')).toEqual({ dedup_key: 'gatehouse-0mincident0001' })
    expect(server.alerts).toMatchObject([
      {
        routingKey: KEY,
        dedupKey: 'gatehouse-0mincident0001',
        status: 'triggered',
        payloads: [
          {
            summary: 'Database is down (#12)',
            source: 'prometheus',
            severity: 'critical',
            component: 'billing',
            class: 'DatabaseDown',
            custom_details: { labels: { team: 'core' }, incident: '#12', workspace: 'default' },
          },
        ],
      },
    ])
    for (const [action, status] of [
      ['severity', 'triggered'],
      ['acknowledge', 'acknowledged'],
      ['resolve', 'resolved'],
    ] as const) {
      expect((await channel.send(outgoing({ settings, notice: { action }, references }), signal)).kind).toBe(
        'delivered',
      )
      expect(server.alerts).toMatchObject([{ status }])
    }
  })

  it('that was acknowledged before its opening went out is an acknowledged alert', async () => {
    const incident = exampleIncident({ status: 'acknowledged' })
    const opened = await channel.send(outgoing({ settings, notice: { incidents: [incident] } }), signal)
    expect(opened).toMatchObject({ kind: 'delivered', exchanges: [{}, {}] })
    expect(server.alerts).toMatchObject([{ status: 'acknowledged', payloads: [{}] }])
  })

  it.each(['open', 'severity', 'repeat'] as const)('that is over calls nobody by its %s', async (action) => {
    const notice = { action, incidents: [exampleIncident({ status: 'resolved' })] }
    expect(await channel.send(outgoing({ settings, notice }), signal)).toMatchObject({ kind: 'delivered' })
    expect(server.alerts).toEqual([])
  })

  it('whose opening did arrive at an attempt that seemed to fail is ended by the next', async () => {
    await channel.send(outgoing({ settings }), signal)
    const notice = { incidents: [exampleIncident({ status: 'resolved' })] }
    await channel.send(outgoing({ settings, notice }), signal)
    expect(server.alerts).toMatchObject([{ status: 'resolved', payloads: [{}] }])
  })

  it('has its links, and the console as its client', async () => {
    await channel.send(outgoing({ settings }), signal)
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({
      client: 'Gatehouse',
      client_url: 'http://127.0.0.1:7420/incidents/12',
      links: [
        { href: 'http://127.0.0.1:7420/incidents/12' },
        { href: 'https://grafana.example.com/d/1', text: 'Dashboard' },
      ],
    })
  })

  it.each([
    ['critical', 'critical'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'warning'],
    ['info', 'info'],
  ] as const)('of severity %s is %s', async (severity, theirs) => {
    await channel.send(outgoing({ settings, notice: { severity } }), signal)
    expect(server.alerts[0]?.payloads[0]).toMatchObject({ severity: theirs })
  })

  it('goes to the service of the channel that has a key of its own', async () => {
    const integration_key_place = String(channel.placeOfSecrets('default'))
    await channel.send(outgoing({ settings, secrets: { integration_key: OTHER_KEY, integration_key_place } }), signal)
    expect(server.alerts).toMatchObject([{ routingKey: OTHER_KEY }])
  })

  it.each(['https://events.pagerduty.com', undefined])(
    'does not go to a place that the key of its channel was not given for: %s',
    async (place) => {
      const secrets = { integration_key: OTHER_KEY, ...(place && { integration_key_place: place }) }
      const refused = { code: 'key_of_other_place', message: expect.stringContaining('enter it again') as string }
      expect(await channel.send(outgoing({ settings, secrets }), signal)).toMatchObject({ kind: 'broken', ...refused })
      expect(await channel.test(outgoing({ settings, secrets, notice: { action: 'test' } }), signal)).toMatchObject({
        ok: false,
        error: { ...refused, field: 'credentials.integration_key' },
      })
      expect(server.requests).toEqual([])
    },
  )

  it('of any size is taken, and says what was cut', async () => {
    const incident = exampleIncident({
      title: '数'.repeat(300),
      description: '据'.repeat(20_000),
      rca: '库'.repeat(100_000),
      labels: Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`l${index}`, '\u0001'.repeat(4096)])),
    })
    const outcome = await channel.send(outgoing({ settings, notice: { incidents: [incident] } }), signal)
    expect(outcome.kind).toBe('delivered')
    expect(server.alerts[0]?.payloads[0]).toMatchObject({
      custom_details: { truncated: 'Long texts were cut: PagerDuty takes 512 KB.' },
    })
  })

  it('of links without an end is taken with those that fit', async () => {
    const links = Array.from({ length: 10 }, (_, index) => ({
      url: `https://example.com/${index}/${'漢'.repeat(2_000)}`,
      title: `Link ${index}`,
    }))
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`l${index}`, 'ü'.repeat(3_600)]))
    const incident = exampleIncident({ links, labels, description: 'd'.repeat(20_000), rca: 'r'.repeat(100_000) })
    const outcome = await channel.send(outgoing({ settings, notice: { incidents: [incident] } }), signal)
    expect(outcome.kind).toBe('delivered')
  })

  it('loses its description before anything else', async () => {
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`l${index}`, 'x'.repeat(4000)]))
    const incident = exampleIncident({ description: '据'.repeat(20_000), rca: 'r'.repeat(100_000), labels })
    const rca = { ...incident, rca: '库'.repeat(60_000) }
    await channel.send(outgoing({ settings, notice: { incidents: [rca] } }), signal)
    const { description, root_cause } = (server.alerts[0]?.payloads[0]?.custom_details ?? {}) as Record<string, string>
    expect(description?.length).toBe(1_000)
    expect(root_cause?.length).toBe(60_000)
  })
})

describe('a report and an event without an incident', () => {
  beforeEach(() => start())

  it('are changes, which call nobody', async () => {
    const event = exampleEvent({ type: 'tool_definition_changed', incident_id: null })
    await channel.send(
      outgoing({ settings, notice: { action: 'notice', incidents: [], event, title: 'Tools changed' } }),
      signal,
    )
    await channel.send(
      outgoing({ settings, notice: { action: 'rca', event: exampleEvent({ rca: 'A full disk.' }) } }),
      signal,
    )
    expect(server.alerts).toEqual([])
    expect(server.changes).toMatchObject([
      { payload: { summary: 'Tools changed' } },
      {
        payload: {
          summary: expect.stringContaining('root cause') as string,
          custom_details: { root_cause: 'A full disk.' },
        },
      },
    ])
  })

  it('are not sent by a key that takes none', async () => {
    const secrets = { integration_key: `R${'c'.repeat(31)}`, integration_key_place: server.url }
    const outcome = await channel.send(
      outgoing({ settings, secrets, notice: { action: 'notice', incidents: [] } }),
      signal,
    )
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'no_change_events' })
    expect(server.requests).toEqual([])
  })
})

describe('an answer', () => {
  beforeEach(() => start({ limitPerMinute: 2 }))

  it('that is about the key breaks the channel', async () => {
    const secrets = { integration_key: 'short', integration_key_place: server.url }
    const outcome = await channel.send(outgoing({ settings, secrets }), signal)
    expect(outcome).toMatchObject({
      kind: 'broken',
      code: 'invalid_key',
      message: expect.stringContaining('should be 32 characters') as string,
    })
    expect(JSON.stringify(outcome)).not.toContain('short"')
  })

  it('that is about the event names what is wrong, and lets the next one pass', async () => {
    const references = new Map([['0mincident0001', { dedup_key: 'k'.repeat(300) }]])
    expect(await channel.send(outgoing({ settings, references }), signal)).toMatchObject({
      kind: 'rejected',
      code: 'http_400',
      message: expect.stringContaining("'dedup_key' is too long") as string,
    })
  })

  it('over the limit is waited for as it says', async () => {
    await channel.send(outgoing({ settings }), signal)
    await channel.send(outgoing({ settings }), signal)
    expect(await channel.send(outgoing({ settings }), signal)).toMatchObject({ kind: 'retry', retryAfterMs: 45_000 })
  })

  it.each([
    [403, 'broken'],
    [404, 'broken'],
    [413, 'rejected'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('of %d: %s', async (status, kind) => {
    server.fail(status)
    expect((await channel.send(outgoing({ settings }), signal)).kind).toBe(kind)
  })

  it('does not show the key', async () => {
    const outcome = await channel.send(outgoing({ settings }), signal)
    expect(JSON.stringify(outcome.exchanges)).not.toContain(KEY)
    expect(channel.preview(outgoing({ settings })).body).not.toContain(KEY)
  })

  it('that never comes, when the gateway ends', async () => {
    server.fail('hang')
    const end = new AbortController()
    const sending = channel.send(outgoing({ settings }), end.signal)
    setTimeout(() => end.abort(new Error('the end')), 50)
    await expect(sending).rejects.toThrow('the end')
  })

  it('of nobody is tried again', async () => {
    await server.close()
    expect((await channel.send(outgoing({ settings }), signal)).kind).toBe('retry')
    server = await startPagerDuty()
  })
})

describe('a test', () => {
  const test = () => channel.test(outgoing({ settings, notice: { action: 'test', isTest: true } }), signal)

  describe('without a REST token', () => {
    beforeEach(() => start())
    it('triggers and resolves, and says what is not known', async () => {
      expect(await test()).toMatchObject({
        ok: true,
        message: expect.stringContaining('keys that it does not know') as string,
      })
      expect(server.alerts).toMatchObject([
        { status: 'resolved', payloads: [{ summary: 'Test from Gatehouse', severity: 'info' }] },
      ])
    })

    it('says what was refused', async () => {
      server.fail(403)
      expect(await test()).toMatchObject({ ok: false, error: { code: 'http_403' } })
    })
  })

  describe('with a REST token', () => {
    beforeEach(() => start({}, { credentials: { api_token: TOKEN } }))
    it('sees what came of it', async () => {
      expect(await test()).toMatchObject({
        ok: true,
        message: 'PagerDuty made incident #1 of a test event, and resolved it.',
      })
      expect(server.alerts).toMatchObject([{ status: 'resolved' }])
    })

    it('that somebody breaks off leaves no alert behind', async () => {
      const inner = access
      const end = new AbortController()
      const { workspace, name, way, baseUrl, values } = inner
      access = {
        ...{ workspace, name, way, baseUrl, values },
        secret: (field) => inner.secret(field),
        authorization: () => inner.authorization(),
        redact: (text) => inner.redact(text),
        request: (wanted, limit) => {
          if (wanted.path === '/incidents') end.abort(new Error('broken off'))
          return inner.request(wanted, limit)
        },
      }
      const notice = { action: 'test', isTest: true } as const
      await expect(channel.test(outgoing({ settings, notice }), end.signal)).rejects.toThrow('broken off')
      expect(server.alerts).toMatchObject([{ status: 'resolved' }])
    })
  })

  describe('with a key that belongs to nobody', () => {
    beforeEach(() => start({ keys: [] }, { credentials: { api_token: TOKEN } }))
    it('does not see it', async () => {
      expect(await test()).toMatchObject({
        ok: true,
        message: expect.stringContaining('shows no incident of it') as string,
      })
    })
  })

  it('of a workspace without PagerDuty', async () => {
    channel = new PagerDutyChannel({ access: () => undefined })
    expect(channel.unready('default')).toMatchObject({ code: 'needs_setup' })
    expect(await test()).toMatchObject({ ok: false, error: { code: 'needs_setup' } })
    expect(await channel.send(outgoing({ settings }), signal)).toMatchObject({ kind: 'broken', code: 'needs_setup' })
  })
})

describe('the tools', () => {
  beforeEach(() => start())
  const call = (name: string, args: Record<string, unknown>) => {
    const tool = eventTools.find(({ definition }) => definition.name === name)
    if (tool === undefined) throw new Error(name)
    return tool.call(access, args, signal)
  }

  it('trigger, acknowledge and resolve an alert by the key that PagerDuty gave it', async () => {
    const triggered = await call('trigger_event', { summary: 'Disk full', component: 'db' })
    const { dedup_key } = ('structured' in triggered ? triggered.structured : {}) as { dedup_key?: string }
    expect(dedup_key).toBeDefined()
    expect(server.alerts).toMatchObject([{ status: 'triggered', payloads: [{ severity: 'error', component: 'db' }] }])
    await call('acknowledge_event', { dedup_key })
    expect(server.alerts[0]?.status).toBe('acknowledged')
    expect(await call('resolve_event', { dedup_key })).toEqual({ structured: { accepted: true, dedup_key } })
    expect(server.alerts[0]?.status).toBe('resolved')
  })

  it('note a change', async () => {
    await call('send_change_event', { summary: 'Deployed 1.2', links: [{ href: 'https://ci.example/1' }] })
    expect(server.changes).toMatchObject([
      { payload: { summary: 'Deployed 1.2' }, links: [{ href: 'https://ci.example/1' }] },
    ])
  })

  it('say what is wrong with what they are given', async () => {
    expect(await call('trigger_event', { summary: 'x', severity: 'bad' })).toMatchObject({ isError: true })
    // Of 100,000 characters, and three times as many bytes.
    expect(await call('trigger_event', { summary: 'x', custom_details: { a: '漢'.repeat(100_000) } })).toMatchObject({
      text: expect.stringContaining('larger than 256 KiB') as string,
    })
    expect(await call('resolve_event', {})).toMatchObject({ isError: true })
    expect(server.requests).toEqual([])
  })

  it('say what PagerDuty refused, without the key', async () => {
    server.fail(500)
    const result = await call('trigger_event', { summary: 'x' })
    expect(result).toMatchObject({ isError: true, text: expect.stringContaining('answered 500') as string })
  })

  it('are none that only reads', () => {
    expect(eventTools.every(({ definition }) => definition.annotations.readOnlyHint === false)).toBe(true)
  })
})
