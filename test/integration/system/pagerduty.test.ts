import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { beforeEach, expect, it } from 'vitest'
import { serveHttp } from '../../helpers/serve-http.ts'
import { startTestApp, type Client } from '../../helpers/start-app.ts'
import { startPagerDuty, type PagerDutyServer } from '../../servers/pagerduty/pagerduty-server.ts'

const KEY = 'a'.repeat(32)
const TOKEN = 'canary-rest-token-0123'
const AUTHOR = 'me@example.com'

let server: PagerDutyServer
let client: Client

beforeEach(async () => {
  server = await startPagerDuty({ keys: [KEY], token: TOKEN, users: [AUTHOR] })
  const app = await startTestApp({ vault: { backend: 'key', key: randomBytes(32) } })
  client = app.client('rpc')
  return async () => {
    await app.close()
    await server.close()
  }
})

async function setUp(values: object = {}, credentials: Record<string, string> = {}) {
  const stream = await client.setup.apply({
    name: 'pagerduty',
    way: 'key',
    values: { region: 'own', events_url: server.url, api_url: server.url, ...values },
    credentials: { integration_key: KEY, ...credentials },
  })
  let step = await stream.next()
  while (step.done !== true) step = await stream.next()
  return step.value
}

const toolNames = async () => {
  const { items } = await client.tools.list({ integration: 'pagerduty' })
  return items.map(({ name }) => name).sort()
}

it('PagerDuty with a key alone has the tools of events', async () => {
  expect(await setUp()).toMatchObject({ ok: true, saved: true })
  const names = await toolNames()
  expect(names.join()).toContain('trigger_event')
  expect(names.join()).not.toContain('list_incidents')
})

it('PagerDuty at two addresses of a private network takes events at the one and questions at the other', async () => {
  const events_url = server.url.replace('127.0.0.1', 'localhost')
  expect(await setUp({ events_url }, { api_token: TOKEN })).toMatchObject({ ok: true, saved: true })
})

it('PagerDuty is reached through the proxy of its setup, events as well', async () => {
  const asked: string[] = []
  const proxy_url = await serveHttp((incoming, response) => {
    const { pathname, search, host } = new URL(incoming.url ?? '')
    asked.push(`${host}${pathname}`)
    void (async () => {
      const { method = '', headers } = incoming
      const body = method === 'POST' ? await text(incoming) : undefined
      const authorization = headers.authorization === undefined ? {} : { authorization: headers.authorization }
      const answer = await fetch(`${server.url}${pathname}${search}`, {
        method,
        headers: authorization,
        ...(body && { body }),
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
    })()
  })
  const values = { events_url: 'http://events.invalid', api_url: 'http://api.invalid', proxy_url }
  expect(await setUp(values, { api_token: TOKEN })).toMatchObject({ ok: true, saved: true })
  expect(new Set(asked)).toEqual(
    new Set(['api.invalid/abilities', 'api.invalid/incidents', 'events.invalid/v2/enqueue']),
  )
})

it('PagerDuty with an authority that is none is not set up', async () => {
  const { ok, checks } = await setUp({ ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' })
  expect({ ok, fields: checks.map(({ field }) => field) }).toEqual({ ok: false, fields: ['values.ca'] })
})

it('PagerDuty with a token reads, writes notes, and takes notices', async () => {
  expect(await setUp({ from_email: AUTHOR }, { api_token: TOKEN })).toMatchObject({ ok: true, saved: true })
  const call = (name: string, args: object) => client.tools.call({ name: `pagerduty__${name}`, arguments: { ...args } })

  const channel = await client.channels.create({ kind: 'pagerduty', name: 'On call' })
  expect(await client.channels.test({ id: channel.id })).toMatchObject({ ok: true })
  expect(server.alerts.at(-1)).toMatchObject({ routingKey: KEY, status: 'resolved' })

  const listed = await call('list_incidents', { statuses: ['triggered', 'resolved'], limit: 5 })
  expect(JSON.stringify(listed)).toContain('Test from Gatehouse')
  expect(server.requests.at(-1)?.headers.authorization).toBe(`Token token=${TOKEN}`)
  for (const [name, args] of [
    ['get_incident', { id: 'PINC1' }],
    ['list_services', {}],
    ['list_on_calls', {}],
    ['add_incident_note', { id: 'PINC1', note: { content: 'Looking at it.' } }],
  ] as const) {
    expect(await call(name, args)).not.toMatchObject({ isError: true })
  }
  expect(server.notes).toEqual([{ incident: 'PINC1', content: 'Looking at it.', from: AUTHOR }])
  expect(await call('get_incident', { id: 'unknown' })).toMatchObject({ isError: true })
})
