import { expect, it, onTestFinished, vi } from 'vitest'
import { NewChannel } from '../../../src/shared/contract/channels.ts'
import type { AdapterLoaders } from '../../../src/main/notifications/adapters.ts'
import { PagerDutyChannel } from '../../../src/main/system/pagerduty/pagerduty-channel.ts'
import type { SystemAccess } from '../../../src/main/system/system-adapter.ts'
import { systemAccess } from '../../helpers/system-access.ts'
import { startPagerDuty, type PagerDutyServer } from '../../servers/pagerduty/pagerduty-server.ts'
import { startCore, type Core } from './core.ts'
import { Receiver } from './receiver.ts'

const KEY = 'a'.repeat(32)
const OWN_KEY = 'c'.repeat(32)

async function started(options: Parameters<typeof startCore>[0] = {}): Promise<Core> {
  const its = await startCore(options)
  onTestFinished(() => its.close())
  return its
}

async function pagerDuty(): Promise<{ server: PagerDutyServer; access: SystemAccess }> {
  const server = await startPagerDuty({ keys: [KEY, OWN_KEY] })
  const access = systemAccess('pagerduty', {
    values: { region: 'own', events_url: server.url, api_url: server.url },
    credentials: { integration_key: KEY },
  })
  onTestFinished(async () => {
    await access.close()
    await server.close()
  })
  return { server, access }
}

it("a channel's own integration key stays where it was given for when the setup is moved", async () => {
  const [first, second] = [await pagerDuty(), await pagerDuty()]
  let { access } = first
  const adapter = new PagerDutyChannel({ access: () => access, looking: { lookMs: 1, everyMs: 1 } })
  const its = await started({
    loaders: { pagerduty: () => Promise.resolve(adapter) } as unknown as AdapterLoaders,
  })
  const given = { kind: 'pagerduty', name: 'pager', credentials: { integration_key: OWN_KEY } }
  const channel = await its.channels.create('default', NewChannel.parse(given))
  expect(channel.credentials).toEqual({ integration_key: '••••' })
  expect(await its.channels.test('default', channel.id)).toMatchObject({ ok: true })
  expect(first.server.alerts).toMatchObject([{ routingKey: OWN_KEY }])

  access = second.access
  expect(await its.channels.test('default', channel.id)).toMatchObject({
    ok: false,
    error: { code: 'key_of_other_place', field: 'credentials.integration_key' },
  })
  const draft = NewChannel.parse({ kind: 'pagerduty', name: 'pager' })
  expect(await its.channels.testDraft('default', { id: channel.id, channel: draft })).toMatchObject({ ok: false })
  expect(second.server.requests).toEqual([])

  await its.channels.update('default', channel.id, { credentials: { integration_key: OWN_KEY } })
  expect(await its.channels.test('default', channel.id)).toMatchObject({ ok: true })
  expect(its.log.redactor.text(second.server.url)).toBe(second.server.url)
})

it('the password of a mail server is not sent to another port of the same host', async () => {
  const its = await started()
  const email = { host: '127.0.0.1', port: 25, tls: 'none', from: 'a@b.c', to: ['a@b.c'], username: 'ops' }
  const given = { kind: 'email', name: 'mail', email, credentials: { password: 'a-mail-password' } }
  const { id } = await its.channels.create('default', NewChannel.parse(given))
  const moved = NewChannel.parse({ kind: 'email', name: 'mail', email: { ...email, port: 2525 } })
  if (moved.kind !== 'email') throw new Error('It is no mail.')
  await expect(its.channels.update('default', id, { email: moved.email })).rejects.toMatchObject({
    details: [{ path: 'credentials', message: expect.stringContaining('127.0.0.1:2525') as string }],
  })
})

it('a secret header is masked wherever a receiver sends it back, however short it is', async () => {
  const receiver = await Receiver.start((request, response) => {
    response.writeHead(400).end(`your pin ${String(request.headers['x-pin'])} is wrong`)
  })
  const its = await started()
  const { id } = await its.webhook(receiver.url, { credentials: { headers: { 'X-Pin': 'pw123' } } })
  await its.rule([id])
  const event = await its.report({ title: 'x' })
  await vi.waitFor(async () => expect((await its.list())[0]?.state).toBe('failed'))
  const test = await its.channels.test('default', id)
  expect(test).toMatchObject({ ok: false })
  const [delivery] = await its.list({ incident: String(event.incident_id) })
  const shown = {
    test,
    detail: await its.deliveries.get('default', String(delivery?.id)),
    channel: await its.channels.get('default', id),
    incident: await its.incidents.get('default', String(event.incident_id)),
  }
  expect(shown.detail.log[0]?.answer?.body).toBe('your pin [redacted] is wrong')
  expect(JSON.stringify(shown)).not.toContain('pw123')
})

it('a signing secret that was replaced is deleted when its day is over', async () => {
  let offset = 0
  const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() + offset }
  const its = await started({ clock })
  const { id } = await its.webhook('http://127.0.0.1:9/x', {
    credentials: { signing_secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
  })
  await its.channels.rotateSecret('default', id)
  const fields = async () => {
    const rows = await its.database.kysely.selectFrom('channel_secrets').select('field').orderBy('field').execute()
    return rows.map(({ field }) => field)
  }
  expect(await fields()).toEqual(['former_signing_secret', 'signing_secret'])
  offset = 25 * 3_600_000
  const other = await its.webhook('http://127.0.0.1:9/y', { name: 'other' })
  await its.channels.rotateSecret('default', other.id)
  await vi.waitFor(async () => expect(await fields()).toEqual(['signing_secret', 'signing_secret']))
  expect(await its.channels.get('default', id)).toMatchObject({ credentials: { signing_secret: '••••' } })
})

it('what is only tried is not masked for good', async () => {
  const its = await started()
  const register = vi.spyOn(its.log.redactor, 'register')
  const channel = NewChannel.parse({
    kind: 'webhook',
    name: 'hook',
    webhook: { url: 'http://127.0.0.1:9/' },
    credentials: { headers: { 'X-Key': 'only-tried-once' } },
  })
  expect(await its.channels.testDraft('default', { channel })).toMatchObject({ ok: false })
  expect(register).not.toHaveBeenCalledWith('only-tried-once')
  expect(its.log.redactor.text('only-tried-once')).toBe('[redacted]')
})
