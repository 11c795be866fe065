import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { McpSettings } from '../../../src/shared/contract/integrations.ts'
import type { Principal, ServerNotification, Upstream } from '../../../src/main/upstream/upstream.ts'
import { startScriptedHttpServer } from '../../servers/scripted-http-server.ts'
import { Agent } from './agents.ts'
import { call, connected, Harness, modernHttp, http, stdio, until } from './harness.ts'

const file = path.join(fileURLToPath(new URL('../../servers/', import.meta.url)), 'offering-server.ts')
const prompts = { prompts: [{ name: 'p', 'x-vendor': 1 }] }
const resources = { resources: [{ uri: 'a://b', name: 'b' }] }
const templates = { resourceTemplates: [{ uriTemplate: 'a://{x}', name: 'x' }] }
const everything = { tools: {}, prompts: {}, resources: {}, logging: {} }

let test: Harness
afterEach(async () => {
  await test.close()
  expect(test.processes()).toEqual([])
})

function offering(script: object): McpSettings {
  return stdio(process.execPath, [file, JSON.stringify(script), test.mark])
}

/** Methods with their params, oldest first; of the principal's own connection where one is given. */
async function asked(upstream: Upstream, principal?: Principal): Promise<{ method: string; params?: unknown }[]> {
  const session = await upstream.session({ principal })
  return JSON.parse((await call(session, 'asked')).text) as { method: string; params?: unknown }[]
}

async function countOf(upstream: Upstream, method: string): Promise<number> {
  return (await asked(upstream)).filter((message) => message.method === method).length
}

/** Waits until the server was asked this so often. */
async function untilAsked(upstream: Upstream, method: string, count = 1): Promise<void> {
  for (let tries = 0; (await countOf(upstream, method)) < count; tries++) {
    if (tries > 500) throw new Error(`${method} was not asked ${count} times`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function say(upstream: Upstream, ...messages: object[]): Promise<void> {
  await call(await upstream.session(), 'say', { messages })
}

async function answer(upstream: Upstream, method: string, result: unknown): Promise<void> {
  await call(await upstream.session(), 'answer', { method, result })
}

describe('what a server offers', () => {
  it('is listed after the tools, with its capabilities and instructions', async () => {
    test = new Harness()
    const answers = { 'prompts/list': prompts, 'resources/list': resources, 'resources/templates/list': templates }
    const capabilities = { ...everything, experimental: { x: 1 } }
    const upstream = test.start(offering({ capabilities, instructions: 'Ask first.', answers }))
    await connected(upstream)
    expect(upstream.offer).toMatchObject({ capabilities, instructions: 'Ask first.' })
    await until(() => upstream.offer.templates.items.length === 1)
    expect(upstream.offer.prompts.items.map(({ key, text }) => [key, text])).toEqual([
      ['p', '{"name":"p","x-vendor":1}'],
    ])
    expect(upstream.offer.resources.items[0]?.key).toBe('a://b')
    expect(upstream.offer.templates.items[0]?.key).toBe('a://{x}')
    expect(upstream.connection.warnings).toEqual([])
    const events = test.pool
      .output(upstream.id)
      .lines()
      .map(({ text }) => text)
    expect(events.filter((text) => /^(Found|The list)/.test(text))).toEqual([
      'Found 1 prompt.',
      'Found 1 resource.',
      'Found 1 resource template.',
    ])
  })

  it('is connected before its other lists are there, however long they take', async () => {
    test = new Harness()
    const upstream = test.start(offering({ capabilities: everything, answers: { 'prompts/list': null } }))
    await connected(upstream)
    expect((await call(await upstream.session(), 'asked')).kind).toBe('result')
  })

  it.each([
    ['no such method', -32601],
    ['an internal error', 'No handler'],
  ])('is empty with a warning where a list that is declared fails with %s', async (_case, failure) => {
    test = new Harness()
    const answers = { 'prompts/list': failure, 'resources/list': failure }
    const upstream = test.start(offering({ capabilities: everything, answers }))
    await connected(upstream)
    await until(() => upstream.connection.warnings.length === 2)
    expect(upstream.connection).toMatchObject({ state: 'connected', error: null })
    expect(upstream.connection.warnings.join()).toMatch(/refused prompts\/list: .*refused resources\/list: /)
    expect(upstream.offer.prompts.items).toEqual([])
  })

  it('is what was known, with a warning, where a list is never answered', async () => {
    test = new Harness({ callTimeoutMs: 2_000 })
    const known = test.start(offering({ capabilities: everything, answers: { 'prompts/list': prompts } }))
    await until(() => known.offer.prompts.items.length === 1)
    const silent = offering({
      capabilities: everything,
      answers: { 'prompts/list': null, 'resources/list': resources },
    })
    const upstream = test.start(silent, { slug: 'silent', lastKnown: known.offer })
    await until(() => upstream.connection.warnings.length > 0)
    expect(upstream.connection.warnings[0]).toContain('Its prompts may have changed, but could not be listed')
    expect(upstream.offer.prompts.items).toHaveLength(1)
    await until(() => upstream.offer.resources.items.length === 1)
  })

  it('is not asked for where it is not declared, and what was known of it is gone', async () => {
    test = new Harness()
    const known = test.start(offering({ capabilities: everything, answers: { 'prompts/list': prompts } }))
    await until(() => known.offer.prompts.items.length === 1)
    const bare = test.start(offering({ capabilities: { tools: {} } }), { slug: 'bare', lastKnown: known.offer })
    await connected(bare)
    expect(bare.offer.prompts.items).toEqual([])
    const methods = (await asked(bare)).map(({ method }) => method)
    expect(methods.filter((method) => method.endsWith('/list'))).toEqual(['tools/list'])
  })

  it('is listed again when the server says so, and told once', async () => {
    test = new Harness()
    const capabilities = { tools: {}, prompts: { listChanged: true } }
    const early = [{ method: 'notifications/prompts/list_changed' }, { method: 'notifications/tools/list_changed' }]
    const answers = { 'prompts/list': prompts }
    const upstream = test.start(offering({ capabilities, answers, early }))
    await until(() => upstream.offer.prompts.items.length === 1)
    await answer(upstream, 'prompts/list', { prompts: [{ name: 'p' }, { name: 'q' }] })
    await say(upstream, ...Array.from({ length: 500 }, () => ({ method: 'notifications/prompts/list_changed' })))
    await until(() => upstream.offer.prompts.items.length === 2)
    expect(await countOf(upstream, 'prompts/list')).toBeLessThanOrEqual(5)
  })

  it('is asked for again where a server announces changes and has no stream to tell them', async () => {
    test = new Harness()
    const server = await startScriptedHttpServer(() => '"result":{"content":[]}', { tools: { listChanged: true } })
    try {
      const upstream = test.start(http(server.url))
      await connected(upstream)
      const before = server.lists()
      const deadline = performance.now() + 40_000
      while (server.lists() === before && performance.now() < deadline) {
        upstream.freshen('tools')
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      expect(server.lists()).toBe(before + 1)
    } finally {
      await server.close()
    }
  })

  it('is asked for again where the server does not tell, when somebody asks for what is old', async () => {
    test = new Harness()
    const upstream = test.start(offering({ capabilities: everything, answers: { 'prompts/list': prompts } }))
    await until(() => upstream.offer.prompts.items.length === 1)
    await answer(upstream, 'prompts/list', { prompts: [] })
    upstream.freshen('prompts') // it is not old
    await untilAsked(upstream, 'resources/templates/list')
    expect(await countOf(upstream, 'prompts/list')).toBe(1)
    const deadline = performance.now() + 40_000
    while (upstream.offer.prompts.items.length > 0 && performance.now() < deadline) {
      upstream.freshen('prompts')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(upstream.offer.prompts.items).toEqual([])
    expect(await countOf(upstream, 'prompts/list')).toBe(2)
  })
})

describe('what agents wish to hear', () => {
  const capabilities = { ...everything, resources: { subscribe: true } }
  const answers = { 'resources/subscribe': {}, 'resources/unsubscribe': {}, 'logging/setLevel': {} }
  const updated = (uri: string) => ({ method: 'notifications/resources/updated', params: { uri } })

  function listener() {
    const heard: unknown[] = []
    return { heard, hear: ({ value }: ServerNotification) => void heard.push(value.uri) }
  }

  it('is subscribed to once, told to all who want it, and again after a reconnect', async () => {
    test = new Harness()
    const upstream = test.start(offering({ capabilities, answers }))
    const [one, two, other] = [listener(), listener(), listener()]
    const release = upstream.subscribe('a://b', one.hear)
    await connected(upstream)
    upstream.subscribe('a://b', two.hear)
    expect(await upstream.subscribe('a://c', other.hear).active).toBeUndefined()
    expect(await countOf(upstream, 'resources/subscribe')).toBe(2)
    await say(upstream, updated('a://b'))
    await until(() => two.heard.length === 1)
    expect([one.heard, other.heard]).toEqual([['a://b'], []])

    release()
    upstream.restart()
    await until(() => two.heard.length === 2) // what changed meanwhile was not heard
    await untilAsked(upstream, 'resources/subscribe', 2)
    expect(one.heard).toHaveLength(1)
  })

  it('tells the reason where the server refuses', async () => {
    test = new Harness()
    const upstream = test.start(offering({ capabilities, answers: { 'resources/subscribe': 'Nothing there' } }))
    await connected(upstream)
    const failure = await upstream.subscribe('a://b', () => undefined).active
    expect(failure?.message).toBe('The server refused resources/subscribe: Nothing there')
  })

  it('sets the level of the log, also of the next connection, and of no server without a log', async () => {
    test = new Harness()
    const upstream = test.start(offering({ capabilities, answers }))
    upstream.wantLogLevel('warning')
    await connected(upstream)
    const release = upstream.wantLogLevel('debug')
    await untilAsked(upstream, 'logging/setLevel', 2)
    release()
    await untilAsked(upstream, 'logging/setLevel', 3)
    const levels = (await asked(upstream)).flatMap(({ method, params }) =>
      method === 'logging/setLevel' ? [params] : [],
    )
    expect(levels).toEqual([{ level: 'warning' }, { level: 'debug' }, { level: 'warning' }])

    const quiet = test.start(offering({ capabilities: { tools: {}, resources: {} } }), { slug: 'quiet' })
    await connected(quiet)
    quiet.wantLogLevel('debug')
    quiet.subscribe('a://b', () => undefined)
    await untilAsked(quiet, 'resources/templates/list')
    const methods = (await asked(quiet)).map(({ method }) => method)
    expect(methods).not.toContain('logging/setLevel')
    expect(methods).not.toContain('resources/subscribe')
  })

  it('is the wish of one agent alone where agents are kept apart, also when its connection is lost', async () => {
    test = new Harness()
    const upstream = test.start({ ...offering({ capabilities, answers }), isolation: 'per_session' })
    await connected(upstream)
    const [one, other] = [new Agent('one'), new Agent('other')]
    const heard = listener()
    upstream.subscribe('a://b', heard.hear, one.principal)
    upstream.wantLogLevel('debug', one.principal)
    const methods = async (agent?: Agent) => (await asked(upstream, agent?.principal)).map(({ method }) => method)
    for (let tries = 0; !(await methods(one)).includes('resources/subscribe'); tries++) expect(tries).toBeLessThan(500)
    expect(await methods(one)).toContain('logging/setLevel')
    for (const without of [await methods(other), await methods()]) {
      expect(without).not.toContain('resources/subscribe')
      expect(without).not.toContain('logging/setLevel')
    }
    await call(await upstream.session({ principal: other.principal }), 'say', { messages: [updated('a://b')] })
    await say(upstream, updated('a://b'))
    await call(await upstream.session({ principal: one.principal }), 'say', { messages: [updated('a://b')] })
    await until(() => heard.heard.length > 0)
    expect(heard.heard).toHaveLength(1)

    upstream.restart()
    // It is connected again without a call, to hear of the resource.
    await until(() => heard.heard.length === 2)
    expect(await methods(one)).toEqual(expect.arrayContaining(['resources/subscribe', 'logging/setLevel']))
  })

  it('what belongs to nobody is handed on', async () => {
    test = new Harness()
    const early = [{ method: 'notifications/message', params: { level: 'info', data: 'starting' } }]
    const upstream = test.start(offering({ capabilities, answers, early }))
    await connected(upstream)
    await until(() => test.heard.filter((event) => event === 'test: said notifications/message').length === 2)
  })
})

describe('a modern server', () => {
  it('tells of its resources on the stream that tells of its lists', async () => {
    test = new Harness()
    const server = await modernHttp()
    try {
      const upstream = test.start(http(server.said))
      const heard: unknown[] = []
      await connected(upstream)
      await until(() => upstream.offer.resources.items.length === 1)
      expect(upstream.offer.instructions).toBe('A server for tests.')
      await upstream.subscribe('memo://one', ({ value }) => void heard.push(value.uri)).active
      await call(await upstream.session(), 'touch', { uri: 'memo://other' })
      await call(await upstream.session(), 'touch', { uri: 'memo://one' })
      await until(() => heard.length > 0)
      expect(new Set(heard)).toEqual(new Set(['memo://one']))
      await call(await upstream.session(), 'add_tool')
      await until(() => upstream.tools.tools.some(({ name }) => name.startsWith('extra_')))
    } finally {
      await server.stop()
    }
  })
})
