import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { RestSettings } from '../../../src/shared/contract/integrations.ts'
import { offerOf } from '../../../src/main/rest/rest-offer.ts'
import { AppError } from '../../../src/main/base/app-error.ts'
import type { RestToolInput } from '../../../src/shared/contract/rest.ts'
import { echoServer, NO_SECRETS, serveRest } from './rest-harness.ts'

const tools: RestToolInput[] = [
  { name: 'get', method: 'GET', path: '/x' },
  { name: 'add', method: 'POST', path: '/x', body: { content_type: 'application/json', schema: {} } },
  { name: 'put', method: 'PUT', path: '/x' },
]
const events = ({ output }: ReturnType<typeof serveRest>) => output.lines().map(({ text }) => text)

describe('a REST API as an upstream', () => {
  it('offers its tools, and is connected without asking anybody', async () => {
    const { origin, sent } = await echoServer()
    const { upstream, states } = serveRest({
      base_url: origin,
      tools: [...tools, { ...tools[0], name: 'get' } as RestToolInput],
    })
    await upstream.session()
    await wait(0)
    expect(upstream.tools.tools.map(({ name }) => name)).toStrictEqual(['get', 'add', 'put'])
    expect(upstream.connection).toMatchObject({ state: 'connected', error: null, tool_count: 3 })
    expect(upstream.connection.warnings).toStrictEqual(['A second tool with the name "get" was left out.'])
    expect(states).toStrictEqual(['connected'])
    expect(sent).toStrictEqual([])
  })

  it('answers what MCP servers are asked', async () => {
    const { ask } = serveRest({ base_url: 'http://127.0.0.1:9', tools })
    expect((await ask('ping', '{}')).bytes.toString()).toBe('{}')
    expect((await ask('prompts/list', '{}')).value).toMatchObject({ code: -32601 })
    expect((await ask('tools/call', '{"name":"none"}')).value).toMatchObject({ code: -32602 })
    expect((await ask('tools/call', '{}')).value).toMatchObject({ code: -32602 })
    expect((await ask('tools/list', '{}')).value).toMatchObject({
      tools: [{ name: 'get' }, { name: 'add' }, { name: 'put' }],
    })
    expect((await ask('tools/call', '{"name":"get","arguments":[]}')).value).toMatchObject({ isError: true })
  })

  it('sends nothing where arguments do not fit', async () => {
    const { origin, sent } = await echoServer()
    const { call, upstream } = serveRest({ base_url: origin, tools })
    const result = await call('get', { limit: 1 })
    expect(result).toMatchObject({ isError: true })
    expect(result.text).toContain('limit: There is no such argument.')
    expect(sent).toStrictEqual([])
    expect(upstream.connection.state).toBe('connected')
  })

  it('refuses arguments that nest without an end', async () => {
    const { call } = serveRest({ base_url: 'http://127.0.0.1:9', tools })
    const deep = `{"body":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect((await call('add', deep)).text).toBe('The arguments nest deeper than 500 levels.')
  })

  it('carries numbers that no double holds both ways', async () => {
    const { origin, sent } = await echoServer(({ body }, _request, response) => {
      response.setHeader('content-type', 'application/json').end(body)
    })
    const { call } = serveRest({ base_url: origin, tools })
    const { json } = await call('add', '{"body":{"id":9007199254740993,"x":[1e400]}}')
    expect(sent[0]?.body.toString()).toBe('{"id":9007199254740993,"x":[1e400]}')
    expect(json).toContain('"structuredContent":{"id":9007199254740993,"x":[1e400]}')
  })

  it('shows that credentials are not accepted, until they are', async () => {
    let status = 401
    const { origin } = await echoServer((_sent, _request, response) => response.writeHead(status).end())
    const served = serveRest({ base_url: origin, tools })
    expect(await served.call('get')).toMatchObject({ isError: true })
    expect(served.upstream.connection).toMatchObject({ state: 'needs_auth', error: { code: 'authorization_required' } })
    status = 200
    await served.call('get')
    expect(served.upstream.connection).toMatchObject({ state: 'connected', error: null })
    expect(served.states).toStrictEqual(['connected', 'needs_auth', 'connected'])
    expect(events(served)).toContain('get (GET /x): HTTP 401 Unauthorized')
  })

  it('shows that the API is not there, until it is', async () => {
    const served = serveRest({ base_url: 'http://127.0.0.1:9', tools, retries: 0 })
    await expect(served.call('get')).rejects.toThrow('Nothing listens at 127.0.0.1:9')
    expect(served.upstream.connection).toMatchObject({ state: 'error', error: { code: 'upstream_unavailable' } })
    served.upstream.restart()
    expect(served.upstream.connection.state).toBe('connected')
  })

  it('is locked while the vault is, and asks it again with the next call', async () => {
    const { origin } = await echoServer()
    let isLocked = true
    const served = serveRest({ base_url: origin, tools }, () => {
      if (isLocked) throw new AppError('vault_locked')
      return NO_SECRETS
    })
    await expect(served.call('get')).rejects.toMatchObject({ code: 'vault_locked' })
    expect(served.upstream.connection.state).toBe('locked')
    isLocked = false
    await served.call('get')
    expect(served.upstream.connection.state).toBe('connected')
  })

  it('uses the secrets as they are at each call, and those it has while the vault is locked', async () => {
    const { origin, sent } = await echoServer()
    let token: string | undefined = 'one'
    const served = serveRest({ base_url: origin, tools }, () => {
      if (token === undefined) throw new AppError('vault_locked')
      return { ...NO_SECRETS, headers: { 'X-Token': token } }
    })
    await served.call('get')
    token = 'two'
    await served.call('get')
    token = undefined
    await served.call('get')
    expect(sent.map(({ headers }) => headers['x-token'])).toStrictEqual(['one', 'two', 'two'])
    expect(served.states).toStrictEqual(['connected'])
  })

  it('takes other tools while it runs', async () => {
    const { origin, sent } = await echoServer()
    const served = serveRest({ base_url: origin, tools })
    const settings = RestSettings.parse({ base_url: origin, tools: [{ name: 'new', method: 'GET', path: '/new' }] })
    served.upstream.retool(settings, offerOf(settings.tools))
    await served.call('new')
    await expect(served.call('get')).rejects.toThrow('There is no tool')
    expect(sent.map(({ url }) => url)).toStrictEqual(['/new'])
    expect(served.upstream.connection.tool_count).toBe(1)
  })

  it('ends what is on its way when it is closed', async () => {
    const { origin, sent } = await echoServer(() => undefined)
    const served = serveRest({ base_url: origin, tools })
    const calling = expect(served.call('get')).rejects.toThrow('The integration was stopped.')
    await vi.waitFor(() => expect(sent).toHaveLength(1))
    await served.upstream.close()
    await calling
    await expect(served.call('get')).rejects.toThrow('The integration was stopped.')
  })
})

describe('requests to a REST API', () => {
  it('end with their call', async () => {
    let ended: Promise<unknown> | undefined
    const { origin } = await echoServer((_sent, request) => {
      ended = once(request.socket, 'close')
    })
    const served = serveRest({ base_url: origin, tools })
    const stopping = new AbortController()
    const calling = served.call('get', {}, stopping.signal)
    await vi.waitFor(() => expect(ended).toBeDefined())
    stopping.abort(new Error('enough'))
    await expect(calling).rejects.toThrow('enough')
    await ended
    expect(served.upstream.connection.state).toBe('connected')
  })

  it('end with the timeout, an answer that never ends as well', async () => {
    const { origin } = await echoServer((_sent, _request, response) => response.write('some'))
    const { call } = serveRest({ base_url: origin, tools, timeout_s: 1 })
    await expect(call('add', { body: 1 })).rejects.toThrow(/did not answer POST \/x in full within 1 s.*not known/)
  })

  it('are so many at a time', async () => {
    let open = 0
    let most = 0
    const { origin } = await echoServer((_sent, _request, response) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        response.end()
      }, 20)
    })
    const { call } = serveRest({ base_url: origin, tools, max_concurrency: 3 })
    await Promise.all(Array.from({ length: 20 }, () => call('get')))
    expect(most).toBe(3)
  })

  it('leave the line with their call', async () => {
    const { origin, sent } = await echoServer(() => undefined)
    const { call } = serveRest({ base_url: origin, tools, max_concurrency: 1 })
    call('get').catch(() => undefined)
    await vi.waitFor(() => expect(sent).toHaveLength(1))
    const stopping = new AbortController()
    const waiting = call('get', {}, stopping.signal)
    stopping.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['get', 429, 3],
    ['put', 503, 3],
    ['add', 503, 1],
    ['add', 429, 1],
    ['get', 500, 1],
  ])('by %s are sent again after %d: %d times in all', async (tool, status, times) => {
    const { origin, sent } = await echoServer((_sent, _request, response) => {
      response.writeHead(status, { 'retry-after': '0' }).end()
    })
    const result = await serveRest({ base_url: origin, tools }).call(tool)
    expect(result.isError).toBe(true)
    expect(sent).toHaveLength(times)
  })

  it('are not sent again where the API wants a long pause', async () => {
    const { origin, sent } = await echoServer((_sent, _request, response) => {
      response.writeHead(429, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }).end()
    })
    await serveRest({ base_url: origin, tools }).call('get')
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['get', 2],
    ['add', 1],
  ])('by %s are sent again after a connection that failed: %d times in all', async (tool, times) => {
    let count = 0
    const { origin } = await echoServer((_sent, request, response) => {
      if (++count === 1) request.socket.destroy()
      else response.end('fine')
    })
    const calling = serveRest({ base_url: origin, tools }).call(tool)
    if (tool === 'get') expect((await calling).text).toBe('fine')
    else await expect(calling).rejects.toThrow('closed the connection')
    expect(count).toBe(times)
  })

  it('go through the proxy', async () => {
    const proxy = await echoServer((_sent, _request, response) => response.end('by proxy'))
    const { call } = serveRest({ base_url: 'http://api.invalid/v1', tools, proxy_url: proxy.origin })
    expect((await call('get')).text).toBe('by proxy')
    expect(proxy.sent[0]?.url).toBe('http://api.invalid/v1/x')
  })
})

describe('redirects', () => {
  it('are followed within the origin', async () => {
    const { origin, sent } = await echoServer(({ url }, _request, response) => {
      if (url === '/x') response.writeHead(302, { location: '/y?a=1' }).end()
      else response.end('there')
    })
    const served = serveRest({ base_url: origin, tools }, { headers: { 'X-Key': 'kkk' } })
    expect((await served.call('add', { body: { a: 1 } })).text).toBe('there')
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toStrictEqual(['POST /x', 'GET /y?a=1'])
    expect(sent[1]?.headers).toMatchObject({ 'x-key': 'kkk' })
    expect(sent[1]?.headers).not.toHaveProperty('content-type')
    expect(sent[1]?.body).toHaveLength(0)
  })

  it('with 307 keep the method and the body', async () => {
    const { origin, sent } = await echoServer(({ url }, _request, response) => {
      if (url === '/x') response.writeHead(307, { location: '/y' }).end()
      else response.end('there')
    })
    await serveRest({ base_url: origin, tools }).call('add', { body: { a: 1 } })
    expect(sent[1]).toMatchObject({ method: 'POST', url: '/y' })
    expect(sent[1]?.body.toString()).toBe('{"a":1}')
  })

  it('to another origin are told, not followed', async () => {
    const other = await echoServer()
    const { origin } = await echoServer((_sent, _request, response) => {
      response.writeHead(302, { location: `${other.origin}/take?key=key-canary-1` }).end()
    })
    const result = await serveRest({ base_url: origin, tools }, { query: { key: 'key-canary-1' } }).call('get')
    expect(result.isError).toBe(true)
    expect(result.text).toContain(
      `It redirects to another origin, where credentials are not sent: ${other.origin}/take`,
    )
    expect(result.text).not.toContain('canary')
    expect(other.sent).toStrictEqual([])
  })

  it('without an end are ended', async () => {
    const { origin, sent } = await echoServer((_sent, _request, response) =>
      response.writeHead(302, { location: '/x' }).end(),
    )
    await expect(serveRest({ base_url: origin, tools }).call('get')).rejects.toThrow('redirects more than 5 times')
    expect(sent).toHaveLength(6)
  })
})

it.each([
  'http://169.254.169.254/latest',
  'http://[::ffff:169.254.169.254]/',
  'http://2852039166/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
])('asks no metadata of a cloud, not even where an admin named it: %s', async (base_url) => {
  const { call } = serveRest({ base_url, tools: [{ name: 'get', method: 'GET', path: '/x' }], retries: 0 })
  await expect(call('get')).rejects.toThrow(/Nothing is asked at/)
})

describe('a tool with another server', () => {
  const elsewhere = (base_url: string): RestToolInput[] => [{ name: 'get', method: 'GET', path: '/x', base_url }]

  it.each([
    'http://169.254.169.254/latest',
    'http://127.0.0.2:9',
    'http://[::1]:9',
    'http://[::ffff:127.0.0.1]:9',
    'http://2130706433:9',
    'http://0x7f.1:9',
    'http://localhost:9',
  ])('reaches no private address: %s', async (base_url) => {
    const { call } = serveRest({ base_url: 'http://127.9.9.9:9', tools: elsewhere(base_url), retries: 0 })
    await expect(call('get')).rejects.toThrow(/private or local address/)
  })

  it('reaches the host of the base URL, and origins that an admin named, which get the credentials', async () => {
    const other = await echoServer()
    const secrets = { headers: { 'X-Key': 'kkk' } }
    await serveRest({ base_url: 'http://127.0.0.1:9', tools: elsewhere(other.origin) }, secrets).call('get')
    expect(other.sent[0]?.headers).not.toHaveProperty('x-key')
    const local = other.origin.replace('127.0.0.1', 'localhost')
    const named = { base_url: 'http://127.9.9.9:9', tools: elsewhere(local), credential_origins: [local] }
    await serveRest(named, secrets).call('get')
    expect(other.sent[1]?.headers).toMatchObject({ 'x-key': 'kkk' })
  })
})
