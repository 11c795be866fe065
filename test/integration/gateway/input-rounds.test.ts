import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UpstreamAnswer, UpstreamRequest } from '../../../src/main/upstream/upstream.ts'
import {
  fakeUpstream,
  itemList,
  modern,
  result,
  served,
  startGateway,
  toolsNamed,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream, type OpenStream } from './open-stream.ts'

const EVERYTHING = { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} }

let gateway: TestGateway
const open: OpenStream[] = []

beforeEach(async () => {
  gateway = await startGateway([])
})
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close()
  await gateway.close()
})

interface Params {
  inputResponses?: Record<string, unknown>
  requestState?: string
}

/** A modern server with a tool, a prompt and a resource; `round` counts the requests from 1. */
function serve(answer: (params: Params, round: number, request: UpstreamRequest) => UpstreamAnswer): FakeUpstream {
  let round = 0
  const upstream = fakeUpstream('lab', toolsNamed('ask'), {
    era: 'modern',
    answer: (request) => answer(JSON.parse(request.params.toString()) as Params, ++round, request),
    offer: {
      prompts: itemList('name', 'p'),
      resources: itemList('uri', 'file:///r'),
      capabilities: { tools: {}, prompts: {}, resources: {} },
    },
  })
  gateway.integrations = [served(upstream)]
  gateway.gateway.invalidate('default')
  return upstream
}

function inputRequired(requests: Record<string, unknown> | undefined, state?: string): UpstreamAnswer {
  const members = [
    '"resultType":"input_required"',
    ...(requests === undefined ? [] : [`"inputRequests":${JSON.stringify(requests)}`]),
    ...(state === undefined ? [] : [`"requestState":${state}`]),
  ]
  return result(`{${members.join(',')}}`)
}

const done = (value: unknown) => result(JSON.stringify({ content: [], resultType: 'complete', given: value }))
const roots = { method: 'roots/list' }

async function session(capabilities: object = EVERYTHING): Promise<string> {
  const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'test', version: '0' } }
  const answer = await gateway.post({ jsonrpc: '2.0', id: 0, method: 'initialize', params })
  return String(answer.headers['mcp-session-id'])
}

function respond(id: string, body: string | object) {
  return gateway.post(body, { headers: { 'Mcp-Session-Id': id } })
}

const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'lab__ask', arguments: { a: 1 } } }

async function start(id: string, body: object = CALL): Promise<OpenStream> {
  const stream = await openStream(gateway, 'POST', '/mcp', { 'Mcp-Session-Id': id }, JSON.stringify(body))
  open.push(stream)
  return stream
}

describe('a legacy agent and a modern server that needs input', () => {
  it('is asked on the stream of its call, and the server is called again with its answer', async () => {
    const params = { message: '?', requestedSchema: { type: 'object' } }
    const upstream = serve((given, round) =>
      round === 1
        ? inputRequired({ 'k"1': { method: 'elicitation/create', params } }, '"s\\u0041 \\/"')
        : done(given.inputResponses),
    )
    const id = await session()
    const stream = await start(id)
    const asked = await stream.next()
    expect(asked).toEqual({ jsonrpc: '2.0', id: asked?.id, method: 'elicitation/create', params })
    await respond(id, `{"jsonrpc":"2.0","id":${String(asked?.id)},"result":{"action":"accept", "n":1.50}}`)
    const answer = await stream.next()
    expect(answer).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: { content: [], given: { 'k"1': { action: 'accept', n: 1.5 } } },
    })
    const again = upstream.received[1]
    expect(again).toMatchObject({ method: 'tools/call', name: 'ask' })
    expect(again?.params).toContain('"requestState":"s\\u0041 \\/"')
    expect(again?.params).toContain('"inputResponses":{"k\\"1":{"action":"accept", "n":1.50}}')
    expect(JSON.parse(again?.params ?? '')).toMatchObject({ name: 'ask', arguments: { a: 1 } })
  })

  it('may be asked several things at once, in several rounds', async () => {
    serve(({ inputResponses }, round) => {
      if (round === 1)
        return inputRequired({ a: roots, b: { method: 'sampling/createMessage', params: { n: 1 } } }, '"1"')
      if (round === 2) return inputRequired({ c: roots }, '"2"')
      return done(inputResponses)
    })
    const id = await session()
    const stream = await start(id)
    const [one, two] = [await stream.next(), await stream.next()]
    expect([one?.method, two?.method]).toEqual(['roots/list', 'sampling/createMessage'])
    await respond(id, { jsonrpc: '2.0', id: two?.id, result: {} })
    await respond(id, { jsonrpc: '2.0', id: one?.id, result: {} })
    const three = await stream.next()
    await respond(id, { jsonrpc: '2.0', id: three?.id, result: { last: true } })
    expect(await stream.next()).toMatchObject({ result: { given: { c: { last: true } } } })
    expect(gateway.calls).toHaveLength(1)
  })

  it.each([
    ['prompts/get', { name: 'lab__p' }],
    ['resources/read', { uri: 'file:///r' }],
  ])('works for %s as well', async (method, params) => {
    serve(({ inputResponses }, round) => (round === 1 ? inputRequired({ a: roots }) : done(inputResponses)))
    const id = await session()
    const stream = await start(id, { jsonrpc: '2.0', id: 'x', method, params })
    const asked = await stream.next()
    await respond(id, { jsonrpc: '2.0', id: asked?.id, result: { roots: [] } })
    expect(await stream.next()).toMatchObject({ id: 'x', result: { given: { a: { roots: [] } } } })
  })

  it('gets an id for a page that a person has to visit, as its revision wants it', async () => {
    const params = { mode: 'url', url: 'https://example.com/', message: 'Sign in' }
    serve((_given, round) => (round === 1 ? inputRequired({ a: { method: 'elicitation/create', params } }) : done(1)))
    const id = await session()
    const stream = await start(id)
    const asked = await stream.next()
    expect(asked?.params).toEqual({ ...params, elicitationId: expect.stringMatching(/^[\da-f-]{36}$/) as string })
    await respond(id, { jsonrpc: '2.0', id: asked?.id, result: { action: 'accept' } })
    expect(await stream.next()).toMatchObject({ result: { given: 1 } })
  })

  it('is called again without being asked when the server only wants that', async () => {
    const upstream = serve((given, round) =>
      round === 1 ? inputRequired(undefined, '"later"') : done(given.requestState),
    )
    const { json } = await respond(await session(), CALL)
    expect(json.result).toMatchObject({ given: 'later' })
    expect(upstream.received[1]?.params).not.toContain('inputResponses')
  })

  const faults: [string, object, UpstreamAnswer, string][] = [
    [
      'what it did not declare',
      { roots: {} },
      inputRequired({ a: roots, b: { method: 'sampling/createMessage' } }),
      'declare',
    ],
    ['what is no input', EVERYTHING, inputRequired({ a: { method: 'tools/call' } }), 'no input'],
    ['nothing', EVERYTHING, inputRequired({}), 'without saying what'],
    ['nothing at all', EVERYTHING, inputRequired(undefined), 'without saying what'],
    ['something else', EVERYTHING, inputRequired({ a: 'roots/list' }), 'no known input'],
  ]
  it.each(faults)('gets a clear error when the server asks for %s', async (_what, capabilities, answer, words) => {
    const upstream = serve(() => answer)
    const { json, headers } = await respond(await session(capabilities), CALL)
    expect(headers['content-type']).toBe('application/json')
    expect(json.error).toMatchObject({ code: -32603, data: { code: 'upstream_invalid', integration: 'lab' } })
    expect(json.error.message).toContain(words)
    expect(upstream.received).toHaveLength(1)
  })

  it('gets a clear error when it refuses, and is not asked the rest', async () => {
    serve(() => inputRequired({ a: roots, b: { method: 'elicitation/create', params: {} } }))
    const id = await session()
    const stream = await start(id)
    const [one, two] = [await stream.next(), await stream.next()]
    await respond(id, { jsonrpc: '2.0', id: one?.id, error: { code: -1, message: 'I will not.' } })
    expect(await stream.next()).toMatchObject({ method: 'notifications/cancelled', params: { requestId: two?.id } })
    const answer = await stream.next()
    expect(answer?.error?.message).toContain('I will not.')
  })

  it('is not asked more than ten times', async () => {
    const upstream = serve(() => inputRequired({ a: roots }))
    const id = await session()
    const stream = await start(id)
    for (let round = 1; round <= 10; round++) {
      const asked = await stream.next()
      await respond(id, { jsonrpc: '2.0', id: asked?.id, result: {} })
    }
    expect(await stream.next()).toMatchObject({ id: 1, error: { code: -32603 } })
    expect(upstream.received).toHaveLength(11)
  })

  it('can cancel the call while it is asked', async () => {
    serve(() => inputRequired({ a: roots }))
    const id = await session()
    const stream = await start(id)
    const asked = await stream.next()
    await respond(id, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } })
    expect(await stream.next()).toMatchObject({ method: 'notifications/cancelled', params: { requestId: asked?.id } })
    expect(await stream.next()).toMatchObject({ id: 1, error: { code: -32800 } })
  })

  it('cannot slip in a state or answers of its own', async () => {
    const upstream = serve(() => done(1))
    const params = { name: 'lab__ask', requestState: 'forged', inputResponses: { a: {} } }
    await respond(await session(), { ...CALL, params })
    expect(upstream.received[0]?.params).not.toMatch(/requestState|inputResponses/)
  })
})

describe('a modern agent and a modern server that needs input', () => {
  it('speak with each other as if nothing stood between them', async () => {
    const upstream = serve((_given, round) => (round === 1 ? inputRequired({ a: roots }, '"gw \\u0041"') : done('end')))
    const first = modern('tools/call', { name: 'lab__ask' })
    const asked = await gateway.post(first.body, { headers: first.headers })
    expect(asked.text).toBe(
      '{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","inputRequests":{"a":{"method":"roots/list"}},"requestState":"gw \\u0041"}}',
    )
    const second = modern('tools/call', {
      name: 'lab__ask',
      inputResponses: { a: { roots: [] } },
      requestState: 'gw A',
    })
    const { json } = await gateway.post(second.body, { headers: second.headers })
    expect(json.result).toMatchObject({ given: 'end' })
    expect(JSON.parse(upstream.received[1]?.params ?? '')).toMatchObject({
      inputResponses: { a: { roots: [] } },
      requestState: 'gw A',
    })
  })
})
