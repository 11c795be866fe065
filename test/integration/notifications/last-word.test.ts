import { expect, it, onTestFinished, vi } from 'vitest'
import { NewChannel } from '../../../src/shared/contract/channels.ts'
import type { AdapterLoaders } from '../../../src/main/notifications/adapters.ts'
import { OutboxStore } from '../../../src/main/store/outbox-store.ts'
import { PagerDutyChannel } from '../../../src/main/system/pagerduty/pagerduty-channel.ts'
import { systemAccess } from '../../helpers/system-access.ts'
import { startPagerDuty, type PagerDutyServer } from '../../servers/pagerduty/pagerduty-server.ts'
import { startCore, type Core } from './core.ts'
import { Receiver } from './receiver.ts'

const KEY = 'a'.repeat(32)

async function withPagerDuty(): Promise<{ its: Core; id: string; server: PagerDutyServer; lose: () => void }> {
  const server = await startPagerDuty({ keys: [KEY] })
  const access = systemAccess('pagerduty', {
    values: { region: 'own', events_url: server.url, api_url: server.url },
    credentials: { integration_key: KEY },
  })
  let isLost = false
  const pagerduty = new PagerDutyChannel({ access: () => access })
  const send = pagerduty.send.bind(pagerduty)
  pagerduty.send = (outgoing, signal) =>
    isLost
      ? Promise.resolve({ kind: 'rejected', code: 'lost', message: 'It was refused.', exchanges: [] })
      : send(outgoing, signal)
  const its = await startCore({ loaders: { pagerduty: () => Promise.resolve(pagerduty) } as unknown as AdapterLoaders })
  onTestFinished(async () => {
    await its.close()
    await access.close()
    await server.close()
  })
  const { id } = await its.channels.create('default', NewChannel.parse({ kind: 'pagerduty', name: 'pager' }))
  await its.rule([id])
  return { its, id, server, lose: () => void (isLost = !isLost) }
}

const told = { title: 'Disk full', dedupe_key: 'disk', severity: 'critical' } as const

it('the end of an alert that comes while its channel is turned off is told when it is turned on', async () => {
  const { its, id, server } = await withPagerDuty()
  await its.report(told)
  await vi.waitFor(() => expect(server.alerts).toMatchObject([{ status: 'triggered' }]))
  await its.channels.update('default', id, { enabled: false })
  await its.report({ ...told, status: 'resolved' })
  expect(await its.list()).toMatchObject([
    { action: 'resolve', state: 'pending', because: expect.stringContaining('turned off') as string },
    { action: 'open' },
  ])
  await its.channels.update('default', id, { enabled: true })
  await vi.waitFor(() => expect(server.alerts).toMatchObject([{ status: 'resolved' }]))
})

it('an opening that was given up and is sent again after the end opens nothing that stays open', async () => {
  const { its, server, lose } = await withPagerDuty()
  lose()
  await its.report(told)
  await vi.waitFor(async () => expect((await its.list())[0]?.state).toBe('failed'))
  await its.report({ ...told, status: 'resolved' })
  lose()
  await sendFailedAgain(its)
  expect(server.alerts).toEqual([])
})

it('an opening that was never tried when its channel was turned off is taken back when the incident ends', async () => {
  const receiver = await Receiver.start(() => {
    // The first keeps the others waiting.
  })
  const its = await startCore()
  onTestFinished(() => its.close())
  const { id } = await its.webhook(receiver.url)
  await its.rule([id])
  await its.report({ title: 'first', dedupe_key: 'first' })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
  await its.report({ title: 'second', dedupe_key: 'second' })
  await its.channels.update('default', id, { enabled: false })
  await its.report({ title: 'first', dedupe_key: 'first', status: 'resolved' })
  await its.report({ title: 'second', dedupe_key: 'second', status: 'resolved' })
  expect((await its.list()).map(({ title, action, state }) => [title, action, state])).toEqual([
    ['first', 'resolve', 'pending'],
    ['second', 'open', 'withdrawn'],
    ['first', 'open', 'sending'],
  ])
})

it('an incident that ends while its opening is being sent again is told of to its end', async () => {
  const receiver = await Receiver.start((_request, response) => void response.writeHead(400).end())
  const its = await startCore()
  onTestFinished(() => its.close())
  await its.rule([(await its.webhook(receiver.url)).id])
  await its.report(told)
  await vi.waitFor(async () => expect((await its.list())[0]?.state).toBe('failed'))
  receiver.answer = (_request, response) => void response.writeHead(204).end()
  const insertAgain = vi.spyOn(OutboxStore.prototype, 'insertAgain')
  onTestFinished(() => insertAgain.mockRestore())
  insertAgain.mockImplementationOnce(async function (this: OutboxStore, ...given) {
    await its.report({ ...told, status: 'resolved' })
    return await this.insertAgain(...given)
  })
  await sendFailedAgain(its)
})

/** Both the opening and the end of its incident arrive. */
async function sendFailedAgain(its: Core): Promise<void> {
  const [failed] = await its.list({ state: 'failed' })
  await its.deliveries.resend('default', String(failed?.id))
  await vi.waitFor(async () =>
    expect((await its.list()).map(({ action, state }) => [action, state])).toEqual([
      ['resolve', 'delivered'],
      ['open', 'delivered'],
      ['open', 'failed'],
    ]),
  )
}
