import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseItemList } from '../../../src/main/upstream/item-list.ts'
import type { Offer } from '../../../src/main/upstream/offer.ts'
import {
  fakeUpstream,
  itemList,
  modern,
  profileOf,
  served,
  startGateway,
  toolsNamed,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'

let gateway: TestGateway
let session: string
beforeEach(async () => {
  gateway = await startGateway([])
})
afterEach(() => gateway.close())

const withEverything = { tools: {}, prompts: {}, resources: {} }

async function serve(...upstreams: FakeUpstream[]): Promise<void> {
  gateway.integrations = upstreams.map((upstream) => served(upstream))
  gateway.gateway.invalidate('default')
  session = await gateway.initialize()
}

function server(slug: string, offer: Partial<Offer>): FakeUpstream {
  return fakeUpstream(slug, '', { offer: { capabilities: withEverything, ...offer } })
}

/** Asks in both eras and gives both results, once they are the same but for what only the modern one has. */
async function ask(method: string, params: Record<string, unknown> = {}, path = '/mcp') {
  const own = path === '/mcp' ? session : await gateway.initialize({ path })
  const body = { jsonrpc: '2.0', id: 1, method, params }
  const legacy = await gateway.post(body, { path, headers: { 'Mcp-Session-Id': own } })
  const asked = modern(method, params)
  const answer = await gateway.post(asked.body, { path, headers: asked.headers })
  return { legacy, modern: answer }
}

/** Names, URIs or templates in a list, which is the same in both eras. */
async function keys(method: string, member: string, path = '/mcp'): Promise<unknown[]> {
  const { legacy, modern: answer } = await ask(method, {}, path)
  const list = legacy.json.result[member] as Record<string, unknown>[]
  expect(answer.json.result[member]).toEqual(list)
  return list.map(({ name, uri, uriTemplate }) => uriTemplate ?? uri ?? name)
}

describe('lists of prompts and resources', () => {
  it('carry in each era what that era has, and all that the server wrote', async () => {
    const prompt = '{ "title":"Ü", "name" : "ask","x-vendor":{"n":1.0e400},"arguments":[] }'
    await serve(server('notes', { prompts: parseItemList('prompts', `[${prompt}]`) }))
    const { legacy, modern: answer } = await ask('prompts/list')
    const renamed = prompt.replace('"ask"', '"notes__ask"')
    expect(legacy.text).toBe(`{"jsonrpc":"2.0","id":1,"result":{"prompts":[${renamed}]}}`)
    expect(answer.text).toContain(`"prompts":[${renamed}]`)
    expect(answer.json.result).toMatchObject({ resultType: 'complete', cacheScope: 'private' })
    expect(answer.json.result.ttlMs).toBeTypeOf('number')
    const own = await ask('prompts/list', {}, '/mcp/notes')
    expect(own.legacy.text).toBe(`{"jsonrpc":"2.0","id":1,"result":{"prompts":[${prompt}]}}`)
  })

  it('are those of all integrations on /mcp, in the order of slug and server, and of one on /mcp/<slug>', async () => {
    await serve(
      server('b', {
        prompts: itemList('name', 'z', 'a'),
        resources: itemList('uri', 'x://b', 'x://both'),
        templates: itemList('uriTemplate', 'x://{b}', 'x://both/{id}'),
      }),
      server('a', {
        prompts: itemList('name', 'z'),
        resources: itemList('uri', 'x://both'),
        templates: itemList('uriTemplate', 'x://both/{id}'),
      }),
    )
    expect(await keys('prompts/list', 'prompts')).toEqual(['a__z', 'b__z', 'b__a'])
    expect(await keys('prompts/list', 'prompts', '/mcp/b')).toEqual(['z', 'a'])
    expect(await keys('resources/list', 'resources')).toEqual([
      'gatehouse-resource://a/x%3A%2F%2Fboth',
      'x://b',
      'gatehouse-resource://b/x%3A%2F%2Fboth',
    ])
    expect(await keys('resources/list', 'resources', '/mcp/b')).toEqual(['x://b', 'x://both'])
    expect(await keys('resources/templates/list', 'resourceTemplates')).toEqual([
      'gatehouse-resource://a/x://both/{id}',
      'x://{b}',
      'gatehouse-resource://b/x://both/{id}',
    ])
  })

  it('show what the profile shows, and route nothing else', async () => {
    const secret = { prompts: itemList('name', 'ask'), resources: itemList('uri', 'x://secret') }
    await serve(server('open', { prompts: itemList('name', 'ask') }), server('secret', secret))
    gateway.changeAgent('one', { profile: profileOf({ integrations: ['open'] }) })
    expect(await keys('prompts/list', 'prompts')).toEqual(['open__ask'])
    expect(await keys('resources/list', 'resources')).toEqual([])
    const prompt = await ask('prompts/get', { name: 'secret__ask' })
    expect(prompt.legacy.json.error).toEqual({ code: -32602, message: 'Prompt secret__ask not found' })
    expect(prompt.modern.json.error).toEqual(prompt.legacy.json.error)
    const uri = 'gatehouse-resource://secret/x%3A%2F%2Fsecret'
    expect((await ask('resources/read', { uri })).legacy.json.error).toMatchObject({ code: -32002, data: { uri } })
  })

  it('are asked for anew where the server does not tell of changes', async () => {
    const notes = server('notes', {})
    await serve(notes)
    await ask('prompts/list')
    await ask('resources/templates/list', {}, '/mcp/notes')
    expect(notes.freshened).toEqual(['prompts', 'prompts', 'templates', 'templates'])
  })

  it('are no method of a server that has none, and empty on /mcp', async () => {
    await serve(fakeUpstream('plain', toolsNamed('read'), { offer: { capabilities: { tools: {} } } }))
    const own = await ask('prompts/list', {}, '/mcp/plain')
    expect(own.legacy.json.error.code).toBe(-32601)
    expect([own.modern.status, own.modern.json.error.code]).toEqual([404, -32601])
    expect(await keys('prompts/list', 'prompts')).toEqual([])
  })

  it('refuse a cursor that is none of theirs', async () => {
    await serve(server('notes', { prompts: itemList('name', 'ask') }))
    for (const method of ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']) {
      const { legacy, modern: answer } = await ask(method, { cursor: 'x' })
      expect([legacy.json.error.code, answer.json.error.code]).toEqual([-32602, -32602])
    }
  })

  it('come in pages when they are large, and every one of 100,000 tools is in one', { timeout: 120_000 }, async () => {
    const rest = `"description":"${'x'.repeat(150)}","inputSchema":{"type":"object"}`
    const tools = Array.from({ length: 100_000 }, (_, index) => `{"name":"t${index}",${rest}}`)
    gateway.integrations = [served(fakeUpstream('many', `[${tools.join(',')}]`))]
    gateway.gateway.invalidate('default')
    session = await gateway.initialize()
    const names = new Set<string>()
    let cursor: unknown
    let pages = 0
    do {
      const { body, headers } = modern('tools/list', cursor === undefined ? {} : { cursor })
      const { json, text } = await gateway.post(body, { headers })
      expect(text.length).toBeLessThan(9 * 1024 * 1024)
      for (const { name } of json.result.tools as { name: string }[]) names.add(name)
      cursor = json.result.nextCursor
      pages++
    } while (cursor !== undefined && pages < 100)
    expect(pages).toBe(3)
    expect(names.size).toBe(100_001)
  })
})

describe('what an endpoint says that it can do', () => {
  const openings = async (path = '/mcp') => {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } }
    const legacy = await gateway.post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }, { path })
    const { body, headers } = modern('server/discover')
    const discovered = await gateway.post(body, { path, headers })
    return { legacy: legacy.json.result, modern: discovered.json.result }
  }
  const tasksExtension = { 'io.modelcontextprotocol/tasks': {} }

  it('is what one of the servers can, on /mcp', async () => {
    const tasks = { list: {}, requests: { tools: { call: {} } } }
    await serve(
      server('a', { capabilities: { prompts: {}, logging: {}, experimental: { x: {} }, tasks } }),
      server('b', { capabilities: { resources: { subscribe: true }, tasks: { cancel: {} } } }),
      server('c', { capabilities: { completions: {}, extensions: { ...tasksExtension, 'vendor/x': {} } } }),
    )
    const both = {
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      completions: {},
      logging: {},
    }
    const { legacy, modern: discovered } = await openings()
    expect(legacy.capabilities).toEqual({ ...both, tasks: { ...tasks, cancel: {} } })
    expect(discovered.capabilities).toEqual({ ...both, extensions: tasksExtension })
  })

  it('is what the server can, on /mcp/<slug>, as far as it means something to the era', async () => {
    const declared = {
      tools: { 'x-own': 1 },
      prompts: {},
      experimental: { x: {} },
      tasks: {},
      extensions: { ...tasksExtension, 'vendor/x': {} },
    }
    await serve(server('a', { capabilities: declared }), server('unknown', { capabilities: {} }))
    const { legacy, modern: discovered } = await openings('/mcp/a')
    const changes = { listChanged: true }
    const both = { tools: { 'x-own': 1, ...changes }, prompts: changes, experimental: { x: {} } }
    expect(legacy.capabilities).toEqual({ ...both, tasks: {}, extensions: { 'vendor/x': {} } })
    expect(discovered.capabilities).toEqual({ ...both, extensions: declared.extensions })
    expect((await openings('/mcp/unknown')).legacy.capabilities).toEqual({ tools: changes })
  })

  it('has the instructions of each server under a heading, unless a setting leaves them out', async () => {
    await serve(server('notes', { instructions: '  Be brief.\n' }), server('silent', {}))
    gateway.integrations = gateway.integrations.map((each) => ({ ...each, displayName: 'My\nnotes' }))
    gateway.gateway.invalidate('default')
    const { legacy, modern: discovered } = await openings()
    expect(legacy.instructions).toMatch(/^Gatehouse serves .*\n\n## My notes \(notes\)\nBe brief\.$/)
    expect(discovered.instructions).toBe(legacy.instructions)
    gateway.mergesInstructions = false
    expect((await openings()).legacy.instructions).toMatch(/^Gatehouse serves .*notes, silent\.$/)
    expect((await openings('/mcp/notes')).modern.instructions).toBe('  Be brief.\n')
    expect(Object.keys((await openings('/mcp/silent')).legacy)).not.toContain('instructions')
  })

  it('cuts long instructions on /mcp between two characters', async () => {
    const long = 'ü'.repeat(2_000)
    await serve(server('notes', { instructions: long }))
    const { legacy } = await openings()
    const text = String(legacy.instructions).split('## notes\n')[1] ?? ''
    expect(text).toMatch(/^ü+…$/)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_048)
    expect(Buffer.byteLength(text)).toBeGreaterThan(2_040)
    expect((await openings('/mcp/notes')).legacy.instructions).toBe(long)
  })
})
