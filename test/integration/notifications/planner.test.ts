import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { IncidentBatch } from '../../../src/main/store/incident-batch.ts'
import { PlanStore } from '../../../src/main/store/plan-store.ts'
import { startCore, type Core } from './core.ts'

afterEach(() => vi.restoreAllMocks())

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const always = { time_zone: 'UTC', ranges: [{ days, from: '00:00', to: '24:00' }] }

async function core(rule: object): Promise<Core> {
  const its = await startCore()
  onTestFinished(() => its.close())
  const { id } = await its.webhook('http://127.0.0.1:9/x')
  await its.rule([id], rule)
  return its
}

const summary = async (its: Core) => (await its.list()).map(({ title, state }) => `${title}: ${state}`)

describe('what waits', () => {
  it.each([
    ['for the end of quiet hours', { quiet: always }],
    ['for others of its group', { grouping: { by: [], wait_s: 300 } }],
  ])('%s is joined by later events, and taken back when the last of them is over', async (_, rule) => {
    const its = await core(rule)
    for (const key of ['a', 'b', 'c']) await its.report({ title: key, dedupe_key: key })
    expect(await summary(its)).toEqual(['a and 2 more: waiting'])
    await its.report({ title: 'a', dedupe_key: 'a', status: 'resolved' })
    // One that comes and goes by the same transaction says nothing of the others.
    await Promise.all([
      its.report({ title: 'd', dedupe_key: 'd' }),
      its.report({ title: 'd', dedupe_key: 'd', status: 'resolved' }),
    ])
    await its.report({ title: 'b', dedupe_key: 'b', status: 'resolved' })
    expect(await summary(its)).toEqual(['a and 3 more: waiting'])
    await its.report({ title: 'c', dedupe_key: 'c', status: 'resolved' })
    expect(await summary(its)).toEqual(['a and 3 more: withdrawn'])
    await its.report({ title: 'e', dedupe_key: 'e' })
    expect(await summary(its)).toEqual(['e: waiting', 'a and 3 more: withdrawn'])
  })

  it('is looked at only where something of the event can join it', async () => {
    const its = await core({ grouping: { by: ['team'], wait_s: 300 } })
    for (let index = 0; index < 30; index++) {
      await its.report({ title: 'x', dedupe_key: String(index), labels: { team: `team ${index}` } })
    }
    const joinable = vi.spyOn(PlanStore.prototype, 'joinable')
    await its.report({ title: 'y', dedupe_key: 'y', labels: { team: 'team 7' } })
    await expect(joinable.mock.results[0]?.value).resolves.toHaveLength(1)
    expect((await its.list()).filter(({ event_count }) => event_count === 2)).toHaveLength(1)
  })
})

it('what a transaction that failed had planned is not kept', async () => {
  const its = await core({ quiet: always })
  const committed = vi.spyOn(PlanStore.prototype, 'insertDeliveries')
  const changes: string[] = []
  const signal = new AbortController()
  onTestFinished(() => signal.abort())
  const listening = (async () => {
    for await (const change of its.emitter.subscribe('default', signal.signal)) {
      if (change.type === 'deliveries_changed') changes.push(...change.ids)
    }
  })().catch(() => undefined)
  vi.spyOn(IncidentBatch.prototype, 'writeEvents').mockRejectedValueOnce(new Error('the disk is full'))
  await expect(its.report({ title: 'lost', dedupe_key: 'lost' })).rejects.toThrow()
  await its.report({ title: 'kept', dedupe_key: 'kept', labels: { a: 'b' } })
  const [lost, kept] = committed.mock.calls.map(([, deliveries]) => deliveries[0]?.id)
  await vi.waitFor(() => expect(changes).toContain(kept), { timeout: 5_000 })
  expect(changes).not.toContain(lost)
  signal.abort()
  await listening
})
