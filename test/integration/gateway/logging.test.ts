import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogLevel, UpstreamRequest } from '../../../src/main/upstream/upstream.ts'
import {
  fakeUpstream,
  modern,
  result,
  served,
  startGateway,
  toolsNamed,
  type Answer,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'

let gateway: TestGateway

beforeEach(async () => {
  gateway = await startGateway([])
})
afterEach(() => gateway.close())

interface Logging {
  upstream: FakeUpstream
  /** The levels that agents want at the moment. */
  wanted: LogLevel[]
}

/** A server whose tool `work` says these `params` (JSON text) of log messages, or of another notification. */
function serve(said: readonly string[], { era = 'legacy', method = 'notifications/message' } = {}): Logging {
  const wanted: LogLevel[] = []
  const hear = ({ caller }: UpstreamRequest) => {
    for (const params of said) {
      caller?.hear({ method, params: Buffer.from(params), value: JSON.parse(params) as Record<string, unknown> })
    }
    return result('{"content":[]}')
  }
  const upstream = {
    ...fakeUpstream('lab', toolsNamed('work'), { era: era === 'modern' ? 'modern' : 'legacy', answer: hear }),
    wantLogLevel: (level: LogLevel) => {
      wanted.push(level)
      return () => void wanted.splice(wanted.indexOf(level), 1)
    },
  }
  gateway.integrations = [served(upstream)]
  gateway.gateway.invalidate('default')
  return { upstream, wanted }
}

async function session(path = '/mcp'): Promise<string> {
  return gateway.initialize({ path })
}

function send(id: string, method: string, params: object, path = '/mcp'): Promise<Answer> {
  return gateway.post({ jsonrpc: '2.0', id: 1, method, params }, { path, headers: { 'Mcp-Session-Id': id } })
}

const work = (id: string, path = '/mcp') =>
  send(id, 'tools/call', { name: path === '/mcp' ? 'lab__work' : 'work' }, path)

/** The messages before the answer. */
function messages({ text }: Answer): unknown[] {
  const data = text.split('\n').flatMap((line) => (line.startsWith('data: {') ? [line.slice('data: '.length)] : []))
  return data.slice(0, -1).map((message) => JSON.parse(message) as unknown)
}

const levels = (answer: Answer) =>
  messages(answer).map((message) => (message as { params: { level: unknown } }).params.level)

const EACH = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']
const EACH_SAID = EACH.map((level) => JSON.stringify({ level, data: 1 }))

describe('a legacy session', () => {
  it('hears everything that the server sends until it sets a level', async () => {
    serve(EACH_SAID)
    const answer = await work(await session())
    expect(answer.headers['content-type']).toBe('text/event-stream')
    expect(levels(answer)).toEqual(EACH)
  })

  it('hears what is as severe as it wants, and what has a level that nobody knows', async () => {
    const { wanted } = serve([...EACH_SAID, '{"level":"loud"}'])
    const [quiet, other] = [await session(), await session()]
    const { status, text } = await send(quiet, 'logging/setLevel', { level: 'error' })
    expect([status, text]).toEqual([200, '{"jsonrpc":"2.0","id":1,"result":{}}'])
    expect(levels(await work(quiet))).toEqual(['error', 'critical', 'alert', 'emergency', 'loud'])
    expect(levels(await work(other))).toEqual([...EACH, 'loud'])
    expect(wanted).toEqual(['error'])
    await send(quiet, 'logging/setLevel', { level: 'debug' })
    expect(wanted).toEqual(['debug'])
    await gateway.send('DELETE', '/mcp', { Authorization: 'Bearer token-one', 'Mcp-Session-Id': quiet })
    expect(wanted).toEqual([])
  })

  it('wants its level of an integration that came later, too', async () => {
    const id = await session()
    await send(id, 'logging/setLevel', { level: 'warning' })
    const { wanted } = serve(EACH_SAID)
    expect(levels(await work(id))).toEqual(EACH.slice(3))
    expect(wanted).toEqual(['warning'])
  })

  it.each([undefined, 'loud', 3, null, 'DEBUG', 'constructor'])('cannot set the level %j', async (level) => {
    const { json } = await send(await session(), 'logging/setLevel', { level })
    expect(json.error).toMatchObject({ code: -32602, message: expect.stringContaining('debug, info') as string })
  })

  it('tells the loggers of several servers apart on /mcp, and sees them as they are on the server’s own endpoint', async () => {
    serve(['{"level":"info","logger":"db","n":1.50}', '{"level":"info","data":1}', '{"level":"info","logger":3}'])
    expect(messages(await work(await session())).map((message) => (message as { params: unknown }).params)).toEqual([
      { level: 'info', logger: 'lab/db', n: 1.5 },
      { logger: 'lab', level: 'info', data: 1 },
      { level: 'info', logger: 'lab' },
    ])
    const own = await work(await session('/mcp/lab'), '/mcp/lab')
    expect(own.text).toContain('"params":{"level":"info","logger":"db","n":1.50}}')
  })

  it.each(['info', 'debug'])('tells a modern server its level with each request: %s', async (level) => {
    const { upstream } = serve([], { era: 'modern' })
    const id = await session()
    if (level === 'debug') await send(id, 'logging/setLevel', { level })
    await work(id)
    expect(upstream.received.at(-1)?.params).toContain(`"io.modelcontextprotocol/logLevel":"${level}"`)
  })
})

describe('a modern request', () => {
  const call = (logLevel?: unknown) => {
    const _meta = logLevel === undefined ? {} : { 'io.modelcontextprotocol/logLevel': logLevel }
    const { body, headers } = modern('tools/call', { name: 'lab__work', _meta })
    return gateway.post(body, { headers })
  }

  it('hears nothing unless it asks for it', async () => {
    const { wanted } = serve(EACH_SAID)
    const answer = await call()
    expect(answer.headers['content-type']).toBe('application/json')
    expect(wanted).toEqual([])
  })

  it.each(['legacy', 'modern'])(
    'hears what is as severe as it wants, of a %s server, as long as it runs',
    async (era) => {
      const { upstream, wanted } = serve(EACH_SAID, { era })
      expect(levels(await call('alert'))).toEqual(['alert', 'emergency'])
      expect(wanted).toEqual([])
      expect(upstream.received[0]?.params.includes('"io.modelcontextprotocol/logLevel":"alert"')).toBe(era === 'modern')
    },
  )

  it('with a level that does not exist hears nothing', async () => {
    serve(EACH_SAID)
    expect((await call('loud')).headers['content-type']).toBe('application/json')
  })
})

describe('other notifications because of a call', () => {
  it.each([
    ['notifications/vendor', '/mcp', 0],
    ['notifications/vendor', '/mcp/lab', 1],
    ['notifications/elicitation/complete', '/mcp', 1],
    ['notifications/tools/list_changed', '/mcp/lab', 0],
    ['notifications/cancelled', '/mcp/lab', 0],
    ['notifications/progress', '/mcp/lab', 0],
  ])('reach a legacy agent where they are for it: %s on %s', async (method, path, count) => {
    serve(['{"n":1.50}'], { method })
    const answer = await work(await session(path), path)
    expect(messages(answer)).toEqual(count === 0 ? [] : [{ jsonrpc: '2.0', method, params: { n: 1.5 } }])
  })

  it.each([
    ['notifications/vendor', 1],
    ['notifications/elicitation/complete', 0],
    ['notifications/tasks/status', 0],
  ])('reach a modern agent where its revision has them: %s', async (method, count) => {
    serve(['{"n":1.50}'], { method })
    const { body, headers } = modern('tools/call', { name: 'work' })
    expect(messages(await gateway.post(body, { headers, path: '/mcp/lab' }))).toHaveLength(count)
  })
})
