import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  fakeUpstream,
  served,
  startGateway,
  toolsNamed,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream, type OpenStream } from './open-stream.ts'

let files: FakeUpstream
let gateway: TestGateway
let clock = 0
const streams: OpenStream[] = []

beforeEach(async () => {
  clock = 0
  files = fakeUpstream('files', toolsNamed('read', 'write'))
  gateway = await startGateway([served(files, { disabledTools: ['write'] })], {
    now: () => clock,
    limits: { sessionsPerAgent: 3, keepAliveMs: 20 },
  })
})
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close()
  await gateway.close()
})

const rpc = (method: string, params?: object, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params ? { params } : {}),
})
const inSession = (session: string, version = '2025-11-25') => ({
  headers: { 'Mcp-Session-Id': session, 'MCP-Protocol-Version': version },
})

async function listen(session: string): Promise<OpenStream> {
  const stream = await openStream(gateway, 'GET', '/mcp', { 'Mcp-Session-Id': session })
  streams.push(stream)
  return stream
}

function changeTools(...names: string[]): void {
  gateway.integrations = [served(fakeUpstream('files', toolsNamed(...names)))]
  gateway.gateway.invalidate('default')
}

describe('initialize', () => {
  it.each([
    ['2025-11-25', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2025-03-26', '2025-03-26'],
    ['2024-11-05', '2025-11-25'],
    ['2026-07-28', '2025-11-25'],
    ['1999-01-01', '2025-11-25'],
  ])('asked for %s answers %s', async (wanted, given) => {
    const params = { protocolVersion: wanted, capabilities: {}, clientInfo: { name: 'test', version: '0' } }
    const { status, headers, json } = await gateway.post(rpc('initialize', params))
    expect(status).toBe(200)
    expect(headers['mcp-session-id']).toMatch(/^[\x21-\x7e]{22,}$/)
    expect(json.result).toMatchObject({
      protocolVersion: given,
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: 'gatehouse', version: '1.2.3' },
    })
    expect(json.result).not.toHaveProperty('resultType')
  })

  it('does not wait for an upstream that never connects', async () => {
    const never = fakeUpstream('never', toolsNamed('read'), { session: () => new Promise(() => undefined) })
    gateway.integrations = [served(never)]
    gateway.gateway.invalidate('default')
    const session = await gateway.initialize()
    const { json } = await gateway.post(rpc('tools/list'), inSession(session))
    expect((json.result.tools as unknown[]).length).toBe(2)
  })

  it('needs a protocol version', async () => {
    expect((await gateway.post(rpc('initialize', {}))).json.error.code).toBe(-32602)
  })
})

describe('a session', () => {
  it('is needed: 400 without, 404 for an unknown one', async () => {
    expect((await gateway.post(rpc('tools/list'))).status).toBe(400)
    const unknown = await gateway.post(rpc('tools/list'), inSession('0'.repeat(32)))
    expect([unknown.status, unknown.json.id]).toEqual([404, 1])
  })

  it('does not exist for another agent, another workspace or another endpoint', async () => {
    const session = await gateway.initialize()
    expect((await gateway.post(rpc('ping'), { ...inSession(session), token: 'token-two' })).status).toBe(404)
    expect((await gateway.post(rpc('ping'), { ...inSession(session), token: 'token-elsewhere' })).status).toBe(404)
    expect((await gateway.post(rpc('ping'), { ...inSession(session), path: '/mcp/files' })).status).toBe(404)
    const stolen = { Authorization: 'Bearer token-two', Accept: 'text/event-stream', 'Mcp-Session-Id': session }
    expect((await gateway.send('GET', '/mcp', stolen)).status).toBe(404)
    expect((await gateway.send('DELETE', '/mcp', stolen)).status).toBe(404)
    expect((await gateway.post(rpc('ping'), inSession(session))).json.result).toEqual({})
  })

  it('ends by DELETE', async () => {
    const session = await gateway.initialize()
    const headers = { Authorization: 'Bearer token-one', 'Mcp-Session-Id': session }
    expect((await gateway.send('DELETE', '/mcp', headers)).status).toBe(200)
    expect((await gateway.post(rpc('ping'), inSession(session))).status).toBe(404)
    expect((await gateway.send('DELETE', '/mcp', headers)).status).toBe(404)
  })

  it('ends after 30 minutes without a request', async () => {
    const session = await gateway.initialize()
    clock = 29 * 60_000
    expect((await gateway.post(rpc('ping'), inSession(session))).status).toBe(200)
    clock += 29 * 60_000
    expect((await gateway.post(rpc('ping'), inSession(session))).status).toBe(200)
    clock += 30 * 60_000
    expect((await gateway.post(rpc('ping'), inSession(session))).status).toBe(404)
  })

  it('ends when its agent has too many: the quietest goes', async () => {
    const sessions: string[] = []
    for (const _ of [1, 2, 3]) sessions.push(await gateway.initialize())
    clock = 1
    await gateway.post(rpc('ping'), inSession(sessions[0] ?? ''))
    sessions.push(await gateway.initialize())
    const alive = await Promise.all(
      sessions.map(async (session) => (await gateway.post(rpc('ping'), inSession(session))).status),
    )
    expect(alive).toEqual([200, 404, 200, 200])
  })

  it('ends when its agent is removed', async () => {
    const session = await gateway.initialize()
    const stream = await listen(session)
    gateway.gateway.endSessionsOf('one')
    expect(await stream.next()).toBeUndefined()
    expect((await gateway.post(rpc('ping'), inSession(session))).status).toBe(404)
  })
})

describe('the version header', () => {
  it('may be missing and must be a known one otherwise', async () => {
    const session = await gateway.initialize()
    expect((await gateway.post(rpc('ping'), { headers: { 'Mcp-Session-Id': session } })).status).toBe(200)
    expect((await gateway.post(rpc('ping'), inSession(session, '2025-03-26'))).status).toBe(200)
    expect((await gateway.post(rpc('ping'), inSession(session, '1999-01-01'))).status).toBe(400)
  })
})

describe('messages', () => {
  it('without an answer get 202', async () => {
    const session = await gateway.initialize()
    for (const message of [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', method: 'notifications/unknown', params: {} },
      { jsonrpc: '2.0', id: 5, result: {} },
    ]) {
      const { status, text } = await gateway.post(message, inSession(session))
      expect([status, text]).toEqual([202, ''])
    }
  })

  it.each(['tools/other', 'server/discover', 'vendor/method', 'toString'])(
    'of a method that is not served get -32601: %s',
    async (method) => {
      const session = await gateway.initialize()
      const { status, json } = await gateway.post(rpc(method), inSession(session))
      expect([status, json.id, json.error.code]).toEqual([200, 1, -32601])
    },
  )

  it.each([
    ['{', -32700],
    ['', -32700],
    ['\ufeff{}', -32700],
    ['null', -32600],
    ['"text"', -32600],
    ['{}', -32600],
    ['[]', -32600],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600],
    ['{"id":1,"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":7}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":null}', -32600],
    ['{"jsonrpc":"2.0","result":{}}', -32600],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, -32600],
  ])('that are malformed get 400: %.60s', async (body, code) => {
    const session = await gateway.initialize()
    const { status, json } = await gateway.post(body, inSession(session))
    expect([status, json.error.code]).toEqual([400, code])
  })

  it('name the id of a malformed request where it can be read', async () => {
    expect((await gateway.post('{"jsonrpc":"2.0","id":"a","method":1}')).json.id).toBe('a')
  })
})

describe('a batch', () => {
  const batch = [
    rpc('ping', undefined, 'a'),
    { jsonrpc: '2.0', method: 'notifications/x' },
    rpc('none', undefined, 2),
    7,
  ]

  it('is answered in 2025-03-26', async () => {
    const session = await gateway.initialize({ version: '2025-03-26' })
    const { status, json } = await gateway.post(batch, inSession(session, '2025-03-26'))
    expect(status).toBe(200)
    expect(json).toMatchObject([
      { id: 'a', result: {} },
      { id: 2, error: { code: -32601 } },
      { id: null, error: { code: -32600 } },
    ])
    const quiet = await gateway.post([{ jsonrpc: '2.0', method: 'notifications/x' }], inSession(session))
    expect(quiet.status).toBe(202)
  })

  it('is refused everywhere else', async () => {
    const session = await gateway.initialize()
    const refused = await gateway.post(batch, inSession(session))
    expect([refused.status, refused.json.error.code]).toEqual([400, -32600])
    const modernBatch = await gateway.post(batch, { headers: { 'MCP-Protocol-Version': '2026-07-28' } })
    expect([modernBatch.status, modernBatch.json.error.code]).toEqual([400, -32600])
  })

  it('has a largest size', async () => {
    const session = await gateway.initialize({ version: '2025-03-26' })
    const large = Array.from({ length: 101 }, (_, id) => rpc('ping', undefined, id))
    expect((await gateway.post(large, inSession(session))).status).toBe(400)
  })
})

describe('the notification stream', () => {
  it('tells of changes once each, and is kept open by comments', async () => {
    const session = await gateway.initialize()
    await gateway.post(rpc('tools/list'), inSession(session))
    const stream = await listen(session)
    changeTools('read', 'first')
    changeTools('read', 'second')
    expect(await stream.next()).toEqual({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
    await expect.poll(() => stream.comments).toBeGreaterThan(2)
    changeTools('read', 'third')
    expect(await stream.next()).toEqual({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
    gateway.gateway.endStreams()
    expect(await stream.next()).toBeUndefined()
  })

  it('tells what changed before it was opened', async () => {
    const session = await gateway.initialize()
    const observer = await gateway.initialize()
    await gateway.post(rpc('tools/list'), inSession(session))
    const observed = await listen(observer)
    changeTools('read', 'new')
    await observed.next()
    const stream = await listen(session)
    expect((await stream.next())?.method).toBe('notifications/tools/list_changed')
  })

  it('is replaced when the agent opens it again', async () => {
    const session = await gateway.initialize()
    const first = await listen(session)
    const second = await listen(session)
    expect(await first.next()).toBeUndefined()
    await gateway.post(rpc('tools/list'), inSession(session))
    changeTools('other')
    expect((await second.next())?.method).toBe('notifications/tools/list_changed')
  })

  it('needs a session and an Accept header', async () => {
    const headers = { Authorization: 'Bearer token-one', Accept: 'text/event-stream' }
    expect((await gateway.send('GET', '/mcp', headers)).status).toBe(400)
    expect((await gateway.send('GET', '/mcp', { ...headers, 'Mcp-Session-Id': 'x' })).status).toBe(404)
    expect((await gateway.send('GET', '/mcp', { ...headers, Accept: 'application/json' })).status).toBe(406)
  })
})

describe('notifications/cancelled', () => {
  it('cancels that call of that session and no other', async () => {
    const cancelled: string[] = []
    const started: string[] = []
    const slow = fakeUpstream('slow', toolsNamed('wait'), {
      answer: ({ params, signal }) =>
        new Promise((resolve) => {
          const { arguments: given } = JSON.parse(params.toString()) as { arguments: { nonce: string } }
          started.push(given.nonce)
          signal?.addEventListener('abort', () => {
            cancelled.push(given.nonce)
            resolve({ kind: 'result', bytes: Buffer.from('{}'), value: {} })
          })
          if (given.nonce !== 'mine')
            setTimeout(() => resolve({ kind: 'result', bytes: Buffer.from('{}'), value: {} }), 300)
        }),
    })
    gateway.integrations = [served(slow)]
    gateway.gateway.invalidate('default')
    const [mine, other] = [await gateway.initialize(), await gateway.initialize({ token: 'token-two' })]
    const call = (nonce: string) => rpc('tools/call', { name: 'slow__wait', arguments: { nonce } }, 'same id')
    const calls = [
      gateway.post(call('mine'), inSession(mine)),
      gateway.post(call('other'), { ...inSession(other), token: 'token-two' }),
    ]
    await expect.poll(() => started.length).toBe(2)
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'same id' } }
    expect((await gateway.post(cancel, inSession(mine))).status).toBe(202)
    await Promise.all(calls)
    expect(cancelled).toEqual(['mine'])
  })
})
