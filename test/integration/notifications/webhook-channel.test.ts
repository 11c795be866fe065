import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, LookupFunction } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { ownAddresses } from '../../../src/main/notifications/wire/addresses.ts'
import { WebhookChannel } from '../../../src/main/system/webhooks/webhook-channel.ts'
import { WebhookChannel as WebhookSchema, type ChannelSettings } from '../../../src/shared/contract/channels.ts'
import { exampleIncident, OPENED_AT } from '../../helpers/notices.ts'
import { outgoing } from '../../helpers/outgoing.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../servers/webhook/receiver.ts'

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const FORMER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
const signal = new AbortController().signal
const channel = new WebhookChannel({ isOwn: () => false, attemptMs: 10_000 })
const hasty = new WebhookChannel({ isOwn: () => false, attemptMs: 300 })

const webhook = (settings: Record<string, unknown>): ChannelSettings => ({
  kind: 'webhook',
  webhook: WebhookSchema.parse(settings),
})

let receiver: WebhookReceiver
beforeEach(async () => {
  receiver = await startWebhookReceiver()
  return () => receiver.close()
})

const only = () => {
  expect(receiver.received).toHaveLength(1)
  const [one] = receiver.received
  if (one === undefined) throw new Error('nothing was received')
  return one
}

describe('a webhook', () => {
  it('gets our own event', async () => {
    const outcome = await channel.send(outgoing({ settings: webhook({ url: receiver.url }) }), signal)
    expect(outcome).toMatchObject({ kind: 'delivered', exchanges: [{ answer: { status: '204 No Content' } }] })
    const { method, headers, body } = only()
    expect(method).toBe('POST')
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': '0mdelivery0001' })
    expect(headers).not.toHaveProperty('webhook-signature')
    expect(JSON.parse(body)).toMatchObject({
      id: '0mdelivery0001',
      type: 'incident.opened',
      timestamp: OPENED_AT,
      data: {
        workspace: 'default',
        test: false,
        title: '[Critical] Database is down (#12)',
        incident: { id: '0mincident0001', number: 12, labels: { team: 'core' } },
        event: { id: '0mevent0001' },
        rules: ['High incidents'],
      },
    })
    expect(body).not.toContain('decisions')
  })

  it('can check the signature with the standard library', async () => {
    const settings = webhook({ url: receiver.url })
    await channel.send(outgoing({ settings, secrets: { signing_secret: SECRET } }), signal)
    const { headers, body } = only()
    const verified = new Webhook(SECRET).verify(body, headers as Record<string, string>)
    expect(verified).toMatchObject({ type: 'incident.opened' })
    expect(() => new Webhook(FORMER).verify(body, headers as Record<string, string>)).toThrow('No matching signature')
    const changed = body.replace('critical', 'low')
    expect(() => new Webhook(SECRET).verify(changed, headers as Record<string, string>)).toThrow('No matching')
  })

  it('can check it with the former secret as well, while there is one', async () => {
    const secrets = { signing_secret: SECRET, former_signing_secret: FORMER }
    await channel.send(outgoing({ settings: webhook({ url: receiver.url }), secrets }), signal)
    const { headers, body } = only()
    for (const secret of [SECRET, FORMER]) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
        id: '0mdelivery0001',
      })
    }
  })

  it('gets the same id and body in each attempt, and the time of the attempt', async () => {
    let nowMs = Date.parse('2026-11-28T18:00:00Z')
    const timed = new WebhookChannel({ isOwn: () => false, now: () => nowMs })
    const sent = outgoing({ settings: webhook({ url: receiver.url }), secrets: { signing_secret: SECRET } })
    await timed.send(sent, signal)
    nowMs += 60_000
    await timed.send({ ...sent, attempt: 2 }, signal)
    const [first, second] = receiver.received
    expect(second?.body).toBe(first?.body)
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(Number(second?.headers['webhook-timestamp']) - Number(first?.headers['webhook-timestamp'])).toBe(60)
  })

  it('gets the headers of the channel, and what it is told of it does not show the secret ones', async () => {
    const settings = webhook({ url: receiver.url, headers: { 'X-Team': 'core', 'Webhook-Id': 'forged' } })
    const secrets = { 'headers.Authorization': 'Bearer of-the-receiver' }
    const outcome = await channel.send(outgoing({ settings, secrets }), signal)
    expect(only().headers).toMatchObject({
      'x-team': 'core',
      authorization: 'Bearer of-the-receiver',
      'webhook-id': '0mdelivery0001',
    })
    expect(outcome.exchanges[0]?.request.headers).toMatchObject({ authorization: '••••', 'x-team': 'core' })
  })

  it('gets a CloudEvent', async () => {
    const settings = webhook({ url: receiver.url, format: 'cloudevents' })
    await channel.send(outgoing({ settings, notice: { action: 'resolve', workspace: 'a b' } }), signal)
    const { headers, body } = only()
    expect(headers['content-type']).toBe('application/cloudevents+json')
    expect(JSON.parse(body)).toMatchObject({
      specversion: '1.0',
      id: '0mdelivery0001',
      source: '/gatehouse/workspaces/a%20b',
      type: 'dev.gatehouse.incident.resolved',
      subject: 'incidents/0mincident0001',
      time: OPENED_AT,
      datacontenttype: 'application/json',
      data: { incident: { number: 12 } },
    })
  })

  it('gets what Slack takes, in which nobody is called', async () => {
    const incident = exampleIncident({ title: '<!channel> @here & [x](http://evil.example)' })
    const settings = webhook({ url: receiver.url, format: 'slack' })
    await channel.send(outgoing({ settings, notice: { incidents: [incident] } }), signal)
    const { text, blocks } = JSON.parse(only().body) as { text: string; blocks: { text?: { type: string } }[] }
    expect(text).not.toContain('<!')
    expect(text).not.toContain('@here')
    expect(text).not.toContain('](')
    expect(text).toContain('&lt;!channel&gt;')
    expect(text).toContain('<http://127.0.0.1:7420/incidents/12|Open in Gatehouse>')
    const marked = blocks.filter((block) => block.text?.type === 'mrkdwn')
    expect(JSON.stringify(marked)).not.toContain('channel')
  })

  it('gets what a template makes', async () => {
    const template =
      '{"summary": "{{incident.title}}", "labels": [{{#incident.label_list}}"{{name}}={{value}}",{{/incident.label_list}}""]}'
    const settings = webhook({ url: receiver.url, format: 'template', template })
    const incident = exampleIncident({ title: 'say "no",\n\\ and {{id}}', labels: { team: 'a"b' } })
    await channel.send(outgoing({ settings, notice: { incidents: [incident] } }), signal)
    expect(JSON.parse(only().body)).toEqual({ summary: 'say "no",\n\\ and {{id}}', labels: ['team=a"b', ''] })
  })

  it('has service and source of what a template tells of, as the example of the console asks for', async () => {
    const settings = webhook({ url: receiver.url, format: 'template', template: '["{{service}}", "{{source}}"]' })
    await channel.send(outgoing({ settings }), signal)
    await channel.send(outgoing({ settings, notice: { action: 'notice', incidents: [] } }), signal)
    expect(receiver.received.map(({ body }) => body)).toEqual(Array(2).fill('["billing", "prometheus"]'))
  })

  it('gets whole links in what Slack takes, as many as there is room for', async () => {
    const links = Array.from({ length: 10 }, (_, index) => ({
      url: `https://example.com/?n=${index}&q=${'q'.repeat(1_900)}`,
      title: `Link ${index}`,
    }))
    const settings = webhook({ url: receiver.url, format: 'slack' })
    await channel.send(outgoing({ settings, notice: { incidents: [exampleIncident({ links })] } }), signal)
    const { text, blocks } = JSON.parse(only().body) as { text: string; blocks: { text?: Record<string, string> }[] }
    const linked = blocks.find((block) => block.text?.type === 'mrkdwn')?.text?.text ?? ''
    expect(linked).toMatch(/^(<https?:[^\s<>|]+\|[^<>|]+>(  )?)+$/)
    expect(linked).toContain('?n=0&amp;q=')
    expect(linked.length).toBeLessThanOrEqual(3_000)
    expect(text.endsWith(linked)).toBe(true)
  })

  it('gets ten megabytes cut to what is taken', async () => {
    const incidents = Array.from({ length: 20 }, (_, index) =>
      exampleIncident({
        id: `i${index}`,
        description: 'd'.repeat(20_000),
        rca: 'r'.repeat(100_000),
        labels: Object.fromEntries(Array.from({ length: 64 }, (_, label) => [`l${label}`, 'ü'.repeat(4096)])),
      }),
    )
    await channel.send(outgoing({ settings: webhook({ url: receiver.url }), notice: { incidents, more: 7 } }), signal)
    const { body } = only()
    expect(body.length).toBeLessThan(600 * 1024)
    expect(JSON.parse(body)).toMatchObject({ data: { truncated: true, more: 7, incidents: { length: 20 } } })
  })
})

describe('an answer', () => {
  const send = (adapter = channel) => adapter.send(outgoing({ settings: webhook({ url: receiver.url }) }), signal)

  it.each([
    [200, 'delivered'],
    [202, 'delivered'],
    [302, 'broken'],
    [307, 'broken'],
    [400, 'rejected'],
    [401, 'retry'],
    [403, 'retry'],
    [404, 'retry'],
    [405, 'retry'],
    [407, 'retry'],
    [408, 'retry'],
    [409, 'retry'],
    [410, 'gone'],
    [413, 'rejected'],
    [415, 'rejected'],
    [422, 'rejected'],
    [423, 'retry'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('of %d: %s', async (status, kind) => {
    receiver.behave({ kind: 'answer', status, headers: { location: 'http://127.0.0.1:1/elsewhere' }, body: 'because' })
    const outcome = await send()
    expect(outcome.kind).toBe(kind)
    expect(receiver.received).toHaveLength(1)
    if (outcome.kind !== 'delivered') expect(outcome.code).toBe(`http_${status}`)
    expect(outcome.exchanges[0]?.answer?.body).toBe('because')
  })

  it('that says when to come back is obeyed', async () => {
    receiver.behave({ kind: 'answer', status: 429, headers: { 'retry-after': '120' } })
    expect(await send()).toMatchObject({ kind: 'retry', retryAfterMs: 120_000 })
  })

  it('in HTML is no explanation', async () => {
    receiver.behave({ kind: 'answer', status: 500, headers: { 'content-type': 'text/html' }, body: '<b>secret</b>' })
    expect(await send()).toMatchObject({ message: expect.not.stringContaining('secret') as string })
  })

  it('that never comes is waited for no longer than the limit', async () => {
    receiver.behave({ kind: 'hang' })
    expect(await send(hasty)).toMatchObject({ kind: 'retry', code: 'timeout' })
  })

  it('that is no answer but a closed connection', async () => {
    receiver.behave({ kind: 'close' })
    expect(await send()).toMatchObject({ kind: 'retry', code: 'connection_closed' })
  })

  it.each([
    [200, 'delivered'],
    [500, 'retry'],
  ])('of %d that breaks off counts by its status', async (status, kind) => {
    receiver.behave({ kind: 'close_mid_answer', status })
    const outcome = await send()
    expect(outcome.kind).toBe(kind)
    expect(outcome.exchanges[0]?.answer?.body).toContain('the beginning')
  })

  it('without an end is read to the limit', async () => {
    receiver.behave({ kind: 'flood', status: 200 })
    const outcome = await send()
    expect(outcome.kind).toBe('delivered')
    expect(outcome.exchanges[0]?.answer?.body.length).toBe(16 * 1024)
  })

  it('whose body stalls counts by its status', async () => {
    receiver.behave({ kind: 'stall', status: 201 })
    expect((await send(hasty)).kind).toBe('delivered')
  })

  it('is not waited for when the gateway ends', async () => {
    receiver.behave({ kind: 'hang' })
    const end = new AbortController()
    const sending = channel.send(outgoing({ settings: webhook({ url: receiver.url }) }), end.signal)
    setTimeout(() => end.abort(new Error('the end')), 50)
    await expect(sending).rejects.toThrow('the end')
  })
})

describe('an address', () => {
  const send = (url: string, adapter = channel) => adapter.send(outgoing({ settings: webhook({ url }) }), signal)
  const resolvingTo =
    (...addresses: string[]): LookupFunction =>
    (_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://2852039166/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://0.0.0.0/',
  ])('of metadata is refused: %s', async (url) => {
    expect(await send(url)).toMatchObject({ kind: 'broken', code: 'address_refused' })
    expect(() => channel.check(webhook({ url }))).toThrow('Nothing is sent to')
  })

  it('that a name leads to is checked as well', async () => {
    const lookup = resolvingTo('169.254.169.254')
    const adapter = new WebhookChannel({ isOwn: () => false, lookup })
    expect(await send('http://hooks.example/', adapter)).toMatchObject({ kind: 'broken', code: 'address_refused' })
  })

  it('of the internet is not sent to in the open', async () => {
    const adapter = new WebhookChannel({ isOwn: () => false, lookup: resolvingTo('93.184.216.34') })
    expect(await send('http://hooks.example/', adapter)).toMatchObject({
      kind: 'broken',
      message: expect.stringContaining('Use https') as string,
    })
    expect(() => channel.check(webhook({ url: 'http://93.184.216.34/' }))).toThrow('Use https')
    expect(() => channel.check(webhook({ url: 'https://93.184.216.34/' }))).not.toThrow()
    expect(() => channel.check(webhook({ url: 'http://192.168.1.5/' }))).not.toThrow()
  })

  it('of the gateway itself is refused, however it is written', async () => {
    const port = Number(new URL(receiver.url).port)
    const adapter = new WebhookChannel({ isOwn: ownAddresses(() => ({ host: '127.0.0.1', port })) })
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '127.9.9.9', '0x7f.1']) {
      expect(await send(`http://${host}:${port}/hooks/x`, adapter)).toMatchObject({ code: 'address_refused' })
    }
    expect(() => adapter.check(webhook({ url: `http://localhost:${port}/` }))).toThrow('Gatehouse itself')
    expect(receiver.received).toHaveLength(0)
    expect((await send(`http://127.0.0.1:${port + 1}/`, adapter)).kind).toBe('retry')
  })

  it('that is not there', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => free.once('listening', resolve))
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'retry', code: 'connection_refused' })
  })

  it('that is not found', async () => {
    const lookup: LookupFunction = (_host, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND hooks.example'), { code: 'ENOTFOUND' }), [])
    const adapter = new WebhookChannel({ isOwn: () => false, lookup })
    expect(await send('https://hooks.example/', adapter)).toMatchObject({
      kind: 'retry',
      code: 'host_not_found',
      message: 'The host hooks.example was not found.',
    })
  })

  it('whose certificate nobody signed', async () => {
    const pem = (name: string) => readFileSync(new URL(`../rest/tls/${name}.pem`, import.meta.url), 'utf8')
    const secure = await startWebhookReceiver({ cert: pem('server'), key: pem('server-key') })
    onTestFinished(() => secure.close())
    expect(await send(secure.url)).toMatchObject({ kind: 'retry', code: 'certificate_untrusted' })
    expect(secure.received).toHaveLength(0)
  })

  it('whose certificate is signed by the authority of the channel', async () => {
    const pem = (name: string) => readFileSync(new URL(`../rest/tls/${name}.pem`, import.meta.url), 'utf8')
    const secure = await startWebhookReceiver({ cert: pem('server'), key: pem('server-key') })
    onTestFinished(() => secure.close())
    const settings = webhook({ url: secure.url, ca: pem('authority') })
    channel.check(settings)
    expect(await channel.send(outgoing({ settings }), signal)).toMatchObject({ kind: 'delivered' })
    expect(secure.received).toHaveLength(1)
  })

  it('that speaks no TLS', async () => {
    expect(await send(receiver.url.replace('http:', 'https:'))).toMatchObject({ kind: 'retry', code: 'no_tls' })
  })
})

describe('settings', () => {
  it('name the line of a template that can not be read', () => {
    const settings = webhook({ url: receiver.url, format: 'template', template: '{\n"a": "{{{title}}}"\n}' })
    expect(() => channel.check(settings)).toThrow('Line 2: values are always escaped')
  })

  it('can not set the headers that are ours', () => {
    const settings = webhook({ url: receiver.url, headers: { 'Webhook-Signature': 'v1,forged' } })
    expect(() => channel.check(settings)).toThrow('Webhook-Signature is set by Gatehouse')
  })

  it.each([
    ['none', 'There is no certificate in it.'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'The certificate can not be read'],
  ])('with an authority that is none are refused', (ca, message) => {
    const settings = webhook({ url: 'https://hooks.example', ca })
    expect(() => channel.check(settings)).toThrow(
      expect.objectContaining({
        details: [{ path: 'webhook.ca', message: expect.stringContaining(message) as string }],
      }) as Error,
    )
  })

  it.each(['application/json; charset=漢', 'text/plain; a=\u0080'])(
    'have a content type that can be sent: %s',
    (type) => {
      const settings = { url: receiver.url, format: 'template', template: '{}', content_type: type }
      expect(() => webhook(settings)).toThrow('media type')
    },
  )

  it('with a template that fails send nothing', async () => {
    const settings = webhook({ url: receiver.url, format: 'template', template: '{"a": {{incident.title}}}' })
    const outcome = await channel.send(outgoing({ settings }), signal)
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'template_error' })
    expect(receiver.received).toHaveLength(0)
    const shown = outgoing({ settings })
    await expect(channel.preview(shown)).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ path: 'webhook.template', message: expect.stringContaining('in its line 1') as string }],
    })
  })

  it('are shown by what would be sent', async () => {
    const shown = outgoing({ settings: webhook({ url: receiver.url }) })
    const preview = await channel.preview(shown)
    expect(preview.content_type).toBe('application/json')
    expect(preview.text).toContain('[Critical] Database is down (#12)')
    expect(JSON.parse(preview.body)).toMatchObject({ type: 'incident.opened' })
    expect(channel.destination(shown.settings)).toBe(new URL(receiver.url).host)
  })
})
