import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ServerRequest, UpstreamAnswer, UpstreamRequest } from '../../../src/main/upstream/upstream.ts'
import {
  fakeUpstream,
  itemList,
  modern,
  profileOf,
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

const CAPABILITIES = { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} }

let gateway: TestGateway
let clock: { now: number }

beforeEach(async () => {
  clock = { now: 1_000 }
  gateway = await startGateway([], { now: () => clock.now })
})
afterEach(() => {
  vi.useRealTimers()
  return gateway.close()
})

type Work = (request: UpstreamRequest) => Promise<UpstreamAnswer> | UpstreamAnswer

/** A legacy server with a tool, a prompt and a resource that do this before they answer. */
function serve(work: Work, ...others: FakeUpstream[]): FakeUpstream {
  const offer = {
    prompts: itemList('name', 'p'),
    resources: itemList('uri', 'file:///r'),
    capabilities: { tools: {}, prompts: {}, resources: {} },
  }
  const upstream = fakeUpstream('lab', toolsNamed('ask'), { answer: work, offer })
  gateway.integrations = [served(upstream), ...others.map((other) => served(other))]
  gateway.gateway.invalidate('default')
  return upstream
}

function ask({ caller, signal }: UpstreamRequest, method: string, params?: string, cancel?: AbortSignal) {
  if (caller === undefined) throw new Error('This call has nobody who could be asked.')
  const request: ServerRequest = {
    method,
    params: params === undefined ? undefined : Buffer.from(params),
    value: JSON.parse(params ?? '{}') as ServerRequest['value'],
    // As an upstream does it: nothing is asked any more when the call has ended.
    signal: cancel ?? signal ?? new AbortController().signal,
  }
  return caller.ask(request)
}

interface Try {
  params?: Record<string, unknown>
  method?: string
  capabilities?: object
  path?: string
  token?: string
  id?: unknown
}

async function post(given: Try = {}): Promise<Answer> {
  const { params = { name: 'lab__ask' }, method = 'tools/call', path = '/mcp', token = 'token-one', id = 1 } = given
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': given.capabilities ?? CAPABILITIES }
  const { body, headers } = modern(method, { ...params, _meta }, id)
  if (typeof params.uri === 'string') headers['Mcp-Name'] = params.uri
  return gateway.post(body, { path, token, headers })
}

interface InputRequired {
  inputRequests: Record<string, { method: string; params?: unknown }>
  requestState: string
}

/** What the agent has to say first, by the key of each. */
function needed({ json }: Answer): InputRequired {
  expect(json.result).toMatchObject({ resultType: 'input_required' })
  return json.result as unknown as InputRequired
}

const keysOf = (answer: Answer) => Object.keys(needed(answer).inputRequests)

/** The next try, which answers everything with this. */
function retry(answer: Answer, value: unknown, more: Try = {}): Promise<Answer> {
  const { requestState } = needed(answer)
  const inputResponses = Object.fromEntries(keysOf(answer).map((key) => [key, value]))
  return post({ ...more, params: { name: 'lab__ask', ...more.params, inputResponses, requestState } })
}

const done = (value: unknown) => result(JSON.stringify({ content: [], given: value }))

describe('a modern agent and a legacy server that asks', () => {
  it('is told what is needed, and its next try goes on with the same call', async () => {
    const given: UpstreamAnswer[] = []
    const upstream = serve(async (request) => {
      const params = '{"message":"Your name?","requestedSchema":{"n":1.50}, "later":12345678901234567890}'
      given.push(await ask(request, 'elicitation/create', params))
      return done('end')
    })
    const first = await post({ id: 'a' })
    expect(first.text).toContain(
      '"method":"elicitation/create","params":{"message":"Your name?","requestedSchema":{"n":1.50}, "later":12345678901234567890}',
    )
    expect(first.json).toMatchObject({
      id: 'a',
      result: { _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'gatehouse' } } },
    })
    const [key = ''] = keysOf(first)
    const { body, headers } = modern('tools/call', { name: 'lab__ask' }, 'b')
    const inputResponses = `{"${key}":{"action":"accept","content":{"n":12345678901234567890}},"other":{"x":1}}`
    const params = `${JSON.stringify(body.params).slice(0, -1)},"inputResponses":${inputResponses},"requestState":"${needed(first).requestState}"}`
    const second = await gateway.post(`{"jsonrpc":"2.0","id":"b","method":"tools/call","params":${params}}`, {
      headers,
    })
    expect(second.json).toMatchObject({ id: 'b', result: { given: 'end', resultType: 'complete' } })
    expect(given.map(({ kind, bytes }) => [kind, bytes.toString()])).toEqual([
      ['result', '{"action":"accept","content":{"n":12345678901234567890}}'],
    ])
    expect(upstream.received).toHaveLength(1)
    expect(upstream.received[0]?.params).not.toContain('input')
  })

  it('takes no question any more when its call is over, so that others still have room for theirs', async () => {
    const over: UpstreamRequest[] = []
    serve((request) => {
      over.push(request)
      return over.length > 64 ? ask(request, 'roots/list').then(({ value }) => done(value)) : done('end')
    })
    for (let count = 0; count < 64; count++) await post()
    for (const request of over) {
      const late = await ask({ ...request, signal: new AbortController().signal }, 'roots/list')
      expect(late.value).toMatchObject({ code: -32601 })
    }
    expect(keysOf(await post())).toHaveLength(1)
  })

  it('gives several requests at once, and the rest in the next round', async () => {
    serve(async (request) => {
      const both = await Promise.all([
        ask(request, 'roots/list'),
        ask(request, 'sampling/createMessage', '{"messages":[]}'),
      ])
      const third = await ask(request, 'elicitation/create', '{"message":"?"}')
      return done([...both, third].map(({ value }) => value))
    })
    const first = await post()
    expect(Object.values(needed(first).inputRequests)).toEqual([
      { method: 'roots/list' },
      { method: 'sampling/createMessage', params: { messages: [] } },
    ])
    const second = await retry(first, { round: 1 })
    expect(Object.values(needed(second).inputRequests)).toMatchObject([{ method: 'elicitation/create' }])
    const third = await retry(second, { round: 2 })
    expect(third.json.result.given).toEqual([{ round: 1 }, { round: 1 }, { round: 2 }])
  })

  it('is told together what the server asks by messages that come one by one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const asked: Promise<UpstreamAnswer>[] = []
    serve(async (request) => {
      asked.push(ask(request, 'roots/list'))
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
      asked.push(ask(request, 'sampling/createMessage', '{"messages":[]}'))
      await Promise.all(asked)
      return done('end')
    })
    const answer = post()
    await vi.waitUntil(() => asked.length === 2)
    vi.advanceTimersByTime(20)
    expect(keysOf(await answer)).toHaveLength(2)
  })

  it('is asked again for what its try left out or gave in another form', async () => {
    serve(async (request) => done((await ask(request, 'roots/list')).value))
    const first = await post()
    const [key = ''] = keysOf(first)
    let last = first
    for (const inputResponses of [undefined, {}, [], { [key]: 'text' }, { [key]: null }, { wrong: {} }]) {
      const { requestState } = needed(last)
      last = await post({ params: { name: 'lab__ask', inputResponses, requestState } })
      expect(keysOf(last)).toEqual([key])
    }
    expect((await retry(last, { roots: [] })).json.result.given).toEqual({ roots: [] })
  })

  it.each([
    ['prompts/get', { name: 'lab__p' }],
    ['resources/read', { uri: 'file:///r' }],
  ])('works for %s as well', async (method, params) => {
    serve(async (request) => done((await ask(request, 'roots/list')).value))
    const first = await post({ method, params })
    const { requestState } = needed(first)
    const inputResponses = Object.fromEntries(keysOf(first).map((key) => [key, { here: true }]))
    const second = await post({ method, params: { ...params, inputResponses, requestState } })
    expect(second.json.result).toMatchObject({ given: { here: true }, resultType: 'complete' })
    expect(gateway.calls).toEqual([])
  })

  it.each([
    ['tools/call', {}, 'roots/list'],
    ['tools/call', { elicitation: { form: {} } }, 'elicitation/create'],
    ['completion/complete', CAPABILITIES, 'roots/list'],
    ['tools/call', CAPABILITIES, 'vendor/ask'],
  ])('is not asked what it cannot answer: %s with %j, %s', async (method, capabilities, asked) => {
    serve(async (request) => done((await ask(request, asked, '{"mode":"url"}')).value))
    const params =
      method === 'tools/call'
        ? { name: 'ask' }
        : { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' } }
    const { json } = await post({ method, params, capabilities, path: '/mcp/lab' })
    expect(json.result).toMatchObject({ given: { code: -32601 }, resultType: 'complete' })
  })

  it('is recorded once, with the time that it took in all', async () => {
    serve(async (request) => done((await ask(request, 'roots/list')).value))
    const first = await post()
    expect(gateway.calls).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 30))
    await retry(first, {})
    await vi.waitFor(() => expect(gateway.calls).toMatchObject([{ tool: 'lab__ask', outcome: 'ok' }]))
    expect(gateway.calls[0]?.durationMs).toBeGreaterThanOrEqual(29)
  })

  it('sees progress and the result on the stream of the try that it made last', async () => {
    serve(async (request) => {
      await ask(request, 'roots/list')
      const params = '{"progressToken":1,"progress":0.5}'
      request.onProgress?.({ value: JSON.parse(params) as Record<string, unknown>, bytes: Buffer.from(params) })
      return done('end')
    })
    const first = await post({ params: { name: 'lab__ask', _meta: {} } })
    expect(keysOf(first)).toHaveLength(1)
    const begin = modern('tools/call', { name: 'lab__ask', _meta: { progressToken: 'one', ...capable() } })
    const begun = await gateway.post(begin.body, { headers: begin.headers })
    const inputResponses = Object.fromEntries(keysOf(begun).map((key) => [key, {}]))
    const { requestState } = needed(begun)
    const again = modern('tools/call', {
      name: 'lab__ask',
      inputResponses,
      requestState,
      _meta: { progressToken: 'two', ...capable() },
    })
    const stream = await openStream(gateway, 'POST', '/mcp', again.headers, JSON.stringify(again.body))
    expect(await stream.next()).toMatchObject({ params: { progressToken: 'two', progress: 0.5 } })
    expect(await stream.next()).toMatchObject({ id: 1, result: { given: 'end' } })
    stream.close()
  })
})

const capable = () => ({ 'io.modelcontextprotocol/clientCapabilities': CAPABILITIES })

describe('a requestState', () => {
  const invalid = (answer: Answer, why: string) => {
    expect([answer.status, answer.json.error]).toMatchObject([200, { code: -32602 }])
    expect(answer.json.error.message).toContain(why)
  }

  it.each([
    [
      'changed in the middle',
      (state: string) => state.slice(0, 40) + (state[40] === 'A' ? 'B' : 'A') + state.slice(41),
    ],
    ['cut off', (state: string) => state.slice(0, -1)],
    ['longer', (state: string) => `${state}A`],
    ['only its beginning', (state: string) => state.slice(0, 14)],
    ['huge', (state: string) => state + 'A'.repeat(100_000)],
  ])('that was changed is refused: %s', async (_what, change) => {
    serve(async (request) => done((await ask(request, 'roots/list')).value))
    const first = await post()
    const { requestState } = needed(first)
    invalid(await post({ params: { name: 'lab__ask', requestState: change(requestState) } }), 'it was changed')
    expect((await retry(first, { fine: true })).json.result.given).toEqual({ fine: true })
  })

  it('that is none of ours is refused where no modern server could have made it', async () => {
    const upstream = serve(() => done('end'))
    invalid(await post({ params: { name: 'lab__ask', requestState: 'eyJhbGciOi' } }), 'not one that was given here')
    expect(upstream.received).toEqual([])
  })

  it('is good once', async () => {
    serve(async (request) => {
      await ask(request, 'roots/list')
      return done((await ask(request, 'roots/list')).value)
    })
    const first = await post()
    const second = await retry(first, { round: 1 })
    invalid(await retry(first, { round: 'replayed' }), 'used before')
    const third = await retry(second, { round: 2 })
    expect(third.json.result.given).toEqual({ round: 2 })
    invalid(await retry(second, { round: 'replayed' }), 'used before')
  })

  it('belongs to one agent, one endpoint and one request', async () => {
    const elsewhere = fakeUpstream('other', toolsNamed('ask'))
    serve(async (request) => done((await ask(request, 'roots/list')).value), elsewhere)
    const first = await post({ params: { name: 'lab__ask', arguments: { a: 1 } } })
    const why = 'belongs to another request'
    const same = { params: { arguments: { a: 1 } } }
    invalid(await retry(first, {}, { ...same, token: 'token-two' }), why)
    invalid(await retry(first, {}, { params: { name: 'ask', arguments: { a: 1 } }, path: '/mcp/lab' }), why)
    invalid(await retry(first, {}, { params: { arguments: { a: 2 } } }), why)
    invalid(await retry(first, {}), why)
    invalid(await retry(first, {}, { params: { name: 'other__ask', arguments: { a: 1 } } }), why)
    invalid(await retry(first, {}, { method: 'prompts/get', params: { name: 'lab__p' } }), why)
    expect(elsewhere.received).toEqual([])
    expect((await retry(first, { fine: true }, same)).json.result.given).toEqual({ fine: true })
  })

  it('expires', async () => {
    serve(async (request) => done((await ask(request, 'roots/list')).value))
    const first = await post()
    clock.now += 5 * 60_000
    invalid(await retry(first, {}), 'expired')
  })

  it('of a gateway that has started anew is unknown', async () => {
    serve(async (request) => done((await ask(request, 'roots/list')).value))
    const first = await post()
    await gateway.close()
    gateway = await startGateway([])
    serve(() => done('end'))
    invalid(await retry(first, {}), 'started anew')
  })
})

describe('a call that waits for input', () => {
  /** Serves a tool that asks, and tells how each call ended: `cancelled`, or the kind of the answer. */
  function watch(): string[] {
    const ends: string[] = []
    serve(async (request) => {
      const cancelled = new Promise<UpstreamAnswer>((_resolve, reject) => {
        request.signal?.addEventListener('abort', () => {
          ends.push('cancelled')
          reject(new Error('cancelled'))
        })
      })
      cancelled.catch(() => undefined)
      return Promise.race([ask(request, 'roots/list').then(({ kind }) => done(kind)), cancelled])
    })
    return ends
  }

  it('is cancelled upstream when its agent never returns', async () => {
    await gateway.close()
    gateway = await startGateway([], { limits: { heldCallMs: 20 } })
    const ends = watch()
    await post()
    await vi.waitFor(() => expect(ends).toEqual(['cancelled']))
    await vi.waitFor(() => expect(gateway.calls).toMatchObject([{ outcome: 'cancelled' }]))
  })

  it('is cancelled upstream when the gateway closes', async () => {
    const ends = watch()
    await post()
    await gateway.gateway.close()
    expect(ends).toEqual(['cancelled'])
    expect(gateway.calls).toMatchObject([{ outcome: 'cancelled' }])
  })

  it('is cancelled upstream when its agent is removed, and no other', async () => {
    const ends = watch()
    await post()
    const other = await post({ token: 'token-two' })
    gateway.gateway.endSessionsOf('one')
    await vi.waitFor(() => expect(ends).toEqual(['cancelled']))
    expect((await retry(other, {}, { token: 'token-two' })).json.result.given).toBe('result')
  })

  it('is cancelled upstream when the agent closes the connection of its next try', async () => {
    const ends: string[] = []
    serve(async (request) => {
      await ask(request, 'roots/list')
      return new Promise((_resolve, reject) => {
        request.signal?.addEventListener('abort', () => {
          ends.push('cancelled')
          reject(new Error('cancelled'))
        })
        // So that there is a stream to be closed.
        const params = '{"progressToken":1,"progress":1}'
        request.onProgress?.({ value: JSON.parse(params) as Record<string, unknown>, bytes: Buffer.from(params) })
      })
    })
    const _meta = { progressToken: 1, ...capable() }
    const begin = modern('tools/call', { name: 'lab__ask', _meta })
    const first = await gateway.post(begin.body, { headers: begin.headers })
    const inputResponses = Object.fromEntries(keysOf(first).map((key) => [key, {}]))
    const { requestState } = needed(first)
    const again = modern('tools/call', { name: 'lab__ask', inputResponses, requestState, _meta })
    const stream = await openStream(gateway, 'POST', '/mcp', again.headers, JSON.stringify(again.body))
    await stream.next()
    expect(ends).toEqual([])
    stream.close()
    await vi.waitFor(() => expect(ends).toEqual(['cancelled']))
  })

  it('that has failed meanwhile says so to the next try', async () => {
    const dying = new AbortController()
    serve(async (request) => {
      await ask(request, 'roots/list', undefined, dying.signal)
      return rpcError('{"code":-32603,"message":"died"}')
    })
    const first = await post({ id: 1 })
    dying.abort()
    await vi.waitFor(() => expect(gateway.calls).toHaveLength(1))
    const second = await retry(first, {}, { id: 2 })
    expect(second.json).toEqual({ jsonrpc: '2.0', id: 2, error: { code: -32603, message: 'died' } })
  })

  it('is refused to the server beyond the limit of its agent', async () => {
    await gateway.close()
    gateway = await startGateway([], { limits: { heldCallsPerAgent: 2 } })
    serve(async (request) => done((await ask(request, 'roots/list')).value))
    const held = [await post(), await post()]
    const third = await post()
    expect(third.json.result).toMatchObject({
      given: { code: -32603, message: expect.stringContaining('wait') as string },
    })
    expect(keysOf(await post({ token: 'token-two' }))).toHaveLength(1)
    for (const answer of held) expect((await retry(answer, { ok: 1 })).json.result.given).toEqual({ ok: 1 })
  })

  it('ends after ten rounds', async () => {
    let asked = 0
    serve(async (request) => {
      for (;;) {
        const { kind, value } = await ask(request, 'roots/list')
        if (kind === 'error') return done(value)
        asked++
      }
    })
    let answer = await post()
    for (let round = 0; round < 10; round++) answer = await retry(answer, {})
    expect(answer.json.result).toMatchObject({ given: { code: -32603 } })
    expect(asked).toBe(10)
  })
})

describe('a legacy server that wants a page to be visited first (-32042)', () => {
  const page = '{"mode":"url","elicitationId":"e1","url":"https://example.com/auth","message":"Sign in"}'
  const refused = rpcError(`{"code":-32042,"message":"Sign in first","data":{"elicitations":[${page}]}}`)

  it.each(['disabled', 'hidden by the profile'])(
    'does not get the next try of a tool that is %s by then',
    async (how) => {
      const upstream = serve(() => refused)
      const first = await post()
      if (how === 'disabled') gateway.integrations = [served(upstream, { disabledTools: ['ask'] })]
      else gateway.changeAgent('one', { profile: profileOf({ disabled_tools: ['lab__ask'] }) })
      gateway.gateway.invalidate('default')
      const second = await retry(first, { action: 'accept' })
      expect(second.json.error).toEqual({ code: -32602, message: 'Unknown tool: lab__ask' })
      expect(upstream.received).toHaveLength(1)
    },
  )

  it('takes the call again once the person has been there', async () => {
    let calls = 0
    const upstream = serve(() => (++calls < 3 ? refused : done('end')))
    const first = await post()
    expect(Object.values(needed(first).inputRequests)).toEqual([
      { method: 'elicitation/create', params: JSON.parse(page) as unknown },
    ])
    const second = await retry(first, { action: 'accept' })
    const third = await retry(second, { action: 'accept' })
    expect(third.json.result).toMatchObject({ given: 'end' })
    expect(upstream.received).toHaveLength(3)
  })

  it('gives an agent that can send nobody anywhere the error of its revision', async () => {
    serve(() => refused)
    const { status, json } = await post({ capabilities: { elicitation: { form: {} } } })
    expect([status, json.error]).toEqual([
      400,
      { code: -32021, message: 'Sign in first', data: { requiredCapabilities: { elicitation: { url: {} } } } },
    ])
  })

  it('is not asked for ever', async () => {
    const upstream = serve(() => refused)
    let answer = await post()
    for (let round = 0; round < 10; round++) answer = await retry(answer, {})
    expect(answer.json.error.code).toBe(-32021)
    expect(upstream.received).toHaveLength(11)
  })

  it('is nothing that a legacy agent is kept from', async () => {
    serve(() => refused)
    const headers = { 'Mcp-Session-Id': await gateway.initialize() }
    const { text } = await gateway.post(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'lab__ask' } },
      { headers },
    )
    expect(text).toBe(`{"jsonrpc":"2.0","id":1,"error":${refused.bytes.toString()}}`)
  })
})
