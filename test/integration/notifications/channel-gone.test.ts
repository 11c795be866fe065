import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { newChannel } from '../../../src/main/notifications/channel-record.ts'
import { UNTRIED } from '../../../src/main/notifications/new-delivery.ts'
import { insertDeliveries, type StoredDelivery } from '../../../src/main/store/delivery-rows.ts'
import { OutboxStore } from '../../../src/main/store/outbox-store.ts'
import { NewChannel } from '../../../src/shared/contract/channels.ts'
import { startCore, type Core } from './core.ts'

const AT = '2026-03-02T12:00:00.000Z'

afterEach(() => vi.restoreAllMocks())

it('an event that comes while a channel is being deleted is taken, and told to the others', async () => {
  const its = await startCore()
  onTestFinished(() => its.close())
  const [kept, gone] = [
    await its.webhook('http://127.0.0.1:9/a', { name: 'kept' }),
    await its.webhook('http://127.0.0.1:9/b'),
  ]
  await its.rule([kept.id, gone.id])
  let report: Promise<unknown> | undefined
  vi.spyOn(its.database, 'forgetDeleted').mockImplementationOnce(async () => {
    // Its row is gone, and nobody else knows that yet.
    report = its.report({ title: 'x', severity: 'critical' })
    await report
  })
  await its.channels.remove('default', gone.id, { leaveRules: true })
  await expect(report).resolves.toMatchObject({ title: 'x' })
  expect((await its.list()).map(({ channel_name }) => channel_name)).toEqual(['kept'])
})

it.each([
  ['has failed', 'retrying', 'withdrawn'],
  ['could not be tried', 'pending', 'withdrawn'],
  ['was given up', 'failed', 'withdrawn'],
  ['has arrived', 'delivered', 'delivered'],
] as const)('an attempt that %s while its channel was being deleted leaves nothing to do', async (_, state, left) => {
  const its = await startCore()
  onTestFinished(() => its.close())
  // Turned off, so that nobody else sends it.
  const hook = await its.webhook('http://127.0.0.1:9/', { enabled: false })
  const outbox = new OutboxStore(its.database)
  onTestFinished(() => outbox.close())
  const delivery = await sending(its, hook.id)
  await its.channels.remove('default', hook.id, { leaveRules: true })
  const { health } = newChannel('default', NewChannel.parse({ kind: 'pagerduty', name: 'x', pagerduty: {} }), AT)
  const nothing = { attempts: [], references: new Map<string, string>(), repeatAt: null, timeline: undefined }
  await outbox.settle({ ...nothing, health, delivery: { ...delivery, state } })
  expect(await its.list()).toMatchObject([{ state: left }])
  expect((await its.deliveries.list('default', {}, { limit: 1 })).counts).toMatchObject({ waiting: 0, retrying: 0 })
})

it('nothing is sent again to a channel that is being deleted', async () => {
  const its = await startCore()
  onTestFinished(() => its.close())
  const hook = await its.webhook('http://127.0.0.1:9/', { enabled: false })
  const delivery = await sending(its, hook.id)
  await its.database.kysely.updateTable('deliveries').set({ state: 'failed' }).execute()
  const refused: unknown[] = []
  vi.spyOn(its.database, 'forgetDeleted').mockImplementationOnce(async () => {
    const resend = async () => await its.deliveries.resend('default', delivery.id)
    await resend().catch((error: unknown) => refused.push(error))
  })
  await its.channels.remove('default', hook.id, { leaveRules: true })
  expect(refused).toMatchObject([{ code: 'not_found' }])
  expect((await its.deliveries.list('default', {}, { limit: 1 })).counts).toMatchObject({ waiting: 0 })
})

/** One that is under way. */
async function sending(its: Core, channelId: string): Promise<StoredDelivery> {
  const delivery: StoredDelivery = {
    ...UNTRIED,
    id: 'a',
    workspace: 'default',
    createdAt: AT,
    channelId,
    channelName: 'hook',
    channelKind: 'webhook',
    action: 'open',
    state: 'sending',
    title: 'a',
    severity: 'high',
    rules: [],
    incidentIds: [],
    eventIds: [],
    eventCount: 1,
    because: '',
    attempts: 1,
  }
  await its.database.kysely.transaction().execute((transaction) => insertDeliveries(transaction, [delivery]))
  return delivery
}
