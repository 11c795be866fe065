import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { WorkspacesStore } from '../../../src/main/store/workspaces-store.ts'
import { freshIncidents, input, told } from './fixture.ts'

const page = { limit: 100 }

describe('events of one key', () => {
  it('are one incident: opened, worse, in other words, repeated, acknowledged and resolved', async () => {
    const { service, happenings, tell, clock } = await freshIncidents()
    const opened = await tell({ dedupe_key: 'disk', severity: 'high', service: 'db' })
    clock.now += 1_000
    await tell({ dedupe_key: 'disk', severity: 'critical', service: 'db' })
    await tell({ dedupe_key: 'disk', severity: 'critical', service: 'db', title: 'Disk really full' })
    await tell({ dedupe_key: 'disk', severity: 'critical', service: 'db', title: 'Disk really full' })
    await tell(
      { dedupe_key: 'disk', status: 'acknowledged', description: 'on it' },
      { origin: 'agent', toldBy: 'claude' },
    )
    await tell({ dedupe_key: 'disk', severity: 'low', service: 'db', title: 'Disk really full' })
    clock.now += 1_000
    await tell({ dedupe_key: 'disk', status: 'resolved' })
    expect(happenings.map(({ change }) => change)).toEqual([
      'opened',
      'severity',
      'updated',
      'repeated',
      'acknowledged',
      'severity',
      'resolved',
    ])
    const { items, total, counts } = await service.list('default', {}, page)
    expect({ total, counts }).toEqual({ total: 1, counts: { open: 0, acknowledged: 0, resolved: 1 } })
    const incident = await service.get('default', items[0]?.id ?? '')
    expect(incident).toMatchObject({
      id: opened.incident_id,
      number: 1,
      status: 'resolved',
      severity: 'low',
      highest_severity: 'critical',
      title: 'Disk really full',
      acknowledged_by: 'claude',
      resolved_by: 'an admin over the API',
      opened_at: '2026-03-01T12:00:00.000Z',
      resolved_at: '2026-03-01T12:00:02.000Z',
      event_count: 7,
    })
    expect(incident.timeline.map(({ kind, actor, message }) => ({ kind, actor, message }))).toEqual([
      { kind: 'opened', actor: 'an admin over the API', message: 'Opened with severity high.' },
      { kind: 'severity_changed', actor: 'an admin over the API', message: 'Severity changed from high to critical.' },
      { kind: 'updated', actor: 'an admin over the API', message: 'Changed: title.' },
      { kind: 'acknowledged', actor: 'claude', message: 'Acknowledged: on it' },
      { kind: 'severity_changed', actor: 'an admin over the API', message: 'Severity changed from critical to low.' },
      { kind: 'resolved', actor: 'an admin over the API', message: 'Resolved.' },
    ])
  })

  it('are another incident once the first is resolved, also within one transaction', async () => {
    const { service } = await freshIncidents()
    const key = { dedupe_key: 'k' }
    const events = await service.tell('default', [
      told(key),
      told({ ...key, status: 'resolved' }),
      told(key),
      told({ ...key, status: 'resolved' }),
      told(key),
    ])
    expect(new Set(events.map(({ incident_id }) => incident_id)).size).toBe(3)
    const { items } = await service.list('default', {}, page)
    expect(items.map(({ number, status }) => [number, status])).toEqual([
      [3, 'open'],
      [2, 'resolved'],
      [1, 'resolved'],
    ])
    const [again] = await service.tell('default', [told(key)])
    expect(again?.incident_id).toBe(items[0]?.id)
  })

  it('are the same without a key when they say the same, and in each workspace others', async () => {
    const { service } = await freshIncidents()
    const one = told({ title: 'A', labels: { a: '1', b: '2' } })
    const same = told({ title: 'A', labels: { b: '2', a: '1' } })
    const other = told({ title: 'B', labels: { b: '2', a: '1' } })
    const [first, second, third] = await service.tell('default', [one, same, other])
    const [elsewhere] = await service.tell('other', [one])
    expect(second?.incident_id).toBe(first?.incident_id)
    expect(third?.incident_id).not.toBe(first?.incident_id)
    expect(elsewhere?.incident_id).not.toBe(first?.incident_id)
    expect(elsewhere?.dedupe_key).toBe(first?.dedupe_key)
  })
})

describe('a resolution of nothing', () => {
  it('is kept, opens no incident, asks no rule and says so', async () => {
    const { service, happenings, tell } = await freshIncidents()
    for (const status of ['resolved', 'acknowledged'] as const) {
      const event = await tell({ dedupe_key: 'unknown', status })
      expect(event).toMatchObject({ incident_id: null, decisions: [{ matched: false, channels: [] }] })
    }
    expect(happenings).toEqual([])
    expect((await service.list('default', {}, page)).total).toBe(0)
    const { items } = await service.events('default', {}, page)
    expect(items.map(({ status }) => status)).toEqual(['acknowledged', 'resolved'])
    expect(items[0]?.decisions[0]?.because).toMatch(/No incident with this key is open/)
  })
})

describe('a report of the cause', () => {
  it('belongs to the open incident of its key, else to the newest that is resolved', async () => {
    const { service, happenings, tell } = await freshIncidents()
    const { incident_id } = await tell({ dedupe_key: 'k' })
    const report = { type: 'rca_completed', dedupe_key: 'k', title: 'Why' } as const
    await tell({ ...report, rca: 'first' })
    await tell({ dedupe_key: 'k', status: 'resolved' })
    const after = await tell({ ...report, rca: 'second' })
    expect(after.incident_id).toBe(incident_id)
    expect(happenings.map(({ change }) => change)).toEqual(['opened', 'rca', 'resolved', 'rca'])
    const incident = await service.get('default', incident_id ?? '')
    expect(incident).toMatchObject({ rca: 'second', status: 'resolved', title: 'Disk full' })
    expect(incident.timeline.map(({ kind }) => kind)).toEqual(['opened', 'rca', 'resolved', 'rca'])
  })

  it('of no incident is only told', async () => {
    const { happenings, tell } = await freshIncidents()
    const event = await tell({ type: 'rca_completed', rca: 'text' })
    expect(event.incident_id).toBeNull()
    expect(happenings).toMatchObject([{ change: 'notice', incident: null }])
  })
})

it('opens an incident for a cluster that is gone and resolves it when it is back, whatever the words', async () => {
  const { service, happenings, tell } = await freshIncidents()
  const cluster = { source: 'prod-1', labels: { cluster: 'prod-1' } }
  await tell({ type: 'cluster_disconnected', title: 'prod-1 does not answer', severity: 'high', ...cluster })
  await tell({ type: 'cluster_reconnected', title: 'prod-1 is back', ...cluster })
  expect(happenings.map(({ change }) => change)).toEqual(['opened', 'resolved'])
  const { items } = await service.list('default', { type: 'cluster_disconnected' }, page)
  expect(items).toMatchObject([{ status: 'resolved', title: 'prod-1 does not answer' }])
})

it('tells of a changed tool definition without an incident', async () => {
  const { happenings, tell } = await freshIncidents()
  expect((await tell({ type: 'tool_definition_changed' })).incident_id).toBeNull()
  expect(happenings).toMatchObject([{ change: 'notice', incident: null }])
})

describe('an incident that goes on under another key', () => {
  it('is the same one, ends with that key, and late words of the first end nothing', async () => {
    const { service, store, happenings, tell } = await freshIncidents()
    const { incident_id } = await tell({ dedupe_key: 'a', severity: 'high' })
    const worse = await tell({ dedupe_key: 'b', severity: 'critical' }, { continues: ['unknown', 'a'] })
    expect(worse.incident_id).toBe(incident_id)
    expect([...(await store.withKeyPrefix('default', '')).keys()]).toEqual(['b'])
    expect(await store.openKeys('default', '')).toEqual(['b'])
    expect(await tell({ dedupe_key: 'a', status: 'resolved' })).toMatchObject({ incident_id: null })
    expect((await service.get('default', incident_id ?? '')).status).toBe('open')
    await tell({ dedupe_key: 'b', status: 'resolved' })
    expect((await service.get('default', incident_id ?? '')).status).toBe('resolved')
    expect([...(await store.withKeyPrefix('default', '')).keys()]).toEqual([])
    expect(await store.openKeys('default', '')).toEqual([])
    expect(happenings.map(({ change }) => change)).toEqual(['opened', 'severity', 'resolved'])
  })

  it('is not the one that another event of the key has opened already', async () => {
    const { tell } = await freshIncidents()
    const first = await tell({ dedupe_key: 'a' })
    const second = await tell({ dedupe_key: 'b' })
    const third = await tell({ dedupe_key: 'b' }, { continues: ['a'] })
    expect(third.incident_id).toBe(second.incident_id)
    expect(third.incident_id).not.toBe(first.incident_id)
  })
})

describe('people', () => {
  it('acknowledge, change, note and resolve; each but a note is an event that rules hear of', async () => {
    const { service, happenings, tell, clock } = await freshIncidents()
    const { incident_id } = await tell({ severity: 'medium' })
    const id = incident_id ?? ''
    await service.acknowledge('default', id, 'looking')
    clock.now += 10
    await service.update('default', id, { note: 'it is the cache' })
    await service.update('default', id, { severity: 'critical', title: 'Cache is full', rca: 'No eviction.' }, 'api')
    const resolved = await service.resolve('default', id, 'restarted')
    expect(happenings.map(({ change, event }) => [change, event.origin])).toEqual([
      ['opened', 'api'],
      ['acknowledged', 'console'],
      ['severity', 'api'],
      ['rca', 'api'],
      ['resolved', 'console'],
    ])
    expect(resolved).toMatchObject({
      status: 'resolved',
      severity: 'critical',
      title: 'Cache is full',
      rca: 'No eviction.',
      acknowledged_by: 'an admin',
      resolved_by: 'an admin',
    })
    expect(resolved.timeline.map(({ kind, message }) => [kind, message])).toEqual([
      ['opened', 'Opened with severity medium.'],
      ['acknowledged', 'Acknowledged: looking'],
      ['note', 'it is the cache'],
      ['severity_changed', 'Severity changed from medium to critical.'],
      ['updated', 'Changed: title.'],
      ['rca', 'The report of the cause was added.'],
      ['resolved', 'Resolved: restarted'],
    ])
  })

  it('cannot act on a resolved one, but may still say what it was', async () => {
    const { service, tell } = await freshIncidents()
    const { incident_id } = await tell()
    const id = incident_id ?? ''
    await service.resolve('default', id)
    const refused = { code: 'invalid_input', message: expect.stringMatching(/#1 was resolved by an admin/) as string }
    await expect(service.acknowledge('default', id)).rejects.toMatchObject(refused)
    await expect(service.resolve('default', id)).rejects.toMatchObject(refused)
    const severity = service.update('default', id, { severity: 'low' })
    await expect(severity).rejects.toMatchObject({ ...refused, details: [{ path: 'severity' }] })
    const told = await service.update('default', id, { rca: 'a cable', note: 'thrown away' })
    expect(told).toMatchObject({ status: 'resolved', rca: 'a cable' })
    await expect(service.acknowledge('default', 'nothing')).rejects.toMatchObject({ code: 'not_found' })
    await expect(service.get('other', id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(service.resolve('other', id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('who are refused do not hinder what is written with theirs', async () => {
    const { service, tell } = await freshIncidents()
    const { incident_id } = await tell()
    await service.resolve('default', incident_id ?? '')
    const [refused, taken] = await Promise.allSettled([
      service.resolve('default', incident_id ?? ''),
      tell({ title: 'B' }),
    ])
    expect([refused.status, taken.status]).toEqual(['rejected', 'fulfilled'])
  })
})

describe('the list', () => {
  it('is filtered by words, number, state, severity, time, and read in pages', async () => {
    const { service, tell, clock } = await freshIncidents()
    await tell({ title: 'Disk 100% full', service: 'Datenbank Ä', severity: 'critical', labels: { team: 'core' } })
    clock.now += 60_000
    const noon = new Date(clock.now).toISOString()
    await tell({ title: 'Slow_query', source: 'pg', severity: 'low' })
    clock.now += 60_000
    await tell({ title: 'Gone', severity: 'high', dedupe_key: 'g' })
    await tell({ status: 'resolved', dedupe_key: 'g' })
    const titles = async (filter: Parameters<typeof service.list>[1]) =>
      (await service.list('default', filter, page)).items.map(({ title }) => title)
    expect(await titles({})).toEqual(['Gone', 'Slow_query', 'Disk 100% full'])
    expect(await titles({ query: 'DISK full' })).toEqual(['Disk 100% full'])
    expect(await titles({ query: 'team=core' })).toEqual(['Disk 100% full'])
    expect(await titles({ query: 'datenbank Ä' })).toEqual(['Disk 100% full'])
    expect(await titles({ query: '100%' })).toEqual(['Disk 100% full'])
    expect(await titles({ query: 'w_q' })).toEqual(['Slow_query'])
    expect(await titles({ query: '#2' })).toEqual(['Slow_query'])
    expect(await titles({ query: '#2 disk' })).toEqual([])
    expect(await titles({ status: 'active' })).toEqual(['Slow_query', 'Disk 100% full'])
    expect(await titles({ status: 'resolved' })).toEqual(['Gone'])
    expect(await titles({ min_severity: 'high' })).toEqual(['Gone', 'Disk 100% full'])
    expect(await titles({ source: 'pg' })).toEqual(['Slow_query'])
    expect(await titles({ since: noon })).toEqual(['Gone', 'Slow_query'])
    expect(await titles({ until: noon })).toEqual(['Slow_query', 'Disk 100% full'])
    const first = await service.list('default', {}, { limit: 2 })
    expect(first).toMatchObject({ total: 3, next_cursor: '2', counts: { open: 2, acknowledged: 0, resolved: 1 } })
    const rest = await service.list('default', {}, { limit: 2, cursor: '2' })
    expect(rest).toMatchObject({ next_cursor: null, items: [{ title: 'Disk 100% full' }] })
    const events = await service.events('default', {}, { limit: 3 })
    const more = await service.events('default', {}, { limit: 3, cursor: events.next_cursor ?? '' })
    expect([...events.items, ...more.items].map(({ title }) => title)).toHaveLength(4)
    await expect(service.events('default', {}, { limit: 1, cursor: "'" })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })
})

describe('keys that Gatehouse gives itself', () => {
  const own = [
    ['prometheus', 'prometheus:f:2026-01-01T00:00:00Z'],
    ['prometheus', 'prometheus-cluster:prod'],
    ['prometheus', 'prometheus-endpoint'],
    ['gateway', 'gatehouse:integration_state:x'],
  ] as const

  it.each(own)('are taken of %s alone: %s', async (owner, dedupe_key) => {
    const { service, tell } = await freshIncidents()
    for (const origin of ['api', 'console', 'hook', 'agent', 'alertmanager', 'prometheus', 'gateway'] as const) {
      if (origin === owner) continue
      const refused = { code: 'invalid_input', details: [{ path: 'dedupe_key' }] }
      await expect(tell({ dedupe_key }, { origin })).rejects.toMatchObject(refused)
    }
    expect((await service.events('default', {}, page)).items).toEqual([])
    const { incident_id } = await tell({ dedupe_key }, { origin: owner })
    // What people do to its incident is not refused.
    await service.acknowledge('default', incident_id ?? '')
    expect(await service.resolve('default', incident_id ?? '')).toMatchObject({ status: 'resolved', dedupe_key })
  })

  it('are named where several events are told, and refuse all of them', async () => {
    const { service } = await freshIncidents()
    const several = service.tell('default', [told(), told({ dedupe_key: 'gatehouse:x' })])
    await expect(several).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('"gatehouse:"') as string,
      details: [{ path: 'events.1.dedupe_key' }],
    })
    expect((await service.list('default', {}, page)).total).toBe(0)
    await service.tell('default', [told({ dedupe_key: 'prometheus' }), told({ dedupe_key: 'my prometheus:x' })])
  })
})

describe('what is too much', () => {
  it('is refused before anything of it is taken', async () => {
    const { service } = await freshIncidents({ limits: { events: 10 } })
    const many = Array.from({ length: 9 }, (_, index) => told({ title: `e${index}` }))
    const first = service.tell('default', many)
    await expect(service.tell('default', many)).rejects.toMatchObject({ code: 'rate_limited' })
    await first
    await service.tell('default', many)
    expect((await service.list('default', {}, page)).items.every(({ event_count }) => event_count === 2)).toBe(true)
    const label = 'x'.repeat(4_096)
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`l${index}`, label]))
    await expect(service.report('default', input({ labels }), 'api')).rejects.toMatchObject({ code: 'too_large' })
    const several = service.tell('default', [told(), told({ labels })])
    await expect(several).rejects.toMatchObject({ code: 'too_large', details: [{ path: 'events.1' }] })
  })

  it('does not refuse one large payload for its length alone', async () => {
    const { service } = await freshIncidents({ limits: { events: 10, batchEvents: 4 } })
    const many = Array.from({ length: 50 }, (_, index) => told({ title: `e${index}` }))
    expect((await service.tell('default', many)).map(({ title }) => title)).toEqual(
      many.map(({ input }) => input.title),
    )
    expect((await service.list('default', {}, page)).total).toBe(50)
  })
})

it('takes 2,000 events in a moment, all of them in order, and tells the doors a few times', async () => {
  const { service, news, happenings } = await freshIncidents()
  const sent = Array.from({ length: 2_000 }, (_, index) => service.tell('default', [told({ title: `event ${index}` })]))
  const events = (await Promise.all(sent)).flat()
  expect(new Set(events.map(({ incident_id }) => incident_id)).size).toBe(2_000)
  const { total, counts } = await service.list('default', {}, page)
  expect([total, counts.open]).toEqual([2_000, 2_000])
  expect(happenings.map(({ event }) => event.title)).toEqual(events.map(({ title }) => title))
  await expect.poll(() => news.at(-1)).toMatchObject({ type: 'incidents_changed', counts: { open: 2_000 } })
  expect(news.length).toBeLessThan(20)
})

describe('a planner that fails', () => {
  it('leaves nothing of the event that it failed at, and the others are taken', async () => {
    const fixture = await freshIncidents()
    const { service, planner } = fixture
    planner.plan = (_transaction, _workspace, planned) => {
      if (planned.some(({ event }) => event.title === 'poison')) throw new Error('broken')
      return Promise.resolve(planned.map(() => []))
    }
    const sent = ['a', 'poison', 'b'].map((title) => service.tell('default', [told({ title })]))
    const outcomes = await Promise.allSettled(sent)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const { items } = await service.list('default', {}, page)
    expect(items.map(({ title }) => title)).toEqual(['b', 'a'])
  })

  it('that says the disk is full fails all of them once', async () => {
    const { service, planner } = await freshIncidents()
    let asked = 0
    planner.plan = () => {
      asked++
      throw new AppError('internal', { message: 'The disk is full.' })
    }
    const outcomes = await Promise.allSettled([1, 2, 3].map((n) => service.tell('default', [told({ title: `${n}` })])))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(asked).toBe(1)
  })
})

describe('the cleanup', () => {
  it('deletes what is resolved for 180 days, and never a number or what is open', async () => {
    const { service, store, tell, clock } = await freshIncidents()
    const old = await tell({ dedupe_key: 'old' })
    await tell({ dedupe_key: 'old', status: 'resolved' })
    const open = await tell({ dedupe_key: 'open' })
    await tell({ dedupe_key: 'last' })
    await tell({ dedupe_key: 'last', status: 'resolved' })
    await tell({ type: 'tool_definition_changed' })
    clock.now += 181 * 86_400_000
    service.start()
    await expect
      .poll(async () => (await service.list('default', {}, page)).items.map(({ number }) => number))
      .toEqual([3, 2])
    await expect(service.get('default', old.incident_id ?? '')).rejects.toMatchObject({ code: 'not_found' })
    expect((await service.get('default', open.incident_id ?? '')).timeline).toHaveLength(1)
    await service.close()
    const left = (await store.events('default', {}, { limit: 10 })).map(({ dedupe_key }) => dedupe_key)
    expect(left).toEqual(['open'])
  })

  it('of what is open keeps how it began and the newest, however long it is told again', async () => {
    const { service, store, tell, clock } = await freshIncidents()
    const { incident_id: id } = await tell({ dedupe_key: 'open', description: 'first' })
    for (let day = 0; day < 4; day++) {
      clock.now += 86_400_000
      await tell({ dedupe_key: 'open', description: `day ${day}` })
    }
    clock.now += 181 * 86_400_000
    const newest = await tell({ dedupe_key: 'open', description: 'today' })
    clock.now += 86_400_000
    service.start()
    await expect
      .poll(async () => (await service.get('default', id ?? '')).timeline.map(({ kind }) => kind))
      .toEqual(['opened', 'updated'])
    await service.close()
    expect((await store.events('default', {}, { limit: 10 })).map((event) => event.id)).toEqual([newest.id])
    expect((await service.get('default', id ?? '')).event_count).toBe(6)
  })

  it('counts from when it was told, whatever times it was told with', async () => {
    const { service, tell, clock } = await freshIncidents()
    const occurred_at = new Date(clock.now - 200 * 86_400_000).toISOString()
    const { incident_id: id } = await tell({ dedupe_key: 'past', occurred_at })
    await tell({ dedupe_key: 'past', status: 'resolved', occurred_at })
    await tell({ dedupe_key: 'last' })
    service.start()
    await service.close()
    expect(await service.get('default', id ?? '')).toMatchObject({ status: 'resolved', resolved_at: occurred_at })
  })

  it('goes on behind what it keeps, some at a time', async () => {
    const { store, service, clock } = await freshIncidents()
    const open = Array.from({ length: 700 }, (_, index) => told({ dedupe_key: `open for long ${index}` }))
    const gone = Array.from({ length: 1_100 }, () => told({ type: 'tool_definition_changed' }))
    await service.tell('default', [...open, ...gone])
    clock.now += 181 * 86_400_000
    const at = new Date(clock.now - 180 * 86_400_000).toISOString()
    let steps = 0
    for (let next = await store.cleanup.events(at); next !== undefined; next = await store.cleanup.events(at, next))
      steps++
    expect(steps).toBe(3)
    expect(await store.events('default', {}, { limit: 2_000 })).toHaveLength(700)
  })
})

it('erases a workspace and nothing of another', async () => {
  const { service, store } = await freshIncidents()
  await service.tell('default', [told()])
  await service.tell('other', [told(), told({ type: 'rca_completed', rca: 'x' })])
  await service.erase('other')
  expect(await store.events('other', {}, { limit: 10 })).toEqual([])
  expect((await service.list('other', {}, page)).total).toBe(0)
  expect((await service.list('default', {}, page)).total).toBe(1)
})

it('leaves nothing of a workspace that is erased while something is told there, and takes nothing more', async () => {
  const { service, store, database } = await freshIncidents()
  const waiting = service.tell('other', [told()])
  const erased = service.erase('other')
  await expect(service.tell('other', [told()])).rejects.toMatchObject({ code: 'not_found' })
  await Promise.all([waiting, erased])
  expect(await store.events('other', {}, { limit: 10 })).toEqual([])
  await new WorkspacesStore(database).delete('other')
  await service.tell('default', [told()])
})

it('writes what waits when it is closed, and takes nothing afterwards', async () => {
  const { service, store } = await freshIncidents()
  const waiting = service.tell('default', [told()])
  await service.close()
  expect((await waiting)[0]?.incident_id).not.toBeNull()
  expect(await store.count('default', {})).toBe(1)
  await expect(service.tell('default', [told()])).rejects.toMatchObject({ code: 'rate_limited' })
})

it('keeps texts exactly, whatever is in them', async () => {
  const { service } = await freshIncidents()
  const title = `"'\\ {{x}} <!channel> \u2028 😀 %_`
  const event = await service.report(
    'default',
    input({ title, labels: { 'a"b': '\n' }, description: '\u0000x\u0007' }),
    'api',
  )
  const incident = await service.get('default', event.incident_id ?? '')
  expect(incident).toMatchObject({ title, labels: { 'a"b': '\n' }, description: '\u0000x\u0007' })
})
