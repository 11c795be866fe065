import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { idsAfter } from '../../../src/main/incidents/ids-after.ts'
import { freshIncidents, told } from './fixture.ts'

const page = { limit: 100 }

describe('a disk that is full', () => {
  it('takes nothing of an event, says so, and all is well when there is space again', async () => {
    const { service, database, store, happenings } = await freshIncidents()
    await service.tell('default', [told({ title: 'before' })])
    const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(database.kysely)
    const most = (pages: number) => sql`PRAGMA max_page_count = ${sql.lit(pages)}`.execute(database.kysely)
    await most(rows[0]?.page_count ?? 0)
    const large = told({ title: 'large', description: 'x'.repeat(20_000) })
    const failing = Array.from({ length: 3 }, () => service.tell('default', [large]))
    for (const each of await Promise.allSettled(failing)) {
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'internal' } })
      if (each.status === 'rejected') expect(String(each.reason)).toMatch(/The disk that holds .* is full/)
    }
    expect((await service.list('default', {}, page)).items.map(({ title }) => title)).toEqual(['before'])
    expect(await store.events('default', {}, { limit: 10 })).toHaveLength(1)
    await most(1_000_000)
    const [event] = await service.tell('default', [large])
    expect((await service.get('default', event?.incident_id ?? '')).number).toBe(2)
    expect(happenings.map(({ event: { title } }) => title).at(-1)).toBe('large')
  })
})

describe('a clock that is set back', () => {
  it('keeps the order of what was told, while it runs and after a restart', async () => {
    const { service, store, tell, clock } = await freshIncidents()
    await tell({ title: 'one' })
    clock.now -= 3_600_000
    await tell({ title: 'two' })
    const titles = async () => (await service.events('default', {}, page)).items.map(({ title }) => title)
    expect(await titles()).toEqual(['two', 'one'])
    const last = (await store.lastId()) ?? ''
    clock.now -= 86_400_000
    const ids = idsAfter(last, () => clock.now)
    const first = ids.next()
    clock.now += 1
    expect([last, first, ids.next()].sort()[0]).toBe(last)
    expect(first > last).toBe(true)
    expect(ids.next() > first).toBe(true)
  })

  it('ends no incident before it began', async () => {
    const { service, tell, clock } = await freshIncidents()
    const { incident_id } = await tell({ dedupe_key: 'k' })
    clock.now -= 60_000
    await tell({ dedupe_key: 'k', status: 'resolved' })
    const { opened_at, resolved_at } = await service.get('default', incident_id ?? '')
    expect((resolved_at ?? '') >= opened_at).toBe(true)
  })

  it('and a sender whose clock is ahead: nothing has happened in the future', async () => {
    const { service, tell } = await freshIncidents()
    for (const occurred_at of ['9999-12-31T23:59:59-14:00', '0000-01-01T00:00:00+14:00', '2026-03-01T11:00:00Z']) {
      const event = await tell({ occurred_at, title: occurred_at })
      expect(event.occurred_at <= event.received_at).toBe(true)
    }
    const { items } = await service.list('default', {}, page)
    expect(items.map(({ opened_at }) => opened_at)).toEqual([
      '2026-03-01T11:00:00.000Z',
      '1970-01-01T00:00:00.000Z',
      '2026-03-01T12:00:00.000Z',
    ])
  })
})
