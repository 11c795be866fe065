import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Offer } from '../../../src/main/upstream/offer.ts'
import {
  changeResource,
  fakeUpstream,
  itemList,
  modern,
  profileOf,
  served,
  serverSays,
  startGateway,
  toolsNamed,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream, type OpenStream } from './open-stream.ts'

let gateway: TestGateway
let streams: OpenStream[]
beforeEach(async () => {
  gateway = await startGateway([], { limits: { coalesceMs: 10 } })
  streams = []
})
afterEach(async () => {
  for (const stream of streams) stream.close()
  await gateway.close()
})

const capabilities = { tools: {}, prompts: {}, resources: { subscribe: true }, logging: {} }

function server(slug: string, offer: Partial<Offer> = {}): FakeUpstream {
  return fakeUpstream(slug, toolsNamed('read'), { offer: { capabilities, ...offer } })
}

function serve(...upstreams: FakeUpstream[]): void {
  gateway.integrations = upstreams.map((upstream) => served(upstream))
  gateway.gateway.invalidate('default')
}

function change(upstream: FakeUpstream, offer: Partial<Offer>): void {
  upstream.offer = { ...upstream.offer, ...offer }
  gateway.gateway.invalidate('default')
}

async function opened(stream: Promise<OpenStream>): Promise<OpenStream> {
  const open = await stream
  streams.push(open)
  return open
}

interface At {
  path?: string
  token?: string
}

/** A legacy session with its stream. */
async function legacyAgent({ path = '/mcp', token = 'token-one' }: At = {}) {
  const session = await gateway.initialize({ path, token })
  const headers = { 'Mcp-Session-Id': session }
  const stream = await opened(openStream(gateway, 'GET', path, { ...headers, Authorization: `Bearer ${token}` }))
  const request = async (method: string, params: object) =>
    (await gateway.post({ jsonrpc: '2.0', id: 1, method, params }, { path, token, headers })).json
  return { session, headers, stream, request }
}

/** A modern stream; the acknowledgement is the first that is read of it. */
async function listen(notifications: object, { path = '/mcp', token = 'token-one' }: At = {}): Promise<OpenStream> {
  const { body, headers } = modern('subscriptions/listen', { notifications }, 'mine')
  const own = { ...headers, Authorization: `Bearer ${token}` }
  return opened(openStream(gateway, 'POST', path, own, JSON.stringify(body)))
}

const acknowledged = (notifications: object) => ({
  jsonrpc: '2.0',
  method: 'notifications/subscriptions/acknowledged',
  params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 'mine' }, notifications },
})
const told = (method: string, params: object = {}) => ({ jsonrpc: '2.0', method: `notifications/${method}`, params })
const toModern = (method: string, params: object = {}) =>
  told(method, { ...params, _meta: { 'io.modelcontextprotocol/subscriptionId': 'mine' } })

/** Changes the tools, so that the next that an agent hears is that, and there was nothing before it. */
function markEnd(upstream: FakeUpstream): void {
  change(upstream, { tools: fakeUpstream('x', toolsNamed(`end-${streams.length}`)).tools })
}

describe('a change of a list', () => {
  it('is told to a legacy session, of each list that really changed', async () => {
    const notes = server('notes')
    serve(notes)
    const { stream } = await legacyAgent()
    change(notes, { prompts: itemList('name', 'ask') })
    expect(await stream.next()).toEqual({ jsonrpc: '2.0', method: 'notifications/prompts/list_changed' })
    change(notes, { prompts: itemList('name', 'ask'), resources: itemList('uri', 'x://a') })
    expect(await stream.next()).toEqual({ jsonrpc: '2.0', method: 'notifications/resources/list_changed' })
    change(notes, { templates: itemList('uriTemplate', 'x://{id}') })
    expect(await stream.next()).toEqual({ jsonrpc: '2.0', method: 'notifications/resources/list_changed' })
    markEnd(notes)
    expect(await stream.next()).toEqual({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
  })

  it('is told when a stream opens, if there was none', async () => {
    const notes = server('notes')
    serve(notes)
    const session = await gateway.initialize()
    const { stream: other } = await legacyAgent()
    change(notes, { prompts: itemList('name', 'ask') })
    await other.next()
    const stream = await opened(openStream(gateway, 'GET', '/mcp', { 'Mcp-Session-Id': session }))
    expect(await stream.next()).toEqual({ jsonrpc: '2.0', method: 'notifications/prompts/list_changed' })
    markEnd(notes)
    expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  })

  it('is told on a modern stream that asked for it, with its id', async () => {
    const notes = server('notes')
    serve(notes)
    const prompts = await listen({ promptsListChanged: true, toolsListChanged: false })
    const resources = await listen({ resourcesListChanged: true, toolsListChanged: true }, { path: '/mcp/notes' })
    expect(await prompts.next()).toEqual(acknowledged({ promptsListChanged: true }))
    expect(await resources.next()).toEqual(acknowledged({ toolsListChanged: true, resourcesListChanged: true }))
    change(notes, { resources: itemList('uri', 'x://a') })
    expect(await resources.next()).toEqual(toModern('resources/list_changed'))
    change(notes, { prompts: itemList('name', 'ask') })
    expect(await prompts.next()).toEqual(toModern('prompts/list_changed'))
    markEnd(notes)
    expect(await resources.next()).toEqual(toModern('tools/list_changed'))
  })

  it('is not promised where nobody has such a list', async () => {
    serve(fakeUpstream('plain', toolsNamed('read'), { offer: { capabilities: { tools: {} } } }))
    const stream = await listen({ promptsListChanged: true, resourceSubscriptions: ['x://a'] })
    expect(await stream.next()).toEqual(acknowledged({}))
  })

  it('that the profile hides is told to nobody', async () => {
    const open = server('open')
    const secret = server('secret')
    serve(open, secret)
    gateway.changeAgent('one', { profile: profileOf({ integrations: ['open'] }) })
    const { stream } = await legacyAgent()
    change(secret, { prompts: itemList('name', 'ask') })
    change(open, { resources: itemList('uri', 'x://a') })
    expect(await stream.next()).toMatchObject({ method: 'notifications/resources/list_changed' })
    markEnd(open)
    expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  })

  it('of which there are a thousand at once is one for an agent', async () => {
    const notes = server('notes')
    serve(notes)
    const { stream } = await legacyAgent()
    for (let index = 0; index < 1_000; index++) change(notes, { prompts: itemList('name', `p${index}`) })
    expect(await stream.next()).toMatchObject({ method: 'notifications/prompts/list_changed' })
    markEnd(notes)
    expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  })
})

describe('a change of a resource', () => {
  it('is told to the sessions that subscribed, and to no other', async () => {
    const notes = server('notes', { resources: itemList('uri', 'x://a', 'x://b') })
    serve(notes)
    const [first, second] = [await legacyAgent(), await legacyAgent({ token: 'token-two' })]
    expect((await first.request('resources/subscribe', { uri: 'x://a' })).result).toEqual({})
    await second.request('resources/subscribe', { uri: 'x://b' })
    changeResource(notes, 'x://a', '{"uri":"x://a","x-own":1.0e400}')
    expect(await first.stream.next()).toMatchObject(told('resources/updated', { uri: 'x://a' }))
    changeResource(notes, 'x://b')
    expect(await second.stream.next()).toEqual(told('resources/updated', { uri: 'x://b' }))
    expect((await first.request('resources/unsubscribe', { uri: 'x://a' })).result).toEqual({})
    expect([...notes.subscribers.keys()]).toEqual(['x://b'])
    await gateway.send('DELETE', '/mcp', { ...second.headers, Authorization: 'Bearer token-two' })
    expect(notes.subscribers.size).toBe(0)
  })

  it('is told under the URI that the agent has, and so is one of a resource below it', async () => {
    const shared = { resources: itemList('uri', 'x://both') }
    const [a, b] = [server('a', shared), server('b', shared)]
    serve(a, b)
    const { stream, request } = await legacyAgent()
    const uri = 'gatehouse-resource://b/x%3A%2F%2Fboth'
    await request('resources/subscribe', { uri })
    expect([a.subscribers.size, b.subscribers.size]).toEqual([0, 1])
    changeResource(b, 'x://both')
    expect(await stream.next()).toEqual(told('resources/updated', { uri }))
    changeResource(b, 'x://both', '{"uri":"x://both/part"}')
    expect(await stream.next()).toEqual(told('resources/updated', { uri: `${uri}%2Fpart` }))
  })

  it('is told on the modern stream that named it, with its own id in place of the upstream’s', async () => {
    const notes = server('notes', { resources: itemList('uri', 'x://a', 'x://b') })
    serve(notes, server('other'))
    const stream = await listen({ resourceSubscriptions: ['x://a', 'y://unknown'] })
    expect(await stream.next()).toEqual(acknowledged({ resourceSubscriptions: ['x://a'] }))
    const meta = '"_meta":{"io.modelcontextprotocol/subscriptionId":7,"traceparent":"00-1"}'
    changeResource(notes, 'x://a', `{${meta},"uri":"x://a"}`)
    expect(await stream.next()).toEqual(
      told('resources/updated', {
        uri: 'x://a',
        _meta: { 'io.modelcontextprotocol/subscriptionId': 'mine', traceparent: '00-1' },
      }),
    )
    stream.close()
    await vi.waitFor(() => expect(notes.subscribers.size).toBe(0))
    const ended = await listen({ resourceSubscriptions: ['x://a'] })
    await ended.next()
    gateway.gateway.endSessionsOf('one')
    expect(notes.subscribers.size).toBe(0)
  })

  it('has no id of the upstream’s stream for a legacy agent', async () => {
    const notes = server('notes', { resources: itemList('uri', 'x://a') })
    serve(notes)
    const { stream, request } = await legacyAgent({ path: '/mcp/notes' })
    await request('resources/subscribe', { uri: 'x://a' })
    changeResource(notes, 'x://a', '{"uri":"x://a","_meta":{"io.modelcontextprotocol/subscriptionId":7}}')
    expect(await stream.next()).toEqual(told('resources/updated', { uri: 'x://a' }))
  })

  it('is still told after the integration was disabled and enabled again', async () => {
    const resources = itemList('uri', 'x://a')
    const before = server('notes', { resources })
    const other = server('other')
    serve(before, other)
    const { stream, request } = await legacyAgent()
    await request('resources/subscribe', { uri: 'x://a' })
    serve(other)
    await vi.waitFor(() => expect(before.subscribers.size).toBe(0))
    const after = server('notes', { resources })
    serve(other, after)
    await vi.waitFor(() => expect(after.subscribers.size).toBe(1))
    changeResource(after, 'x://a')
    let heard = await stream.next()
    while (heard?.method?.endsWith('list_changed') === true) heard = await stream.next()
    expect(heard).toEqual(told('resources/updated', { uri: 'x://a' }))
  })

  it('is not told any more to whom a profile hides the integration', async () => {
    const notes = server('notes', { resources: itemList('uri', 'x://a') })
    serve(notes)
    const { request } = await legacyAgent()
    await request('resources/subscribe', { uri: 'x://a' })
    gateway.changeAgent('one', { profile: profileOf({ integrations: [] }) })
    await vi.waitFor(() => expect(notes.subscribers.size).toBe(0))
  })

  it('reaches an agent once for very many', async () => {
    const notes = server('notes', { resources: itemList('uri', 'x://a') })
    serve(notes)
    const { stream, request } = await legacyAgent()
    await request('resources/subscribe', { uri: 'x://a' })
    for (let index = 0; index < 10_000; index++) changeResource(notes, 'x://a')
    expect(await stream.next()).toEqual(told('resources/updated', { uri: 'x://a' }))
    markEnd(notes)
    expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  })

  it('cannot be subscribed to where nobody tells of it, or without end', async () => {
    const quiet = server('quiet', { capabilities: { resources: {} }, resources: itemList('uri', 'x://quiet') })
    serve(quiet, server('notes', { templates: itemList('uriTemplate', 'n://{id}') }))
    const { request } = await legacyAgent()
    expect((await request('resources/subscribe', { uri: 'x://quiet' })).error.code).toBe(-32601)
    expect((await request('resources/subscribe', { uri: 'y://none' })).error.code).toBe(-32002)
    expect((await request('resources/subscribe', {})).error.code).toBe(-32602)
    expect((await request('resources/unsubscribe', {})).error.code).toBe(-32602)
    const uris = Array.from({ length: 1_000 }, (_, index) => `n://${index}`)
    await Promise.all(uris.map((uri) => request('resources/subscribe', { uri })))
    expect((await request('resources/subscribe', { uri: 'n://one-more' })).error.code).toBe(-32600)
    const many = modern('subscriptions/listen', { notifications: { resourceSubscriptions: [...uris, 'n://more'] } })
    expect((await gateway.post(many.body, { headers: many.headers })).json.error.code).toBe(-32602)
    // Each is kept as long as the session lives.
    const long = `n://${'x'.repeat(8_192)}`
    expect((await request('resources/subscribe', { uri: long })).error.code).toBe(-32602)
    const longest = modern('subscriptions/listen', { notifications: { resourceSubscriptions: [long] } })
    expect((await gateway.post(longest.body, { headers: longest.headers })).json.error.code).toBe(-32602)
    const wrong = modern('subscriptions/listen', { notifications: { resourceSubscriptions: [1] } })
    expect((await gateway.post(wrong.body, { headers: wrong.headers })).json.error.code).toBe(-32602)
  })
})

describe('what a server says to nobody in particular', () => {
  const log = serverSays('notifications/message', '{"level":"info","logger":"db","data":"x"}')

  it('is for the sessions that are shown this server', async () => {
    const [notes, other] = [server('notes'), server('other')]
    serve(notes, other)
    gateway.changeAgent('two', { profile: profileOf({ integrations: ['other'] }) })
    const [all, own, elsewhere, hidden] = [
      await legacyAgent(),
      await legacyAgent({ path: '/mcp/notes' }),
      await legacyAgent({ path: '/mcp/other' }),
      await legacyAgent({ token: 'token-two' }),
    ]
    gateway.gateway.said(notes, log)
    const message = { level: 'info', logger: 'db', data: 'x' }
    expect(await all.stream.next()).toEqual(told('message', { ...message, logger: 'notes/db' }))
    expect(await own.stream.next()).toEqual(told('message', message))
    markEnd(other)
    for (const { stream } of [elsewhere, hidden]) {
      expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
    }
  })

  it('is passed on only on its own endpoint where nobody knows what it is, and not where it is about one agent', async () => {
    const notes = server('notes')
    serve(notes)
    const [all, own] = [await legacyAgent(), await legacyAgent({ path: '/mcp/notes' })]
    gateway.gateway.said(notes, serverSays('notifications/tasks/status', '{"taskId":"t"}'))
    gateway.gateway.said(notes, serverSays('notifications/elicitation/complete', '{"elicitationId":"e"}'))
    gateway.gateway.said(notes, serverSays('notifications/vendor/thing', '{"x":1}'))
    expect(await own.stream.next()).toEqual(told('vendor/thing', { x: 1 }))
    markEnd(notes)
    expect(await all.stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  })
})
