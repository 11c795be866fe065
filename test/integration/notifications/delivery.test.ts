import type { ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startCore, type Core } from './core.ts'
import { Receiver } from './receiver.ts'

async function core(options: Parameters<typeof startCore>[0] = {}): Promise<Core> {
  const started = await startCore(options)
  onTestFinished(() => started.close())
  return started
}

const types = (receiver: Receiver) => receiver.received.map(({ body }) => body.type)

describe('a notice', () => {
  it('goes from an event through a rule to a signed webhook, and every step says why', async () => {
    const receiver = await Receiver.start()
    const its = await core()
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const hook = await its.webhook(receiver.url, {
      credentials: { signing_secret: secret, headers: { 'X-Key': 'a-secret-header-value' } },
    })
    expect(hook.credentials).toEqual({ signing_secret: '••••', headers: { 'X-Key': '••••' } })
    const rule = await its.rule([hook.id], { when: { types: ['incident'], min_severity: 'high' } })
    const event = await its.report({ title: 'Disk full', severity: 'high' })
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
    const [got] = receiver.received
    expect(() => new Webhook(secret).verify(got?.text ?? '', got?.headers as Record<string, string>)).not.toThrow()
    expect(got?.headers['x-key']).toBe('a-secret-header-value')
    await vi.waitFor(async () => expect((await its.list())[0]?.state).toBe('delivered'))
    const [delivery] = await its.list({ incident: String(event.incident_id) })
    expect(delivery).toMatchObject({
      id: got?.id,
      action: 'open',
      attempts: 1,
      rules: [{ id: rule.id, name: 'all' }],
      because: 'rule all: type incident, severity high is at least high',
    })
    const detail = await its.deliveries.get('default', String(delivery?.id))
    expect(detail.log).toMatchObject([
      { request: { method: 'POST', url: receiver.url }, answer: { status: '204 No Content' } },
    ])
    expect(JSON.stringify(detail)).not.toContain('a-secret-header-value')
    expect(detail.preview?.text).toContain('Disk full')
    const { timeline } = await its.incidents.get('default', String(event.incident_id))
    expect(timeline.map(({ kind, message }) => [kind, message])).toContainEqual([
      'delivered',
      'The opening was delivered to hook.',
    ])
    const [stored] = (await its.incidents.events('default', {}, { limit: 1 })).items
    expect(stored?.decisions).toMatchObject([
      { matched: true, channels: [{ outcome: 'queued', delivery_id: delivery?.id }] },
    ])
    const [shown] = await its.channels.list('default')
    expect(shown).toMatchObject({ health: { state: 'ok', waiting: 0 }, used_by: [{ id: rule.id, name: 'all' }] })
  })

  it('of a resolution reaches every channel that got the opening, in order, after its rule is gone too', async () => {
    const receiver = await Receiver.start()
    const its = await core()
    const hook = await its.webhook(receiver.url)
    const other = await its.webhook(receiver.url, { name: 'other' })
    const rule = await its.rule([hook.id, other.id])
    const event = await its.report({ title: 'x', dedupe_key: 'x', severity: 'low' })
    await its.report({ title: 'x', dedupe_key: 'x', severity: 'critical' })
    await its.rules.remove('default', rule.id)
    await its.incidents.acknowledge('default', String(event.incident_id))
    await its.incidents.resolve('default', String(event.incident_id))
    await vi.waitFor(() => expect(receiver.received).toHaveLength(8))
    for (const name of ['hook', 'other']) {
      await vi.waitFor(async () => {
        const mine = (await its.list()).filter((delivery) => delivery.channel_name === name).reverse()
        expect(mine.map(({ action, state }) => [action, state])).toEqual(
          ['open', 'severity', 'acknowledge', 'resolve'].map((action) => [action, 'delivered']),
        )
      })
    }
  })
})

describe('a channel that fails', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['500', (response) => void response.writeHead(500).end('no')],
    ['429', (response) => void response.writeHead(429, { 'retry-after': '1' }).end()],
    ['a connection that is closed', (response) => void response.socket?.destroy()],
    [
      'half an answer',
      (response) => {
        response.writeHead(502, { 'content-length': '100' })
        response.write('{"half":')
        setTimeout(() => response.socket?.destroy(), 20)
      },
    ],
  ])(
    'with %s gets the same notice again, and the ones after it in their order',
    async (_name, fail) => {
      const receiver = await Receiver.start((_request, response, count) => {
        if (count <= 2) fail(response)
        else response.writeHead(200).end()
      })
      const its = await core()
      await its.rule([(await its.webhook(receiver.url)).id])
      await its.report({ title: 'first' })
      await its.report({ title: 'second' })
      await vi.waitFor(async () =>
        expect((await its.list()).map(({ state }) => state)).toEqual(['delivered', 'delivered']),
      )
      const ids = receiver.received.map(({ id }) => id)
      expect(ids.slice(0, -1).every((id) => id === ids[0])).toBe(true)
      const [second, first] = await its.list()
      expect(ids.at(-1)).toBe(second?.id)
      expect(first?.attempts).toBeGreaterThan(1)
      const detail = await its.deliveries.get('default', String(first?.id))
      expect(detail.log).toHaveLength(first?.attempts ?? 0)
      expect(detail.log[0]?.error).not.toBeNull()
    },
    60_000,
  )

  it('for good gives the notice up, says so everywhere, and a person can send it again', async () => {
    let isMended = false
    const receiver = await Receiver.start((_request, response) => void response.writeHead(isMended ? 200 : 410).end())
    const its = await core()
    const hook = await its.webhook(receiver.url)
    await its.rule([hook.id])
    const event = await its.report({ title: 'x' })
    await vi.waitFor(async () => expect((await its.list())[0]?.state).toBe('failed'))
    const [failed] = await its.list()
    expect(failed).toMatchObject({
      attempts: 1,
      because: expect.stringContaining('given up after one attempt') as string,
    })
    const { timeline } = await its.incidents.get('default', String(event.incident_id))
    expect(timeline.at(-1)).toMatchObject({ kind: 'delivery_failed', actor: 'hook' })
    expect((await its.channels.get('default', hook.id)).health).toMatchObject({
      state: 'failing',
      consecutive_failures: 1,
    })
    isMended = true
    const again = await its.deliveries.resend('default', String(failed?.id))
    expect(again.id).not.toBe(failed?.id)
    expect(again.because).toContain(String(failed?.id))
    await its.channels.resume('default', hook.id)
    await vi.waitFor(async () => expect((await its.list())[0]?.state).toBe('delivered'))
    // It was told of now, so it hears of the end.
    await its.incidents.resolve('default', String(event.incident_id))
    await vi.waitFor(() => expect(types(receiver).at(-1)).toBe('incident.resolved'))
  })

  it('that a person has to mend keeps what waits, the notice that found out included', async () => {
    const receiver = await Receiver.start((_request, response) => void response.writeHead(302, { location: '/' }).end())
    const its = await core()
    const hook = await its.webhook(receiver.url)
    await its.rule([hook.id])
    await its.report({ title: 'first' })
    await vi.waitFor(async () => expect((await its.list())[0]?.attempts).toBe(1))
    await vi.waitFor(async () =>
      expect((await its.channels.get('default', hook.id)).health).toMatchObject({ state: 'failing' }),
    )
    await its.report({ title: 'second' })
    expect((await its.list()).map(({ state }) => state)).toEqual(['pending', 'retrying'])
    receiver.answer = (_request, response) => void response.writeHead(204).end()
    const webhook = { url: `${receiver.url}/mended`, format: 'json' as const, headers: {}, events: [] }
    await its.channels.update('default', hook.id, { webhook })
    await vi.waitFor(async () =>
      expect((await its.list()).map(({ state }) => state)).toEqual(['delivered', 'delivered']),
    )
    expect(receiver.received.map(({ id }) => id)[0]).toBe(receiver.received.map(({ id }) => id)[1])
  })

  it('because of one notice lets those of other incidents pass in the end', async () => {
    const receiver = await Receiver.start((request, response) => {
      const isPoison = request.text.includes('poison')
      response.writeHead(isPoison ? 500 : 200).end()
    })
    const its = await core()
    const hook = await its.webhook(receiver.url)
    await its.rule([hook.id])
    await its.report({ title: 'poison' })
    for (let index = 0; index < 5; index++) await its.report({ title: `good ${index}` })
    // Five failures open the circuit; a person need not wait for its trial.
    await vi.waitFor(async () =>
      expect((await its.channels.get('default', hook.id)).health.consecutive_failures).toBe(5),
    )
    await its.channels.resume('default', hook.id)
    await vi.waitFor(async () => {
      const states = (await its.list()).map(({ title, state }) => `${title.split(' ')[0] ?? ''} ${state}`)
      expect(states.filter((state) => state === 'good delivered')).toHaveLength(5)
    })
    // Or it is just being tried once more.
    await vi.waitFor(async () => {
      expect((await its.list({ state: 'retrying' })).map(({ title }) => title)).toEqual(['poison'])
    })
  }, 60_000)
})

it('a storm of a thousand events in a second is told in bounded notices, and none is lost', async () => {
  const receiver = await Receiver.start()
  const its = await core()
  await its.rule([(await its.webhook(receiver.url)).id])
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => its.report({ title: `alert ${index}` })))
  await vi.waitFor(async () => expect((await its.list()).every(({ state }) => state === 'delivered')).toBe(true))
  const deliveries = await its.list()
  expect(deliveries.length).toBeLessThan(400)
  expect(deliveries.reduce((sum, { event_count }) => sum + event_count, 0)).toBe(1_000)
  const events = (await its.incidents.events('default', {}, { limit: 500 })).items
  expect(events.every(({ decisions }) => decisions[0]?.channels[0]?.delivery_id !== null)).toBe(true)
}, 60_000)

it('what a group waits for is let go at its time, without what is resolved meanwhile', async () => {
  const receiver = await Receiver.start()
  const its = await core()
  await its.rule([(await its.webhook(receiver.url)).id], { grouping: { wait_s: 1 } })
  const [one] = await Promise.all(['a', 'b', 'c'].map((title) => its.report({ title })))
  await its.incidents.resolve('default', String(one?.incident_id))
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
  await vi.waitFor(async () => expect((await its.list())[0]?.state).toBe('delivered'))
  expect((await its.list())[0]?.incident_ids).not.toContain(one?.incident_id)
  expect(await its.list()).toHaveLength(1)
})

it('a locked vault keeps what waits, and it is sent when it opens', async () => {
  const receiver = await Receiver.start()
  const its = await core()
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const hook = await its.webhook(receiver.url, { credentials: { signing_secret: secret } })
  await its.rule([hook.id])
  await its.vault.lock()
  await its.report({ title: 'x' })
  await vi.waitFor(async () =>
    expect((await its.channels.get('default', hook.id)).health).toMatchObject({ state: 'locked', waiting: 1 }),
  )
  expect(receiver.received).toEqual([])
  await its.vault.unlock()
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
})

it('an integration that is not set up keeps what waits', async () => {
  const its = await core()
  const { channels } = its
  const slack = await channels.create('default', {
    kind: 'slack',
    name: 'ops',
    enabled: true,
    min_severity: 'info',
    muted_until: null,
    slack: { channel_id: 'C0123456', channel_name: 'ops' },
  })
  expect(slack).toMatchObject({ destination: '#ops', health: { state: 'needs_setup' } })
  await its.rule([slack.id])
  await its.report({ title: 'x' })
  await vi.waitFor(async () => expect((await channels.get('default', slack.id)).health.waiting).toBe(1))
  expect((await its.list())[0]).toMatchObject({ state: 'pending', attempts: 0 })
})
