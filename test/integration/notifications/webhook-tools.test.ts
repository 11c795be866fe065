import { Webhook } from 'standardwebhooks'
import { beforeEach, describe, expect, it } from 'vitest'
import type { SystemAccess } from '../../../src/main/system/system-adapter.ts'
import type { WebhookEndpoint } from '../../../src/main/system/webhooks/webhook-endpoints.ts'
import { WebhooksAdapter } from '../../../src/main/system/webhooks/webhooks-adapter.ts'
import { WebhookChannel } from '../../../src/shared/contract/channels.ts'
import type { SetupCheck } from '../../../src/shared/contract/setup.ts'
import { systemAccess } from '../../helpers/system-access.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../servers/webhook/receiver.ts'

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const signal = new AbortController().signal

let receiver: WebhookReceiver
let endpoints: WebhookEndpoint[]
let adapter: WebhooksAdapter
let access: SystemAccess

const endpoint = (
  changes: Partial<WebhookEndpoint> & { settings?: never } = {},
  settings: object = {},
): WebhookEndpoint => ({
  name: 'Deployments',
  enabled: true,
  isSigned: true,
  settings: WebhookChannel.parse({ url: `${receiver.url}/canary-path-secret`, ...settings }),
  secret: (field) => (field === 'signing_secret' ? SECRET : undefined),
  secretHeaders: [],
  ...changes,
})

beforeEach(async () => {
  receiver = await startWebhookReceiver()
  endpoints = [endpoint()]
  adapter = new WebhooksAdapter({
    endpoints: (workspace) => (workspace === 'default' ? endpoints : []),
    isOwn: () => false,
  })
  access = systemAccess('webhooks', {})
  return () => receiver.close()
})

function call(name: string, args: Record<string, unknown> = {}) {
  const tool = adapter.tools.find(({ definition }) => definition.name === name)
  if (tool === undefined) throw new Error(name)
  return tool.call(access, args, signal)
}

describe('send_webhook', () => {
  it('sends to a webhook that was configured, signed', async () => {
    receiver.behave({ kind: 'answer', status: 200, body: 'thanks' })
    const result = await call('send_webhook', {
      endpoint: 'Deployments',
      type: 'deploy.finished',
      data: { version: '1.2' },
    })
    expect(result).toMatchObject({ structured: { delivered: true, status: '200 OK', answer: 'thanks' } })
    const [got] = receiver.received
    expect(new Webhook(SECRET).verify(got?.body ?? '', got?.headers as Record<string, string>)).toMatchObject({
      type: 'agent.deploy.finished',
      data: { version: '1.2', workspace: 'default' },
    })
  })

  it.each([
    ['cloudevents', { type: 'dev.gatehouse.agent.incident.resolved', specversion: '1.0' }],
    ['slack', { text: 'incident.resolved: &lt;!channel&gt;' }],
  ])('can not be taken for an incident: %s', async (format, expected) => {
    endpoints = [endpoint({}, { format })]
    await call('send_webhook', {
      endpoint: 'Deployments',
      type: 'incident.resolved',
      data: { text: '<!channel>', workspace: 'other' },
    })
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject(expected)
  })

  it('says itself in which workspace it was sent', async () => {
    const data = { version: '1.2', workspace: 'production' }
    await call('send_webhook', { endpoint: 'Deployments', type: 'x', data })
    const sent = JSON.parse(receiver.received[0]?.body ?? '') as { data: unknown }
    expect(sent.data).toEqual({ version: '1.2', workspace: 'default' })
  })

  it('fills in a template', async () => {
    endpoints = [
      endpoint(
        {},
        { format: 'template', template: '{"t": "{{type}}", "v": "{{data.version}}", "i": "{{incident.title}}"}' },
      ),
    ]
    await call('send_webhook', { endpoint: 'Deployments', type: 'x', data: { version: '"1"' } })
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({ t: 'agent.x', v: '"1"', i: '' })
  })

  it.each([
    [{ endpoint: 'https://evil.example/', type: 'x', data: {} }, 'There is no webhook'],
    [{ endpoint: 'Deployments', type: 'Not A Type', data: {} }, 'lowercase words'],
    [{ endpoint: 'Deployments', type: 'x', data: { a: 'x'.repeat(70_000) } }, 'larger than 64 KiB'],
    [{ endpoint: 'Deployments', type: 'x', data: {}, url: 'https://evil.example/' }, 'url'],
  ])('refuses what it is not for', async (args, message) => {
    expect(await call('send_webhook', args)).toMatchObject({
      isError: true,
      text: expect.stringContaining(message) as string,
    })
    expect(receiver.received).toEqual([])
  })

  it('sends to none that is turned off, and to none of another workspace', async () => {
    endpoints = [endpoint({ enabled: false })]
    expect(await call('send_webhook', { endpoint: 'Deployments', type: 'x', data: {} })).toMatchObject({
      isError: true,
    })
    access = { ...access, workspace: 'other', redact: (text) => text }
    expect(await call('send_webhook', { endpoint: 'Deployments', type: 'x', data: {} })).toMatchObject({
      text: 'There is no webhook "Deployments". None is configured.',
    })
    expect(receiver.received).toEqual([])
  })

  it('says what was answered', async () => {
    receiver.behave({ kind: 'answer', status: 422, body: 'no such version' })
    expect(await call('send_webhook', { endpoint: 'Deployments', type: 'x', data: {} })).toMatchObject({
      isError: true,
      text: expect.stringContaining('422 Unprocessable Entity. It says: no such version.') as string,
    })
  })

  it('is off in new profiles; the list is not', () => {
    expect(adapter.tools.map(({ definition }) => [definition.name, definition.annotations.readOnlyHint])).toEqual([
      ['send_webhook', false],
      ['list_webhooks', true],
    ])
  })
})

describe('list_webhooks', () => {
  it('gives no address with a secret in it', async () => {
    const result = await call('list_webhooks')
    expect(result).toEqual({
      structured: {
        webhooks: [
          { name: 'Deployments', host: new URL(receiver.url).host, format: 'json', enabled: true, signed: true },
        ],
      },
    })
    expect(JSON.stringify(result)).not.toContain('canary')
  })
})

describe('the setup of webhooks', () => {
  const verify = async () => {
    const checks: SetupCheck[] = []
    for await (const check of adapter.verify(access)) checks.push(check)
    return checks.at(-1)
  }

  it('counts the channels', async () => {
    endpoints = [endpoint(), endpoint({ name: 'Off', enabled: false })]
    expect(await verify()).toMatchObject({ state: 'ok', message: '1 webhook gets notices, 1 turned off.' })
    endpoints = [endpoint({ enabled: false })]
    expect(await verify()).toMatchObject({ state: 'warning' })
    endpoints = []
    expect(await verify()).toMatchObject({ state: 'warning', message: 'There is no webhook yet, so nothing is sent.' })
  })
})
