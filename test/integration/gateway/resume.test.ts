import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ServerRequest, UpstreamAnswer, UpstreamRequest } from '../../../src/main/upstream/upstream.ts'
import {
  fakeUpstream,
  result,
  served,
  startGateway,
  toolsNamed,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream, type OpenStream } from './open-stream.ts'

let gateway: TestGateway
const open: OpenStream[] = []

beforeEach(async () => {
  gateway = await startGateway([])
})
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close()
  await gateway.close()
})

async function session(version = '2025-11-25', token = 'token-one'): Promise<string> {
  const params = { protocolVersion: version, capabilities: { roots: {} }, clientInfo: { name: 'test', version: '0' } }
  const answer = await gateway.post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }, { token })
  return String(answer.headers['mcp-session-id'])
}

async function get(id: string, lastEventId?: string): Promise<OpenStream> {
  const headers = { 'Mcp-Session-Id': id, ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }) }
  const stream = await openStream(gateway, 'GET', '/mcp', headers)
  open.push(stream)
  return stream
}

function refusedGet(id: string, lastEventId: string, token = 'token-one') {
  const headers = {
    Authorization: `Bearer ${token}`,
    Accept: 'text/event-stream',
    'Mcp-Session-Id': id,
    'Last-Event-ID': lastEventId,
  }
  return gateway.send('GET', '/mcp', headers)
}

interface Running {
  request: UpstreamRequest
  tell: (progress: number) => void
  log: (data: string) => void
  ask: () => Promise<UpstreamAnswer>
  finish: () => void
}

/** Calls the tool `work`, and gives its stream and the work, which goes on until it is finished. */
async function call(id: string, callId: unknown = 1): Promise<Running & { stream: OpenStream }> {
  let started: (running: Running) => void
  const running = new Promise<Running>((resolve) => (started = resolve))
  const upstream = fakeUpstream('lab', toolsNamed('work'), {
    answer: (request) =>
      new Promise((resolve, reject) => {
        request.signal?.addEventListener('abort', () => reject(new Error('cancelled')))
        started({
          request,
          tell: (progress) => {
            const value = { progressToken: 1, progress }
            request.onProgress?.({ value, bytes: Buffer.from(JSON.stringify(value)) })
          },
          log: (data) => {
            const value = { level: 'info', data }
            const params = Buffer.from(JSON.stringify(value))
            request.caller?.hear({ method: 'notifications/message', params, value })
          },
          ask: () => {
            const signal = new AbortController().signal
            const asked: ServerRequest = { method: 'roots/list', params: undefined, value: {}, signal }
            return request.caller?.ask(asked) ?? Promise.reject(new Error('nobody'))
          },
          finish: () => resolve(result('{"content":[],"end":true}')),
        })
      }),
  })
  gateway.integrations = [served(upstream)]
  gateway.gateway.invalidate('default')
  const params = { name: 'lab__work', _meta: { progressToken: 't' } }
  const body = JSON.stringify({ jsonrpc: '2.0', id: callId, method: 'tools/call', params })
  const opening = openStream(gateway, 'POST', '/mcp', { 'Mcp-Session-Id': id }, body)
  const work = await running
  work.tell(0)
  const stream = await opening
  open.push(stream)
  expect(await stream.next()).toMatchObject({ params: { progress: 0 } })
  return { ...work, stream }
}

const progress = (value: number) => ({
  method: 'notifications/progress',
  params: { progressToken: 't', progress: value },
})

describe('a stream that a legacy agent has lost', () => {
  it('goes on where it was, on another connection, with the answer', async () => {
    const id = await session()
    const { stream, tell, finish } = await call(id)
    tell(1)
    expect(await stream.next()).toMatchObject(progress(1))
    stream.close()
    tell(2)
    tell(3)
    const again = await get(id, stream.lastEventId)
    expect(await again.next()).toMatchObject(progress(2))
    expect(await again.next()).toMatchObject(progress(3))
    tell(4)
    expect(await again.next()).toMatchObject(progress(4))
    finish()
    expect(await again.next()).toMatchObject({ id: 1, result: { end: true } })
    expect(await again.next()).toBeUndefined()
  })

  it('can still be read when its answer came meanwhile, as often as it is lost', async () => {
    const id = await session()
    const { stream, finish } = await call(id)
    const { lastEventId } = stream
    stream.close()
    finish()
    await vi.waitFor(() => expect(gateway.calls).toMatchObject([{ outcome: 'ok' }]))
    for (let attempt = 0; attempt < 2; attempt++) {
      const again = await get(id, lastEventId)
      expect(await again.next()).toMatchObject({ id: 1, result: { end: true } })
      expect(await again.next()).toBeUndefined()
    }
  })

  it('is not opened again when nothing more can come of it: the client would look for another one', async () => {
    const id = await session()
    const { stream } = await call(id)
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
    await gateway.post(cancelled, { headers: { 'Mcp-Session-Id': id } })
    while ((await stream.next()) !== undefined);
    const { status, headers } = await refusedGet(id, String(stream.lastEventId))
    expect([status, headers.allow]).toEqual([405, 'POST, DELETE'])
  })

  it('is no reason to cancel the call', async () => {
    const id = await session()
    const { stream, request, finish } = await call(id)
    stream.close()
    const other = await call(id, 2)
    other.finish()
    expect(request.signal?.aborted).toBe(false)
    finish()
    await vi.waitFor(() => expect(gateway.calls.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']))
  })

  it('gives nothing of another stream', async () => {
    const id = await session()
    const [one, two] = [await call(id, 'one'), await call(id, 'two')]
    const standing = await get(id)
    one.tell(1)
    two.tell(2)
    one.log('of one')
    one.stream.close()
    const again = await get(id, one.stream.lastEventId)
    one.finish()
    expect(await again.next()).toMatchObject(progress(1))
    expect(await again.next()).toMatchObject({ method: 'notifications/message', params: { data: 'of one' } })
    expect(await again.next()).toMatchObject({ id: 'one' })
    expect(await again.next()).toBeUndefined()
    expect(await two.stream.next()).toMatchObject(progress(2))
    two.finish()
    expect(await two.stream.next()).toMatchObject({ id: 'two' })
    standing.close()
    expect(await standing.next()).toBeUndefined()
  })

  it('brings a server’s request to the agent, which answers it as any other', async () => {
    const id = await session()
    const { stream, ask, finish } = await call(id)
    stream.close()
    const answer = ask()
    const again = await get(id, stream.lastEventId)
    const asked = await again.next()
    expect(asked?.method).toBe('roots/list')
    again.close()
    const headers = { 'Mcp-Session-Id': id }
    await gateway.post({ jsonrpc: '2.0', id: asked?.id, result: { roots: [] } }, { headers })
    expect(await answer).toMatchObject({ kind: 'result', value: { roots: [] } })
    finish()
    const last = await get(id, again.lastEventId)
    expect(await last.next()).toMatchObject({ id: 1, result: { end: true } })
  })

  it.each(['nonsense', '9_1', '1', '_', '1_', '-1_2', '1_1_1', ''])(
    'is not found by an id that is none: %j',
    async (eventId) => {
      const id = await session()
      const { finish } = await call(id)
      const { status, json } = await refusedGet(id, eventId)
      expect([status, json.error.code]).toEqual([400, -32600])
      finish()
    },
  )

  it('is not found in another session, nor by another agent', async () => {
    const [mine, other] = [await session(), await session()]
    const foreign = await session('2025-11-25', 'token-two')
    const { stream, finish } = await call(mine)
    const eventId = stream.lastEventId ?? ''
    expect((await refusedGet(other, eventId)).status).toBe(400)
    expect((await refusedGet(foreign, eventId, 'token-two')).status).toBe(400)
    expect((await refusedGet(mine, eventId, 'token-two')).status).toBe(404)
    finish()
  })

  it.each([
    ['2025-11-25', 1000],
    ['2025-06-18', NaN],
    ['2025-03-26', NaN],
  ])('begins with an id and a time to come back only where the revision knows that: %s', async (version, retry) => {
    const id = await session(version)
    const { stream, finish } = await call(id)
    expect(stream.retry ?? NaN).toBe(retry)
    expect(stream.lastEventId).toBe('1_1')
    finish()
  })

  it('is the GET stream as well: what was said meanwhile is not repeated to who asks for nothing', async () => {
    const id = await session()
    const { request, finish } = await call(id)
    const hear = (data: string) => {
      const value = { level: 'info', data }
      const params = Buffer.from(JSON.stringify(value))
      request.caller?.principal.hear({ method: 'notifications/message', params, value })
    }
    const first = await get(id)
    hear('one')
    expect(await first.next()).toMatchObject({ params: { data: 'one' } })
    const eventId = first.lastEventId
    hear('two')
    const second = await get(id)
    expect(await first.next()).toMatchObject({ params: { data: 'two' } })
    expect(await first.next()).toBeUndefined()
    hear('three')
    expect(await second.next()).toMatchObject({ params: { data: 'three' } })
    const third = await get(id, eventId)
    expect(await third.next()).toMatchObject({ params: { data: 'two' } })
    expect(await third.next()).toMatchObject({ params: { data: 'three' } })
    hear('four')
    expect(await third.next()).toMatchObject({ params: { data: 'four' } })
    finish()
  })
})
