import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type {
  ServerRequest,
  UpstreamAnswer,
  UpstreamRequest,
  UpstreamSession,
} from '../../../src/main/upstream/upstream.ts'
import {
  fakeUpstream,
  result,
  served,
  startGateway,
  toolsNamed,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream, type OpenStream } from './open-stream.ts'

const EVERYTHING = { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } }

let gateway: TestGateway
const open: OpenStream[] = []

beforeEach(async () => {
  gateway = await startGateway([])
})
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close()
  await gateway.close()
})

/** A server whose tool `ask` does this before it answers. */
function serve(work: (request: UpstreamRequest) => Promise<UpstreamAnswer> | UpstreamAnswer): FakeUpstream {
  const upstream = fakeUpstream('lab', toolsNamed('ask'), { answer: work })
  gateway.integrations = [served(upstream)]
  gateway.gateway.invalidate('default')
  return upstream
}

interface Question {
  method?: string
  params?: string
  signal?: AbortSignal
  progress?: (params: Buffer) => void
}

function question({
  method = 'sampling/createMessage',
  params,
  signal = new AbortController().signal,
  progress,
}: Question = {}): ServerRequest {
  return {
    method,
    params: params === undefined ? undefined : Buffer.from(params),
    value: JSON.parse(params ?? '{}') as ServerRequest['value'],
    signal,
    ...(progress && { progress }),
  }
}

async function session(capabilities: object = EVERYTHING, path = '/mcp', token = 'token-one'): Promise<string> {
  const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'test', version: '0' } }
  const answer = await gateway.post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }, { path, token })
  return String(answer.headers['mcp-session-id'])
}

async function call(id: string, { path = '/mcp', name = 'lab__ask', callId = 1 } = {}): Promise<OpenStream> {
  const body = { jsonrpc: '2.0', id: callId, method: 'tools/call', params: { name } }
  const stream = await openStream(gateway, 'POST', path, { 'Mcp-Session-Id': id }, JSON.stringify(body))
  open.push(stream)
  return stream
}

async function standing(id: string, path = '/mcp'): Promise<OpenStream> {
  const stream = await openStream(gateway, 'GET', path, { 'Mcp-Session-Id': id })
  open.push(stream)
  return stream
}

function respond(id: string, body: string | object, { path = '/mcp', token = 'token-one' } = {}) {
  return gateway.post(body, { path, token, headers: { 'Mcp-Session-Id': id } })
}

/** Asks on behalf of a call; the call of an agent always has a caller. */
function ask(caller: UpstreamRequest['caller'], request: ServerRequest): Promise<UpstreamAnswer> {
  if (caller === undefined) throw new Error('This call has nobody who could be asked.')
  return caller.ask(request)
}

const said = (answer: UpstreamAnswer) => result(JSON.stringify({ content: [], kind: answer.kind, given: answer.value }))

describe('a request of a server', () => {
  it('goes to the agent on the stream of the call, and its answer comes back byte for byte', async () => {
    let given: UpstreamAnswer | undefined
    serve(async ({ caller }) => {
      given = await caller?.ask(question({ params: '{"messages":[],"n":12345678901234567890, "later":1e400}' }))
      return result('{"content":[]}')
    })
    const id = await session()
    const stream = await call(id)
    const asked = await stream.next()
    expect(asked).toMatchObject({ method: 'sampling/createMessage', params: { messages: [] } })
    const { status, text } = await respond(
      id,
      `{"jsonrpc":"2.0","id":${String(asked?.id)},"result":{"n":1.50, "k":[ ]}}`,
    )
    expect([status, text]).toEqual([202, ''])
    expect(await stream.next()).toMatchObject({ id: 1, result: { content: [] } })
    expect(await stream.next()).toBeUndefined()
    expect(given).toMatchObject({ kind: 'result', value: { n: 1.5, k: [] } })
    expect(given?.bytes.toString()).toBe('{"n":1.50, "k":[ ]}')
  })

  it('gets the agent’s error as its answer', async () => {
    serve(async ({ caller }) => said(await ask(caller, question())))
    const id = await session()
    const stream = await call(id)
    const asked = await stream.next()
    await respond(id, { jsonrpc: '2.0', id: asked?.id, error: { code: -1, message: 'The user said no.' } })
    expect(await stream.next()).toMatchObject({ result: { kind: 'error', given: { code: -1 } } })
  })

  it.each([
    ['sampling/createMessage', {}, '{}'],
    ['roots/list', { sampling: {} }, '{}'],
    ['elicitation/create', { roots: {} }, '{"mode":"form"}'],
    ['elicitation/create', { elicitation: {} }, '{"mode":"url"}'],
    ['elicitation/create', { elicitation: { url: {} } }, '{}'],
    ['tasks/get', { sampling: {} }, '{}'],
    ['vendor/unknown', EVERYTHING, '{}'],
    ['constructor', EVERYTHING, '{}'],
  ])('gets -32601 where the agent did not declare it: %s %j %s', async (method, capabilities, params) => {
    serve(async ({ caller }) => said(await ask(caller, question({ method, params }))))
    const id = await session(capabilities)
    const { json } = await respond(id, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'lab__ask' } })
    expect(json.result).toMatchObject({ kind: 'error', given: { code: -32601 } })
  })

  it.each([
    ['elicitation/create', { elicitation: {} }, '{"message":"?"}'],
    ['elicitation/create', { elicitation: { url: {} } }, '{"mode":"url"}'],
    ['roots/list', { roots: {} }, undefined],
  ])('is asked where the agent declared it: %s %j %s', async (method, capabilities, params) => {
    serve(async ({ caller }) => said(await ask(caller, question({ method, ...(params && { params }) }))))
    const id = await session(capabilities)
    const stream = await call(id)
    const asked = await stream.next()
    expect(asked).toEqual({
      jsonrpc: '2.0',
      id: asked?.id,
      method,
      ...(params && { params: JSON.parse(params) as unknown }),
    })
    await respond(id, { jsonrpc: '2.0', id: asked?.id, result: {} })
    expect(await stream.next()).toMatchObject({ result: { kind: 'result' } })
  })

  it('of a method that nobody knows reaches who speaks to this server alone', async () => {
    serve(async ({ caller }) => said(await ask(caller, question({ method: 'vendor/ask' }))))
    const id = await session({}, '/mcp/lab')
    const stream = await call(id, { path: '/mcp/lab', name: 'ask' })
    const asked = await stream.next()
    expect(asked?.method).toBe('vendor/ask')
    await respond(id, { jsonrpc: '2.0', id: asked?.id, result: { ok: true } }, { path: '/mcp/lab' })
    expect(await stream.next()).toMatchObject({ result: { given: { ok: true } } })
  })

  it('is answered only in the session that was asked, whoever guesses the id', async () => {
    const answers: UpstreamAnswer[] = []
    serve(async ({ caller }) => {
      const answer = await ask(caller, question())
      answers.push(answer)
      return said(answer)
    })
    const [mine, other] = [await session(), await session()]
    const foreign = await session(EVERYTHING, '/mcp', 'token-two')
    const stream = await call(mine)
    const asked = await stream.next()
    const forged = { jsonrpc: '2.0', id: asked?.id, result: { from: 'somebody else' } }
    expect((await respond(other, forged)).status).toBe(202)
    expect((await respond(foreign, forged, { token: 'token-two' })).status).toBe(202)
    expect((await respond(mine, forged, { token: 'token-two' })).status).toBe(404)
    for (const id of ['1', String(asked?.id), 99, -1]) {
      expect((await respond(mine, { jsonrpc: '2.0', id, result: { from: 'a wrong id' } })).status).toBe(202)
    }
    expect(answers).toEqual([])
    await respond(mine, { jsonrpc: '2.0', id: asked?.id, result: { from: 'the agent' } })
    await respond(mine, { jsonrpc: '2.0', id: asked?.id, result: { from: 'the agent again' } })
    expect(await stream.next()).toMatchObject({ result: { given: { from: 'the agent' } } })
  })

  it('of two calls at once goes to the call that caused it', async () => {
    serve(async ({ caller, params }) => {
      const { nonce } = (JSON.parse(params.toString()) as { arguments: { nonce: string } }).arguments
      const answer = await caller?.ask(question({ params: JSON.stringify({ nonce }) }))
      return result(JSON.stringify({ content: [], nonce, given: answer?.value }))
    })
    const sessions = [await session(), await session(), await session(EVERYTHING, '/mcp', 'token-two')]
    await Promise.all(
      sessions.map(async (id, index) => {
        const token = index === 2 ? 'token-two' : 'token-one'
        const body = {
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'lab__ask', arguments: { nonce: id } },
        }
        const headers = { 'Mcp-Session-Id': id, Authorization: `Bearer ${token}` }
        const stream = await openStream(gateway, 'POST', '/mcp', headers, JSON.stringify(body))
        open.push(stream)
        const asked = await stream.next()
        expect(asked?.params).toEqual({ nonce: id })
        await respond(id, { jsonrpc: '2.0', id: asked?.id, result: { nonce: id } }, { token })
        expect(await stream.next()).toMatchObject({ result: { nonce: id, given: { nonce: id } } })
      }),
    )
  })

  it('is taken back from the agent when the server cancels it', async () => {
    const cancelling = new AbortController()
    serve(async ({ caller }) => {
      await caller?.ask(question({ signal: cancelling.signal }))
      return result('{"content":[]}')
    })
    const id = await session()
    const stream = await call(id)
    const asked = await stream.next()
    cancelling.abort()
    expect(await stream.next()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: asked?.id },
    })
    expect(await stream.next()).toMatchObject({ id: 1, result: {} })
    expect((await respond(id, { jsonrpc: '2.0', id: asked?.id, result: {} })).status).toBe(202)
  })

  it('is given up when the agent takes too long', async () => {
    await gateway.close()
    gateway = await startGateway([], { limits: { agentAnswerMs: 20 } })
    serve(async ({ caller }) => said(await ask(caller, question())))
    const stream = await call(await session())
    const asked = await stream.next()
    expect(await stream.next()).toMatchObject({ method: 'notifications/cancelled', params: { requestId: asked?.id } })
    expect(await stream.next()).toMatchObject({ result: { kind: 'error', given: { code: -32603 } } })
  })

  it('gets an error when the session ends', async () => {
    const ended = vi.fn()
    serve(async ({ caller }) => {
      ended(await caller?.ask(question()))
      return result('{"content":[]}')
    })
    const id = await session()
    const stream = await call(id)
    await stream.next()
    const headers = { Authorization: 'Bearer token-one', 'Mcp-Session-Id': id }
    expect((await gateway.send('DELETE', '/mcp', headers)).status).toBe(200)
    await vi.waitFor(() => expect(ended).toHaveBeenCalledWith(expect.objectContaining({ kind: 'error' })))
  })

  it('is refused beyond 64 that wait', async () => {
    const refused = vi.fn()
    const done = new AbortController()
    serve(async ({ caller }) => {
      const asked = Array.from({ length: 65 }, () => ask(caller, question({ signal: done.signal })))
      void asked.at(-1)?.then(refused)
      await Promise.all(asked)
      return result('{"content":[]}')
    })
    const stream = await call(await session())
    await stream.next()
    await vi.waitFor(() => expect(refused).toHaveBeenCalledWith(expect.objectContaining({ kind: 'error' })))
    done.abort()
  })

  it('keeps its progress token to itself: the agent gets one of ours, and the server hears under its own', async () => {
    const heard: string[] = []
    serve(async ({ caller }) => {
      const params = '{"_meta":{"progressToken":"srv \\u0041","k":1.50},"messages":[]}'
      await caller?.ask(question({ params, progress: (said) => heard.push(said.toString()) }))
      return result('{"content":[]}')
    })
    const id = await session()
    const stream = await call(id)
    const asked = await stream.next()
    expect(asked?.params).toMatchObject({ _meta: { progressToken: asked?.id, k: 1.5 } })
    for (const progressToken of [asked?.id, 'srv A', 77]) {
      await respond(id, { jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 1, progressToken } })
    }
    await respond(id, { jsonrpc: '2.0', id: asked?.id, result: {} })
    await stream.next()
    expect(heard).toEqual(['{"progress":1,"progressToken":"srv \\u0041"}'])
  })

  it('that belongs to no call goes to the GET stream, and to nobody without one', async () => {
    let principal: NonNullable<UpstreamRequest['caller']>['principal'] | undefined
    serve(({ caller }) => {
      principal = caller?.principal
      return result('{"content":[]}')
    })
    const id = await session()
    await respond(id, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'lab__ask' } })
    expect(await principal?.ask(question())).toMatchObject({ kind: 'error', value: { code: -32601 } })
    const stream = await standing(id)
    const answer = principal?.ask(question())
    const asked = await stream.next()
    await respond(id, { jsonrpc: '2.0', id: asked?.id, result: { here: true } })
    expect(await answer).toMatchObject({ kind: 'result', value: { here: true } })
  })

  it('of a call in a batch goes to the GET stream as well', async () => {
    serve(async ({ caller }) => said(await ask(caller, question())))
    const params = { protocolVersion: '2025-03-26', capabilities: EVERYTHING, clientInfo: { name: 't', version: '0' } }
    const opened = await gateway.post({ jsonrpc: '2.0', id: 0, method: 'initialize', params })
    const id = String(opened.headers['mcp-session-id'])
    const stream = await standing(id)
    const batch = respond(
      id,
      JSON.stringify([{ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'lab__ask' } }]),
    )
    const asked = await stream.next()
    await respond(id, { jsonrpc: '2.0', id: asked?.id, result: { here: true } })
    expect(JSON.parse((await batch).text)).toMatchObject([{ id: 1, result: { given: { here: true } } }])
  })

  it('shows the server what the agent declared, and who it is', async () => {
    let principal: NonNullable<UpstreamRequest['caller']>['principal'] | undefined
    serve(({ caller }) => {
      principal = caller?.principal
      return result('{"content":[]}')
    })
    const id = await session({ roots: {}, 'x.dev': 1 })
    await respond(id, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'lab__ask' } })
    expect(principal?.capabilities.toString()).toBe('{"roots":{},"x.dev":1}')
    expect(principal?.clientInfo?.toString()).toBe('{"name":"test","version":"0"}')
    expect(principal?.connectionKey).toBe(`session:${id}`)
  })
})

describe('notifications of an agent', () => {
  it('that nobody knows go to the server on its own endpoint alone, without what is of one hop', async () => {
    const upstream = serve(() => result('{"content":[]}'))
    const [all, own] = [await session(), await session({}, '/mcp/lab')]
    const body =
      '{"jsonrpc":"2.0","method":"notifications/vendor","params":{"n":1.50,"_meta":{"progressToken":1,"x":2}}}'
    expect((await respond(all, body)).status).toBe(202)
    expect((await respond(own, body, { path: '/mcp/lab' })).status).toBe(202)
    await vi.waitFor(() =>
      expect(upstream.received).toEqual([
        { method: 'notifications/vendor', name: undefined, params: '{"n":1.50,"_meta":{"x":2}}' },
      ]),
    )
  })

  it('about its roots do not go to a server on a connection that others share', async () => {
    const sent: string[] = []
    const shared: UpstreamSession = {
      era: 'legacy',
      protocolVersion: '2025-11-25',
      request: () => Promise.resolve(result('{"content":[]}')),
      notify: (method) => Promise.resolve(void sent.push(method)),
    }
    const upstream = fakeUpstream('lab', toolsNamed('ask'), { session: () => Promise.resolve(shared) })
    gateway.integrations = [served(upstream)]
    gateway.gateway.invalidate('default')
    const id = await session({ roots: {} }, '/mcp/lab')
    await respond(id, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ask' } }, { path: '/mcp/lab' })
    await respond(id, { jsonrpc: '2.0', method: 'notifications/roots/list_changed' }, { path: '/mcp/lab' })
    await respond(id, { jsonrpc: '2.0', method: 'notifications/vendor' }, { path: '/mcp/lab' })
    await vi.waitFor(() => expect(sent).toEqual(['notifications/vendor']))
  })

  it('about its roots go to the servers that have a connection for it alone', async () => {
    const upstream = serve(() => result('{"content":[]}'))
    const [silent, speaking] = [await session(), await session()]
    await respond(speaking, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'lab__ask' } })
    for (const id of [silent, speaking]) {
      await respond(id, { jsonrpc: '2.0', method: 'notifications/roots/list_changed' })
    }
    await vi.waitFor(() =>
      expect(upstream.received.map(({ method }) => method)).toEqual(['tools/call', 'notifications/roots/list_changed']),
    )
  })
})
