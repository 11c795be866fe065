import { expect, it, onTestFinished, vi } from 'vitest'
import { startTestApp, type TestApp } from '../../helpers/start-app.ts'
import { startCore } from './core.ts'
import { Receiver } from './receiver.ts'

async function app(): Promise<TestApp> {
  const started = await startTestApp()
  onTestFinished(() => started.close())
  return started
}

const webhook = (name: string, url: string) => ({ kind: 'webhook', name, webhook: { url } }) as const

it('channels and rules are made, changed, tried and deleted over the API, and say what is wrong by its field', async () => {
  const receiver = await Receiver.start()
  const started = await app()
  const client = started.client('http')
  const hook = await client.channels.create({
    ...webhook('hook', receiver.url),
    credentials: { headers: { 'X-Key': 'one-secret-value' } },
  })
  await expect(client.channels.create(webhook('hook', receiver.url))).rejects.toMatchObject({ code: 'name_taken' })

  // Secrets stay where they were given for.
  const elsewhere = { ...hook.webhook, url: 'https://example.com/' }
  await expect(client.channels.update({ id: hook.id, webhook: elsewhere })).rejects.toMatchObject({
    data: { details: [{ path: 'credentials' }] },
  })
  await expect(
    client.channels.test_draft({ id: hook.id, channel: webhook('x', 'https://example.com/') }),
  ).rejects.toMatchObject({ data: { details: [{ path: 'credentials' }] } })
  await expect(client.channels.update({ id: hook.id, pagerduty: {} })).rejects.toMatchObject({
    data: { details: [{ path: 'pagerduty' }] },
  })
  await expect(
    client.channels.update({ id: hook.id, credentials: { password: 'not of a webhook' } }),
  ).rejects.toMatchObject({ data: { details: [{ path: 'credentials.password' }] } })
  // Nothing is sent to the gateway itself.
  await expect(client.channels.create(webhook('self', started.urls.api_url))).rejects.toMatchObject({
    data: { details: [{ path: 'webhook.url' }] },
  })
  expect(await client.channels.update({ id: hook.id, name: 'renamed' })).toMatchObject({
    name: 'renamed',
    credentials: { headers: { 'X-Key': '••••' } },
  })

  const first = await client.channels.rotate_secret({ id: hook.id })
  const second = await client.channels.rotate_secret({ id: hook.id })
  expect(second.secret).toMatch(/^whsec_/)
  expect(second.secret).not.toBe(first.secret)
  expect(second.channel.credentials).toEqual({ signing_secret: '••••', headers: { 'X-Key': '••••' } })
  expect(await client.channels.test({ id: hook.id })).toMatchObject({ ok: true, error: null })
  // For a day both of them sign.
  expect(String(receiver.received[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2)
  expect(receiver.received[0]?.headers['x-key']).toBe('one-secret-value')
  expect(await client.channels.preview({ channel: webhook('x', receiver.url) })).toMatchObject({
    text: expect.stringContaining('Test notice') as string,
  })

  const condition = { types: ['incident' as const], min_severity: 'high' as const }
  await expect(client.rules.create({ name: 'r', when: condition, channels: ['nowhere'] })).rejects.toMatchObject({
    data: { details: [{ path: 'channels.0' }] },
  })
  const matchers = [{ label: 'team', op: '=~' as const, value: '(' }]
  await expect(client.rules.create({ name: 'r', when: { ...condition, matchers } })).rejects.toMatchObject({
    data: { details: [{ path: 'when.matchers.0.value' }] },
  })
  const preset = { name: 'HIGH incidents only', preset: 'high_incidents' as const, when: condition }
  const rule = await client.rules.create({ ...preset, channels: [hook.id] })
  await expect(client.rules.create(preset)).rejects.toMatchObject({ code: 'name_taken' })
  expect(await client.rules.test({ id: rule.id })).toMatchObject({ results: [{ channel_name: 'renamed', ok: true }] })

  await expect(client.channels.remove({ id: hook.id })).rejects.toMatchObject({
    code: 'in_use',
    data: { details: [{ path: `rules.${rule.id}`, message: 'HIGH incidents only' }] },
  })
  await client.channels.remove({ id: hook.id, leave_rules: 'true' })
  expect((await client.rules.list()).items).toMatchObject([{ id: rule.id, channels: [] }])
  expect((await client.deliveries.list({})).items.map(({ action }) => action)).toEqual(['test', 'test'])
}, 90_000)

it('a rule that is not stored shows what it would have done, and sends nothing', async () => {
  const receiver = await Receiver.start()
  const started = await app()
  const client = started.client('http')
  const hook = await client.channels.create(webhook('hook', receiver.url))
  await client.events.create({ title: 'low one', severity: 'low' })
  await client.events.create({ title: 'high one', severity: 'high', dedupe_key: 'x', labels: { team: 'core' } })
  await client.events.create({ title: 'high one', status: 'resolved', severity: 'high', dedupe_key: 'x' })
  const draft = {
    name: 'draft',
    when: { types: ['incident' as const], min_severity: 'high' as const },
    channels: [hook.id],
  }
  const preview = await client.rules.preview({ rule: draft })
  expect(preview).toMatchObject({ examined: 3, matched: 2 })
  const [resolved, opened, low] = preview.items
  expect(low).toMatchObject({ decision: { matched: false, because: 'severity low is below high' }, messages: [] })
  expect(opened?.messages).toMatchObject([{ channel_id: hook.id, at: opened?.event.received_at }])
  expect(opened?.messages[0]?.preview?.text).toContain('high one')
  expect(resolved?.messages).toHaveLength(1)
  const grouped = await client.rules.preview({ rule: { ...draft, grouping: { wait_s: 600 } } })
  // Resolved before its time: nobody would have heard of it.
  expect(grouped.items.flatMap(({ messages }) => messages)).toEqual([])
  expect(receiver.received).toEqual([])
  expect((await client.deliveries.list({})).items).toEqual([])
}, 90_000)

it('from the API to a receiver, and nothing of it crosses workspaces', async () => {
  const receiver = await Receiver.start()
  const started = await app()
  const client = started.client('http')
  await client.workspaces.create({ name: 'other', plan: 'enterprise' })
  const other = started.client('http', 'other')
  const hook = await client.channels.create(webhook('hook', receiver.url))
  await client.rules.create({ name: 'all', when: { types: ['incident'] }, channels: [hook.id] })
  await expect(other.channels.get({ id: hook.id })).rejects.toMatchObject({ code: 'not_found' })
  await other.events.create({ title: 'elsewhere' })
  await client.events.create({ title: 'here' })
  await vi.waitFor(async () => expect((await client.deliveries.list({})).items[0]?.state).toBe('delivered'))
  expect(receiver.received.map(({ text }) => text.includes('elsewhere'))).toEqual([false])
  const [delivery] = (await client.deliveries.list({})).items
  await expect(other.deliveries.resend({ id: String(delivery?.id) })).rejects.toMatchObject({ code: 'not_found' })
  await client.deliveries.resend({ id: String(delivery?.id) })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(2))
  await other.channels.create(webhook('to be erased', receiver.url))
  await client.workspaces.remove({ name: 'other' })
}, 90_000)

it('a workspace has a number of channels that has an end, and says what to do, also where many are added at once', async () => {
  const its = await startCore()
  onTestFinished(() => its.close())
  const added = await Promise.allSettled(
    Array.from({ length: 105 }, async (_, index) => {
      await its.webhook('http://127.0.0.1:9/', { name: `hook ${index}` })
    }),
  )
  const refused = added.filter((one) => one.status === 'rejected')
  expect(refused).toHaveLength(5)
  const message = 'A workspace has at most 100 channels. Delete one that is not used any more.'
  expect(refused[0]?.reason).toMatchObject({ code: 'invalid_input', message, details: [{ path: 'name', message }] })
  const [first] = await its.channels.list('default')
  await its.channels.remove('default', String(first?.id), { leaveRules: false })
  await expect(its.webhook('http://127.0.0.1:9/', { name: 'in its place' })).resolves.toBeDefined()
})

it('a rule that is tried says of each channel what became of it, also where one can not be opened', async () => {
  const receiver = await Receiver.start()
  const its = await startCore()
  onTestFinished(() => its.close())
  const open = await its.webhook(receiver.url, { name: 'open' })
  const sealed = await its.webhook(receiver.url, { name: 'sealed', credentials: { headers: { 'X-Key': 'a-secret' } } })
  const { id } = await its.rule([open.id, sealed.id])
  its.vault.close()
  const { results } = await its.rules.test('default', id)
  expect(results).toMatchObject([
    { channel_name: 'open', ok: true },
    { channel_name: 'sealed', ok: false, message: expect.stringContaining('vault') as string },
  ])
  expect(receiver.received).toHaveLength(1)
})
