import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Era, UpstreamAnswer, UpstreamRequest } from '../../../src/main/upstream/upstream.ts'
import {
  fakeUpstream,
  itemList,
  modern,
  result,
  rpcError,
  served,
  startGateway,
  toolsNamed,
  type Answer,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream } from './open-stream.ts'

const ERAS = ['legacy', 'modern'] as const
const PAIRS = ERAS.flatMap((agent) => ERAS.map((upstream) => [agent, upstream] as const))
const SERVER_INFO = 'io.modelcontextprotocol/serverInfo'

let gateway: TestGateway

beforeEach(async () => {
  gateway = await startGateway([])
})
afterEach(() => gateway.close())

function serve(era: Era, answer: (request: UpstreamRequest) => Promise<UpstreamAnswer> | UpstreamAnswer): FakeUpstream {
  const upstream = fakeUpstream('lab', toolsNamed('work'), {
    era,
    answer,
    offer: {
      prompts: itemList('name', 'greet'),
      resources: itemList('uri', 'file:///r', 'file:///ü'),
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
    },
  })
  gateway.integrations = [served(upstream)]
  gateway.gateway.invalidate('default')
  return upstream
}

const headerValue = (value: string) =>
  /^[\x20-\x7e]*$/.test(value) ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`

/** One request of an agent of this era; `params` may be JSON text without the braces. */
async function ask(era: Era, method: string, params: object | string = {}, path = '/mcp'): Promise<Answer> {
  const given = typeof params === 'string' ? params : JSON.stringify(params).slice(1, -1)
  if (era === 'legacy') {
    const headers = { 'Mcp-Session-Id': await gateway.initialize({ path }) }
    return gateway.post(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":{${given}}}`, { path, headers })
  }
  const { body, headers } = modern(method)
  const meta = JSON.stringify(body.params).slice(1, -1)
  const { name, uri } = JSON.parse(`{${given}}`) as { name?: string; uri?: string }
  const named = name ?? uri
  if (named !== undefined) headers['Mcp-Name'] = headerValue(named)
  const members = given === '' ? meta : `${given},${meta}`
  return gateway.post(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":{${members}}}`, { path, headers })
}

describe.each(PAIRS)('a %s agent and a %s upstream', (agent, upstream) => {
  const complete = upstream === 'modern' ? ',"resultType":"complete"' : ''

  it.each([
    [
      'prompts/get',
      '"name":"lab__greet","arguments":{"n":1.50}, "later":[ ]',
      '"name":"greet","arguments":{"n":1.50}',
      'greet',
    ],
    [
      'resources/read',
      '"uri":"file:///r","later":12345678901234567890',
      '"uri":"file:///r","later":12345678901234567890',
      'file:///r',
    ],
    [
      'completion/complete',
      '"ref":{"type":"ref/prompt","name":"lab__greet","x":1.50},"argument":{"name":"a","value":"b"}',
      '"ref":{"type":"ref/prompt","name":"greet","x":1.50},"argument":{"name":"a","value":"b"}',
      undefined,
    ],
  ])('get what %s is for, byte for byte', async (method, params, expected, name) => {
    const text = `{"a":{"n":1.50},"later":12345678901234567890${complete}}`
    const lab = serve(upstream, () => result(text))
    const answer = await ask(agent, method, params)
    expect(lab.received).toMatchObject([{ method, name, params: expect.stringContaining(expected) as string }])
    expect(answer.text).toContain('"a":{"n":1.50},"later":12345678901234567890')
    if (agent === 'legacy') expect(Object.keys(answer.json.result)).toEqual(['a', 'later'])
    else expect(answer.json.result.resultType).toBe('complete')
    expect(gateway.calls).toEqual([])
  })

  it('carry a method that nobody knows on the endpoint of the server alone', async () => {
    const lab = serve(upstream, () => result(`{"ok":1.50${complete}}`))
    const own = await ask(agent, 'vendor/do', '"n":1.50', '/mcp/lab')
    expect(own.text).toContain('"ok":1.50')
    expect(lab.received[0]?.params).toContain('"n":1.50')
    const { status, json } = await ask(agent, 'vendor/do')
    expect([status, json.error.code]).toEqual([agent === 'modern' ? 404 : 200, -32601])
    expect(lab.received).toHaveLength(1)
  })

  it('have progress and cancellation for it as for a call', async () => {
    const ended = vi.fn()
    serve(upstream, (request) => {
      const params = '{"progressToken":1,"progress":0.5}'
      request.onProgress?.({ value: JSON.parse(params) as Record<string, unknown>, bytes: Buffer.from(params) })
      return new Promise((_resolve, reject) => {
        request.signal?.addEventListener('abort', () => {
          ended()
          reject(new Error('cancelled'))
        })
      })
    })
    const meta = { _meta: { progressToken: 't' } }
    const { body, headers } = modern('prompts/get', { name: 'lab__greet', ...(agent === 'modern' && meta) })
    const session = agent === 'legacy' ? await gateway.initialize() : ''
    const legacy = { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name: 'lab__greet', ...meta } }
    const stream = await openStream(
      gateway,
      'POST',
      '/mcp',
      agent === 'modern' ? headers : { 'Mcp-Session-Id': session },
      JSON.stringify(agent === 'modern' ? body : legacy),
    )
    expect(await stream.next()).toMatchObject({ params: { progressToken: 't', progress: 0.5 } })
    if (agent === 'modern') stream.close()
    else {
      const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
      await gateway.post(cancelled, { headers: { 'Mcp-Session-Id': session } })
      expect(await stream.next()).toMatchObject({ error: { code: -32800 } })
    }
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce())
    stream.close()
  })

  it('say what is not there in the code of the agent’s revision', async () => {
    const asked = agent === 'modern' ? -32602 : -32002
    const code = upstream === 'modern' ? -32602 : -32002
    const lab = serve(upstream, () =>
      rpcError(`{"code":${code},"message":"gone \\u20ac","data":{"uri":"file:///r","n":1.50}}`),
    )
    const { json, text } = await ask(agent, 'resources/read', { uri: 'file:///r' })
    expect(json.error.code).toBe(asked)
    expect(text).toContain('"message":"gone \\u20ac","data":{"uri":"file:///r","n":1.50}')
    const unknown = await ask(agent, 'resources/read', { uri: 'gatehouse-resource://nobody/x%3A' })
    expect(unknown.json.error).toMatchObject({ code: asked, data: { uri: 'gatehouse-resource://nobody/x%3A' } })
    expect(lab.received).toHaveLength(1)
  })

  it('keep the code of every other error', async () => {
    serve(upstream, () => rpcError('{"code":-32602,"message":"no such argument"}'))
    expect((await ask(agent, 'resources/read', { uri: 'file:///r' })).json.error.code).toBe(-32602)
    expect((await ask(agent, 'prompts/get', { name: 'lab__greet' })).json.error.code).toBe(-32602)
  })
})

describe('a modern agent', () => {
  it('hears of a read from a legacy server how long it may be kept, unless the server said so', async () => {
    serve('legacy', () => result('{"contents":[]}'))
    const { json } = await ask('modern', 'resources/read', { uri: 'file:///r' })
    expect(json.result).toEqual({
      contents: [],
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      _meta: { [SERVER_INFO]: expect.objectContaining({ name: 'gatehouse' }) as object },
    })
    serve('legacy', () => result('{"contents":[],"ttlMs":5,"_meta":{"x":1}}'))
    const own = await ask('modern', 'resources/read', { uri: 'file:///r' })
    expect(own.json.result).toMatchObject({ ttlMs: 5, cacheScope: 'private', _meta: { x: 1 } })
    expect(own.text.match(/ttlMs/g)).toHaveLength(1)
  })

  it('names a resource that no header can carry in base64', async () => {
    const lab = serve('modern', () => result('{"contents":[],"resultType":"complete"}'))
    expect((await ask('modern', 'resources/read', { uri: 'file:///ü' })).status).toBe(200)
    expect(lab.received).toMatchObject([{ name: 'file:///ü' }])
  })

  it.each([
    ['prompts/get', { name: 'lab__greet' }],
    ['resources/read', { uri: 'file:///r' }],
  ])('must name in a header what it wants of %s', async (method, params) => {
    const lab = serve('modern', () => result('{}'))
    for (const name of [undefined, 'another', '=?base64?%?=']) {
      const { body, headers } = modern(method, params)
      const { 'Mcp-Name': _own, ...others } = headers
      const sent = name === undefined ? others : { ...others, 'Mcp-Name': name }
      const { status, json } = await gateway.post(body, { headers: sent })
      expect([status, json.error.code]).toEqual([400, -32020])
    }
    expect(lab.received).toEqual([])
  })

  it.each([
    [-32020, 400, -32020],
    [-32021, 400, -32021],
    [-32022, 200, -32603],
  ])('gets the error %i of a modern server with status %i', async (code, status, told) => {
    serve('modern', () => rpcError(`{"code":${code},"message":"no","data":{"x":1}}`))
    const answer = await ask('modern', 'tools/call', { name: 'lab__work' })
    expect([answer.status, answer.json.error]).toEqual([status, { code: told, message: 'no', data: { x: 1 } }])
  })

  it('sends notifications that nobody knows to the server on its own endpoint', async () => {
    const lab = serve('modern', () => result('{}'))
    const notification = (method: string) => ({ jsonrpc: '2.0', method, params: modern(method, { n: 1 }).body.params })
    for (const [method, path] of [
      ['notifications/vendor', '/mcp'],
      ['notifications/cancelled', '/mcp/lab'],
      ['notifications/vendor', '/mcp/lab'],
    ] as const) {
      const headers = { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': method }
      expect((await gateway.post(notification(method), { path, headers })).status).toBe(202)
    }
    await vi.waitFor(() =>
      expect(lab.received).toEqual([{ method: 'notifications/vendor', name: undefined, params: '{"n":1,"_meta":{}}' }]),
    )
  })
})

describe.each(ERAS)('a %s agent', (agent) => {
  it('gets no request to the server by leaving out its id', async () => {
    const lab = serve(agent, () => result('{}'))
    gateway.integrations = [served(lab, { disabledTools: ['work'] })]
    gateway.gateway.invalidate('default')
    const session = agent === 'legacy' ? await gateway.initialize({ path: '/mcp/lab' }) : ''
    const send = async (method: string): Promise<void> => {
      const { body, headers } = modern(method, { name: 'work' })
      const { id: _none, ...rest } = body
      const own = agent === 'legacy' ? { 'Mcp-Session-Id': session } : headers
      const sent = agent === 'legacy' ? { ...rest, params: { name: 'work' } } : rest
      expect((await gateway.post(sent, { path: '/mcp/lab', headers: own })).status).toBe(202)
    }
    for (const method of ['tools/call', 'tasks/result', 'vendor/do', 'notifications/vendor']) await send(method)
    await vi.waitFor(() => expect(lab.received).toMatchObject([{ method: 'notifications/vendor' }]))
  })
})

describe('a legacy agent', () => {
  it.each([
    [-32020, -32603],
    [-32021, -32600],
    [-32022, -32603],
  ])('gets the error %i of a modern server as %i, which it knows', async (code, told) => {
    serve('modern', () => rpcError(`{"code":${code},"message":"no","data":{"x":1}}`))
    const { json } = await ask('legacy', 'tools/call', { name: 'lab__work' })
    expect(json.error).toEqual({ code: told, message: 'no', data: { x: 1 } })
  })

  it('that names a version nobody knows hears which there are', async () => {
    const headers = { 'Mcp-Session-Id': await gateway.initialize(), 'MCP-Protocol-Version': '2099-01-01' }
    const { status, json } = await gateway.post({ jsonrpc: '2.0', id: 1, method: 'ping' }, { headers })
    expect([status, json.id, json.error.code]).toEqual([400, 1, -32022])
    expect(json.error.data).toEqual({
      supported: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'],
      requested: '2099-01-01',
    })
  })

  it('can still answer and cancel when its integration is gone', async () => {
    serve('legacy', () => result('{}'))
    const headers = { 'Mcp-Session-Id': await gateway.initialize({ path: '/mcp/lab' }) }
    gateway.integrations = []
    gateway.gateway.invalidate('default')
    const send = (body: object) => gateway.post(body, { path: '/mcp/lab', headers })
    expect((await send({ jsonrpc: '2.0', id: 7, result: {} })).status).toBe(202)
    expect((await send({ jsonrpc: '2.0', method: 'notifications/vendor' })).status).toBe(202)
    expect((await send({ jsonrpc: '2.0', id: 1, method: 'vendor/do' })).status).toBe(404)
  })
})
