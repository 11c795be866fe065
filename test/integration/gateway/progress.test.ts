import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Era, UpstreamRequest } from '../../../src/main/upstream/upstream.ts'
import {
  fakeUpstream,
  modern,
  result,
  rpcError,
  served,
  startGateway,
  toolsNamed,
  type Answer,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream } from './open-stream.ts'

const ERAS: Era[] = ['legacy', 'modern']

let gateway: TestGateway
let session: string

beforeEach(async () => {
  gateway = await startGateway([], { limits: { keepAliveMs: 20 } })
  session = await gateway.initialize()
})
afterEach(() => gateway.close())

type Working = (request: UpstreamRequest & { nonce: string }, tell: (params: string) => void) => Promise<void> | void

/** A tool `work` that tells progress (JSON text of `params`) while it works and gives back its nonce. */
function serveWork(work: Working, answer: (nonce: string) => ReturnType<typeof result> = echoed): void {
  const upstream = fakeUpstream('lab', toolsNamed('work'), {
    answer: async (request) => {
      const { nonce = '' } =
        (JSON.parse(request.params.toString()) as { arguments?: { nonce?: string } }).arguments ?? {}
      await work({ ...request, nonce }, (params) => {
        const value = JSON.parse(params) as Record<string, unknown>
        request.onProgress?.({ value, bytes: Buffer.from(params) })
      })
      return answer(nonce)
    },
  })
  gateway.integrations = [served(upstream)]
  gateway.gateway.invalidate('default')
}

const echoed = (nonce: string) => result(JSON.stringify({ content: [{ type: 'text', text: nonce }] }))
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A call of `work` as JSON text; `token` is JSON text as well. */
function callOf(era: Era, token: string | undefined, { name = 'lab__work', given = '{}', id = '1' } = {}) {
  const { body, headers } = modern('tools/call', { name })
  const meta = era === 'modern' ? JSON.stringify(body.params._meta).slice(1, -1) : ''
  const members = [meta, token === undefined ? '' : `"progressToken":${token}`].filter((part) => part !== '')
  const params = `{"name":"${name}","arguments":${given},"_meta":{${members.join(',')}}}`
  return {
    body: `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`,
    headers: era === 'modern' ? headers : { 'Mcp-Session-Id': session },
  }
}

function call(era: Era, token?: string, options: { name?: string; given?: string } = {}): Promise<Answer> {
  const { body, headers } = callOf(era, token, options)
  return gateway.post(body, { headers })
}

function eventsIn(text: string): string[] {
  const data = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []))
  return data.filter((message) => message !== '')
}

describe.each(ERAS)('progress for a %s agent', (era) => {
  it.each(['7', '"t"', '12345678901234567890', '1.50', '"\\u0041é\\n"'])(
    'comes on the stream of its call under its own token %s, before the result',
    async (token) => {
      serveWork((_request, tell) => {
        tell('{"progressToken":99,"progress":1,"total":2.0,"message":"\\u0041"}')
        tell('{ "progress":1e0 , "progressToken" : 99, "later":{"x":1.0} }')
      })
      const { status, headers, text } = await call(era, token)
      expect([status, headers['content-type']]).toEqual([200, 'text/event-stream'])
      expect(headers['x-accel-buffering']).toBe('no')
      const [first, second, answer, ...more] = eventsIn(text)
      const start = '{"jsonrpc":"2.0","method":"notifications/progress","params":'
      expect(first).toBe(`${start}{"progressToken":${token},"progress":1,"total":2.0,"message":"\\u0041"}}`)
      expect(second).toBe(`${start}{ "progress":1e0 , "progressToken" : ${token}, "later":{"x":1.0} }}`)
      expect(JSON.parse(answer ?? '')).toMatchObject({ id: 1, result: { content: [{ text: '' }] } })
      expect(more).toEqual([])
    },
  )

  it('leaves an answer without any as it is', async () => {
    serveWork(() => undefined)
    const { headers, json } = await call(era, '7')
    expect(headers['content-type']).toBe('application/json')
    expect(json.result.content).toEqual([{ type: 'text', text: '' }])
  })

  it.each([undefined, 'null', '{}', '[1]', 'true'])('is not asked for without a token: %s', async (token) => {
    let asked: unknown = 'never called'
    serveWork(({ onProgress }) => {
      asked = onProgress
    })
    await call(era, token)
    expect(asked).toBeUndefined()
  })

  it('comes with a call inside call_tool', async () => {
    serveWork((_request, tell) => tell('{"progressToken":1,"progress":1}'))
    const { text } = await call(era, '"mine"', { name: 'call_tool', given: '{"name":"lab__work"}' })
    expect(text).toContain('"progressToken":"mine"')
  })

  it('is dropped after the end, and when it is far too long or names no token', async () => {
    let late: (() => void) | undefined
    serveWork((_request, tell) => {
      tell(JSON.stringify({ progressToken: 1, progress: 1, message: 'x'.repeat(70_000) }))
      tell('{"progress":1}')
      tell('{"progressToken":1,"progress":2}')
      late = () => tell('{"progressToken":1,"progress":3}')
    })
    const { body, headers } = callOf(era, '7')
    const stream = await openStream(gateway, 'POST', '/mcp', headers, body)
    expect((await stream.next())?.params).toMatchObject({ progress: 2 })
    expect((await stream.next())?.id).toBe(1)
    late?.()
    expect(await stream.next()).toBeUndefined()
  })

  it('is followed by an error, whose status can then only be 200', async () => {
    serveWork(
      (_request, tell) => tell('{"progressToken":1,"progress":1}'),
      () => rpcError('{"code":-32021,"message":"no"}'),
    )
    const { status, text } = await call(era, '7')
    expect(status).toBe(200)
    expect(eventsIn(text).at(-1)).toBe('{"jsonrpc":"2.0","id":1,"error":{"code":-32021,"message":"no"}}')
  })

  it('keeps answers on one line, large ones too', async () => {
    const lines = `{\n "content": [\r\n ],\n "pad": "${'x'.repeat(40_000)}" }`
    serveWork(
      (_request, tell) => tell('{\n"progressToken":1,\r"progress":1}'),
      () => ({ kind: 'result', bytes: Buffer.from(lines), value: JSON.parse(lines) }),
    )
    const events = eventsIn((await call(era, '7')).text)
    expect(events.map((event) => Object.keys(JSON.parse(event) as object)[1])).toEqual(['method', 'id'])
  })

  it('has a stream that is kept open by comments while nothing happens', async () => {
    let finish: (() => void) | undefined
    serveWork(async (_request, tell) => {
      tell('{"progressToken":1,"progress":1}')
      await new Promise<void>((resolve) => {
        finish = resolve
      })
    })
    const { body, headers } = callOf(era, '7')
    const stream = await openStream(gateway, 'POST', '/mcp', headers, body)
    await stream.next()
    const rest = stream.next()
    await expect.poll(() => stream.comments).toBeGreaterThan(2)
    finish?.()
    expect((await rest)?.id).toBe(1)
    expect(await stream.next()).toBeUndefined()
  })

  it('is not queued for an agent that does not read: it gets the newest when it does', async () => {
    const count = 2_000
    const pad = 'x'.repeat(16_000)
    let finish: (() => void) | undefined
    const told = new Promise<void>((resolve) => {
      serveWork(async (_request, tell) => {
        for (let progress = 1; progress <= count; progress++) {
          tell(`{"progressToken":1,"progress":${progress},"message":"${pad}"}`)
          if (progress % 20 === 0) await turn()
        }
        resolve()
        await new Promise<void>((done) => {
          finish = done
        })
      })
    })
    const { body, headers } = callOf(era, '7')
    const request = httpRequest({
      port: gateway.port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/mcp',
      agent: false,
      headers: {
        Authorization: 'Bearer token-one',
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
    })
    request.end(body)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await told
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    finish?.()
    await once(response, 'end')
    const events = eventsIn(Buffer.concat(chunks).toString()).map((event) => JSON.parse(event) as Answer['json'])
    const heard = events
      .slice(0, -1)
      .map((event) => (event as unknown as { params: { progress: number } }).params.progress)
    expect(heard.length).toBeLessThan(count)
    expect(heard).toEqual(heard.toSorted((a, b) => a - b))
    expect(heard.at(-1)).toBe(count)
    expect(events.at(-1)?.id).toBe(1)
  })
})

describe('progress of two agents with the same token', () => {
  it('never reaches the other one, with twenty calls of both eras at once', async () => {
    serveWork(async ({ nonce }, tell) => {
      for (let progress = 1; progress <= 5; progress++) {
        tell(JSON.stringify({ progressToken: 1, progress, message: nonce }))
        await turn()
      }
    })
    // One that knows the tools by now: nothing but the calls happens on its stream.
    const first = await gateway.initialize()
    const sessions = { 'token-one': first, 'token-two': await gateway.initialize({ token: 'token-two' }) }
    const other = await openStream(gateway, 'GET', '/mcp', { 'Mcp-Session-Id': first })
    const calls = Array.from({ length: 20 }, async (_, index) => {
      const token = index % 2 === 0 ? 'token-one' : 'token-two'
      const era = index % 4 < 2 ? 'legacy' : 'modern'
      const nonce = `${token} ${index}`
      const { body, headers } = callOf(era, '"same"', { given: JSON.stringify({ nonce }), id: String(index) })
      const own = era === 'legacy' ? { 'Mcp-Session-Id': sessions[token] } : headers
      const { text } = await gateway.post(body, { token, headers: own })
      const events = eventsIn(text).map(
        (event) => JSON.parse(event) as { params?: object; id?: number; result?: object },
      )
      const expected = Array.from({ length: 5 }, (_unused, at) => {
        return { progressToken: 'same', progress: at + 1, message: nonce }
      })
      expect(events.slice(0, -1).map(({ params }) => params)).toEqual(expected)
      expect(events.at(-1)).toMatchObject({ id: index, result: { content: [{ text: nonce }] } })
    })
    await Promise.all(calls)
    gateway.gateway.endStreams()
    expect(await other.next()).toBeUndefined()
  })
})

describe('a batch', () => {
  it('is answered by one JSON body, without progress', async () => {
    const asked: unknown[] = []
    serveWork(({ onProgress }) => void asked.push(onProgress))
    const old = await gateway.initialize({ version: '2025-03-26' })
    const calls = [callOf('legacy', '7', { id: '1' }), callOf('legacy', '8', { id: '2' })]
    const { headers, json } = await gateway.post(`[${calls.map(({ body }) => body).join(',')}]`, {
      headers: { 'Mcp-Session-Id': old },
    })
    expect(headers['content-type']).toBe('application/json')
    expect(json).toMatchObject([{ id: 1 }, { id: 2 }])
    expect(asked).toEqual([undefined, undefined])
  })
})

describe('the end of a call with progress', () => {
  /** Starts `work`, which tells once and then waits to be cancelled or finished. */
  async function startWork(era: Era) {
    const work: { signal?: AbortSignal | undefined; finish?: () => void } = {}
    serveWork(({ signal }, tell) => {
      tell('{"progressToken":1,"progress":1}')
      return new Promise((resolve, reject) => {
        Object.assign(work, { signal, finish: resolve })
        signal?.addEventListener('abort', () => reject(new Error('cancelled')))
      })
    })
    const { body, headers } = callOf(era, '7', { id: '"call"' })
    const stream = await openStream(gateway, 'POST', '/mcp', headers, body)
    await stream.next()
    return { work, stream }
  }

  it('is its cancellation upstream when a modern agent closes the stream', async () => {
    const { work, stream } = await startWork('modern')
    stream.close()
    await expect.poll(() => work.signal?.aborted).toBe(true)
    await expect.poll(() => gateway.calls.map(({ outcome }) => outcome)).toEqual(['cancelled'])
  })

  it('is not when a legacy agent does: the call goes on to its end', async () => {
    const { work, stream } = await startWork('legacy')
    stream.close()
    expect(await stream.next()).toBeUndefined()
    // The gateway has seen it as well when it has answered a later request of the same agent.
    await gateway.post({ jsonrpc: '2.0', id: 2, method: 'ping' }, { headers: { 'Mcp-Session-Id': session } })
    expect(work.signal?.aborted).toBe(false)
    work.finish?.()
    await expect.poll(() => gateway.calls.map(({ outcome }) => outcome)).toEqual(['ok'])
  })

  it('is when a legacy agent says so', async () => {
    const { work, stream } = await startWork('legacy')
    const params = { requestId: 'call' }
    const headers = { 'Mcp-Session-Id': session }
    await gateway.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params }, { headers })
    expect(await stream.next()).toMatchObject({ id: 'call', error: { code: -32800 } })
    expect(await stream.next()).toBeUndefined()
    expect(work.signal?.aborted).toBe(true)
  })
})
