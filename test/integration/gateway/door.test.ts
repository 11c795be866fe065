import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLimited } from '../../../src/main/http/body.ts'
import { HttpServer } from '../../../src/main/http/server.ts'
import {
  fakeUpstream,
  log,
  modern,
  served,
  startGateway,
  toolsNamed,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'

let gateway: TestGateway

beforeEach(async () => {
  gateway = await startGateway([served(fakeUpstream('files', toolsNamed('read')))], {
    limits: { maxBodyBytes: 1024 * 1024 },
    allowedHosts: ['gate.example'],
  })
})
afterEach(() => gateway.close())

const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
const token = { Authorization: 'Bearer token-one' }

describe('the host guard', () => {
  it.each(['/mcp', '/mcp/files', '/api/v1/status', '/', '/healthz', '/nothing'])(
    'refuses a foreign Host on %s, whatever the token',
    async (path) => {
      for (const Host of ['evil.example', `evil.example:${gateway.port}`, '127.0.0.1:1', '127.0.0.1.evil.example']) {
        expect((await gateway.send('GET', path, { Host, ...token })).status).toBe(403)
      }
    },
  )

  it('admits the loopback names with the port and the allowed hosts', async () => {
    for (const Host of [
      `127.0.0.1:${gateway.port}`,
      `LOCALHOST:${gateway.port}`,
      `[::1]:${gateway.port}`,
      'gate.example',
      'gate.example:8443',
    ]) {
      expect(await gateway.send('GET', '/healthz', { Host })).toMatchObject({ status: 200, text: '' })
    }
  })
})

describe('a web page', () => {
  it.each(['https://evil.example', 'null', 'http://localhost', ''])('is refused: Origin %j', async (Origin) => {
    const answer = await gateway.post(modern('tools/list').body, {
      headers: { Origin, ...modern('tools/list').headers },
    })
    expect(answer.status).toBe(403)
  })

  it('is refused even with the own origin, and before the token is looked at', async () => {
    const Origin = `http://127.0.0.1:${gateway.port}`
    expect((await gateway.send('POST', '/mcp', { Origin })).status).toBe(403)
  })

  it('gets no CORS headers from OPTIONS', async () => {
    for (const headers of [{}, { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' }]) {
      const answer = await gateway.send('OPTIONS', '/mcp', headers)
      expect([403, 405]).toContain(answer.status)
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('the token', () => {
  it.each([
    ['none', {}],
    ['a wrong one', { Authorization: 'Bearer wrong' }],
    ['another scheme', { Authorization: 'Basic token-one' }],
    ['one with something behind it', { Authorization: 'Bearer token-one x' }],
    ['a name of Object.prototype', { Authorization: 'Bearer constructor' }],
  ])('is needed: %s', async (_case, headers) => {
    const answer = await gateway.send('POST', '/mcp', headers, JSON.stringify(list))
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  })

  it('counts only in the Authorization header', async () => {
    expect(
      (await gateway.send('POST', '/mcp?token=token-one&access_token=token-one', { Cookie: 'token=token-one' })).status,
    ).toBe(401)
  })

  it('takes the scheme in any case', async () => {
    expect((await gateway.post(list, { headers: { Authorization: 'bearer token-one' } })).status).toBe(400)
  })
})

describe('the request', () => {
  it('must be JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
      expect((await gateway.post(list, { headers: { 'Content-Type': type } })).status).toBe(415)
    }
    expect((await gateway.post(list, { headers: { 'Content-Encoding': 'gzip' } })).status).toBe(415)
    expect((await gateway.post(list, { headers: { 'Content-Type': 'Application/JSON; charset=utf-8' } })).status).toBe(
      400,
    )
  })

  it('must accept both kinds of answer', async () => {
    const { body, headers } = modern('tools/list')
    const status = async (Accept: string) => (await gateway.post(body, { headers: { ...headers, Accept } })).status
    expect(await status('application/json')).toBe(406)
    expect(await status('text/event-stream')).toBe(406)
    expect(await status('text/html')).toBe(406)
    expect(await status('*/*')).toBe(200)
    expect(await status('application/*, text/*;q=0.5')).toBe(200)
    expect(await status('text/event-stream, application/json')).toBe(200)
  })

  it('must stay under the body limit, announced or not', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1, 0x20)
    expect((await gateway.post(large)).status).toBe(413)
    const chunked = await gateway.post(large, { headers: { 'Transfer-Encoding': 'chunked' } })
    expect(chunked.status).toBe(413)
    expect(
      (await gateway.post('', { headers: { 'Content-Length': String(10 ** 12) } }).catch(() => ({ status: 413 })))
        .status,
    ).toBe(413)
    expect((await gateway.post(Buffer.alloc(1024 * 1024, 0x20))).json.error.code).toBe(-32700)
  })

  it('goes to an integration that is served, or nowhere', async () => {
    for (const path of ['/mcp/nothing', '/mcp/', '/mcp/files/more', '/mcp/__proto__']) {
      const answer = await gateway.post(list, { path })
      expect([path, answer.status, answer.json.error.code]).toEqual([path, 404, -32600])
    }
    expect((await gateway.send('GET', '/mcpx', token)).status).toBe(404)
  })

  it('may have 16 KiB of headers', async () => {
    expect((await gateway.send('GET', '/healthz', { 'X-Long': 'x'.repeat(17 * 1024) })).status).toBe(431)
  })
})

describe('one agent', () => {
  it('can run so many calls at once and is then told to wait; another agent is not', async () => {
    await gateway.close()
    const waiting: (() => void)[] = []
    const slow = fakeUpstream('slow', toolsNamed('wait'), {
      answer: () =>
        new Promise((resolve) => {
          waiting.push(() => resolve({ kind: 'result', bytes: Buffer.from('{}'), value: {} }))
        }),
    })
    gateway = await startGateway([served(slow)], { limits: { callsPerAgent: 3 } })
    const { body, headers } = modern('tools/call', { name: 'slow__wait' })
    const calls = [1, 2, 3].map(() => gateway.post(body, { headers }))
    await expect.poll(() => waiting.length).toBe(3)
    const refused = await gateway.post(body, { headers })
    expect(refused.status).toBe(429)
    expect(refused.headers['retry-after']).toBe('1')
    const other = gateway.post(body, { headers, token: 'token-two' })
    await expect.poll(() => waiting.length).toBe(4)
    for (const finish of waiting) finish()
    expect((await Promise.all([...calls, other])).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect((await gateway.post(modern('tools/list').body, { headers: modern('tools/list').headers })).status).toBe(200)
  })
})

describe('an agent with a limit of calls', () => {
  let clock: number

  beforeEach(async () => {
    await gateway.close()
    clock = 0
    gateway = await startGateway([served(fakeUpstream('files', toolsNamed('read')))], {
      callsPerMinute: () => 2,
      now: () => clock,
    })
  })

  it('is told when to call again, over HTTP and in the words of JSON-RPC; another agent is not', async () => {
    const { body, headers } = modern('tools/call', { name: 'files__read' })
    for (let call = 0; call < 2; call++) expect((await gateway.post(body, { headers })).status).toBe(200)
    const refused = await gateway.post(body, { headers })
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '30' } })
    expect(refused.json).toMatchObject({
      id: 1,
      error: { code: -32603, data: { code: 'rate_limited', retry_after_seconds: 30 } },
    })
    expect(refused.json.error.message).toBe(
      'Too many calls in a minute: this agent has reached its limit. Call again in 30 s.',
    )
    expect((await gateway.post(body, { headers, token: 'token-two' })).status).toBe(200)
    clock += 30_000
    expect((await gateway.post(body, { headers })).status).toBe(200)
  })

  it('can open and list as often as it likes', async () => {
    const { body, headers } = modern('tools/call', { name: 'files__read' })
    for (let call = 0; call < 3; call++) await gateway.post(body, { headers })
    expect((await gateway.post(modern('tools/list').body, { headers: modern('tools/list').headers })).status).toBe(200)
    const session = await gateway.initialize()
    expect((await gateway.post(list, { headers: { 'Mcp-Session-Id': session } })).status).toBe(200)
  })
})

describe('the listener', () => {
  it('takes a client that hangs up in the middle of its body for nothing unusual', async () => {
    const faults: unknown[] = []
    let entered: (() => void) | undefined
    let left: (() => void) | undefined
    const reading = new Promise<void>((resolve) => (entered = resolve))
    const gone = new Promise<void>((resolve) => (left = resolve))
    const door = {
      handle: async (request: IncomingMessage) => {
        entered?.()
        try {
          await readLimited(request, 1000)
          return true
        } finally {
          setImmediate(() => left?.())
        }
      },
    }
    const server = new HttpServer({
      host: '127.0.0.1',
      port: 0,
      allowedHosts: [],
      doors: [door],
      log: { error: (fields: object | string) => faults.push(fields) },
    })
    const port = await server.listen()
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 100\r\n\r\n{`)
    await reading
    socket.destroy()
    await gone
    await server.close()
    expect(faults).toEqual([])
  })

  it('says which port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    const server = new HttpServer({ host: '127.0.0.1', port, allowedHosts: [], doors: [], log })
    await expect(server.listen()).rejects.toThrow(`Port ${port}`)
    holder.close()
  })

  it('lets a running call finish when it closes, and takes no new one', async () => {
    await gateway.close()
    let finish: (() => void) | undefined
    const slow = fakeUpstream('slow', toolsNamed('wait'), {
      answer: () =>
        new Promise((resolve) => {
          finish = () => resolve({ kind: 'result', bytes: Buffer.from('{"content":[]}'), value: {} })
        }),
    })
    gateway = await startGateway([served(slow)])
    const { body, headers } = modern('tools/call', { name: 'slow__wait' })
    const call = gateway.post(body, { headers })
    await expect.poll(() => finish).toBeDefined()
    const closing = gateway.close()
    await expect(gateway.post(body, { headers })).rejects.toThrow('ECONNREFUSED')
    finish?.()
    const answer = await call
    expect(answer.status).toBe(200)
    expect(answer.headers.connection).toBe('close')
    await closing
  })

  it('does not wait for an agent that keeps its connection after its stream has ended', async () => {
    let stream: ServerResponse | undefined
    const door = {
      handle: (_request: IncomingMessage, response: ServerResponse) => {
        stream = response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        stream.flushHeaders()
        return Promise.resolve(true)
      },
      endStreams: () => stream?.end(),
    }
    const server = new HttpServer({ host: '127.0.0.1', port: 0, allowedHosts: [], doors: [door], log })
    const agent = new Agent({ keepAlive: true })
    const request = httpRequest({ port: await server.listen(), host: '127.0.0.1', agent }).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    response.resume()
    // Longer than the test may take: only the end of the connection itself can close the server in time.
    await server.close(600_000)
    agent.destroy()
  })
})
