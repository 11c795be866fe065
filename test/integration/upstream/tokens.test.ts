import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import type { UpstreamSecrets } from '../../../src/main/upstream/upstream.ts'
import { FakeTokenSource, signInNeeded } from '../../helpers/fake-token-source.ts'
import { serveHttp } from '../../helpers/serve-http.ts'
import { startBadHttpServer, type BadHttpServer } from '../../servers/bad-http-server.ts'
import { startBadSseServer, type BadSseServer } from '../../servers/bad-sse-server.ts'
import { readBody } from '../../servers/http-text.ts'
import { CHALLENGE, startTokenGuard, type GuardedRequest, type TokenGuard } from '../../servers/token-guard.ts'
import { call, connected, Harness, http, modernHttp, sse, until } from './harness.ts'

const OLD = 'Bearer expired-access-token'
const NO_SCOPE = 'Bearer error="insufficient_scope", scope="tools:write", resource_metadata="https://x.example/prm"'

let bad: BadHttpServer
let badSse: BadSseServer
const guards: TokenGuard[] = []
const harnesses: Harness[] = []

beforeAll(async () => {
  bad = await startBadHttpServer()
  badSse = await startBadSseServer()
})
afterEach(async () => {
  for (const each of harnesses.splice(0)) await each.close()
  for (const each of guards.splice(0)) await each.close()
  bad.refuseWith(undefined)
})
afterAll(async () => {
  await bad.close()
  await badSse.close()
})

async function guarded(origin: string): Promise<TokenGuard> {
  const guard = await startTokenGuard(origin)
  guards.push(guard)
  return guard
}

function harness(...options: ConstructorParameters<typeof Harness>): Harness {
  const made = new Harness(...options)
  harnesses.push(made)
  return made
}

const signedIn = (token: FakeTokenSource, more: Partial<UpstreamSecrets> = {}) => ({
  secrets: (): UpstreamSecrets => ({ headers: {}, env: {}, token, ...more }),
})
const isCall = ({ body }: Pick<GuardedRequest, 'body'>) => body.includes('"tools/call"')
/** Refuses whatever was accepted so far. */
const expire = (guard: TokenGuard) => guard.accepted.clear()

describe.each(['http', 'sse'] as const)('a token that is renewed, over %s', (kind) => {
  let guard: TokenGuard
  let tokens: FakeTokenSource

  beforeEach(async () => {
    guard = await guarded(new URL(kind === 'http' ? bad.url('x') : badSse.url('x')).origin)
    tokens = new FakeTokenSource(guard.accepted)
  })

  function start(test = harness(), more: Partial<UpstreamSecrets> = {}) {
    const settings = kind === 'http' ? http(guard.url('stream')) : sse(guard.url('good'))
    return test.start(settings, signedIn(tokens, more))
  }

  it('is asked for where there is none, before anything is sent', async () => {
    const upstream = start()
    await connected(upstream)
    expect(tokens.asked).toEqual([undefined])
    expect(guard.seen.filter(({ refused }) => refused !== undefined)).toEqual([])
    expect(new Set(guard.seen.map(({ headers }) => headers.authorization))).toEqual(new Set([tokens.now]))
  })

  it('goes in place of an Authorization that is written in the settings', async () => {
    const upstream = start(harness(), { headers: { AUTHORIZATION: 'Basic d3Jvbmc=', 'X-Other': 'kept' } })
    await connected(upstream)
    expect(guard.seen.every(({ headers }) => headers.authorization === tokens.now)).toBe(true)
    expect(guard.seen.every(({ headers }) => headers['x-other'] === 'kept')).toBe(true)
  })

  it('is renewed when the opening is refused, and once for whatever came with the same one', async () => {
    tokens.now = OLD
    const upstream = start()
    await connected(upstream)
    expect(tokens.made).toBe(1)
    expect(tokens.asked[0]).toEqual({ authorization: OLD, status: 401, challenge: CHALLENGE })
  })

  it('is renewed once for fifty calls at once, and each of them gets its answer', { timeout: 60_000 }, async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    expire(guard)
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(session, 'echo')))
    expect(answers.map(({ kind: answered }) => answered)).toEqual(Array.from({ length: 50 }, () => 'result'))
    expect(tokens.made).toBe(2)
    expect(upstream.connection.state).toBe('connected')
    expect(harnesses[0]?.heard).not.toContain('test: error')
    const sent = guard.seen.filter(isCall)
    expect(sent.filter(({ refused }) => refused === undefined)).toHaveLength(50)
    expect(sent.length).toBeLessThanOrEqual(100)
  })

  it('is not waited for when the caller has gone, and nothing is sent then', async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    expire(guard)
    let goOn!: () => void
    tokens.delay = new Promise((resolve) => {
      goOn = resolve
    })
    const abort = new AbortController()
    const left = call(session, 'echo', {}, abort.signal)
    await until(() => tokens.asked.length > 1)
    abort.abort(new Error('Nobody waits.'))
    await expect(left).rejects.toThrow('Nobody waits.')
    goOn()
    // The next one is answered, so that the one before it would have been sent by now.
    await call(session, 'echo')
    expect(guard.seen.filter((request) => isCall(request) && request.refused === undefined)).toHaveLength(1)
  })

  it('that can not be had ends the connection with the words of who gives it', async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    expire(guard)
    tokens.failure = signInNeeded()
    await expect(call(session, 'echo')).rejects.toMatchObject({
      code: 'authorization_required',
      message: 'The sign-in has ended. Sign in to test in Gatehouse.',
    })
    await until(() => upstream.connection.state === 'needs_auth')
    expect(upstream.connection.error?.message).toBe('The sign-in has ended. Sign in to test in Gatehouse.')
    expect(upstream.tools.tools.length).toBeGreaterThan(0)
    await expect(upstream.session()).rejects.toMatchObject({ code: 'authorization_required' })
  })

  it('that is missing from the start leaves the server alone', async () => {
    tokens.failure = signInNeeded()
    const upstream = start()
    await until(() => upstream.connection.state === 'needs_auth')
    expect(upstream.connection.error).toMatchObject({ message: tokens.failure.message })
    expect(guard.seen).toEqual([])
  })

  it('that comes late fails the call, and the connection goes on', async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    expire(guard)
    tokens.failure = new AppError('upstream_unavailable', { message: 'The sign-in server can not be reached.' })
    await expect(call(session, 'echo')).rejects.toMatchObject({ message: 'The sign-in server can not be reached.' })
    expect(upstream.connection.state).toBe('connected')
    tokens.failure = undefined
    expect((await call(session, 'echo')).kind).toBe('result')
  })

  it('is not blamed on the server when it is not there in time', { timeout: 30_000 }, async () => {
    tokens.delay = new Promise(() => undefined)
    const upstream = start(harness({ connectTimeoutMs: 300 }))
    await until(() => upstream.connection.state === 'error')
    expect(upstream.connection.error?.message).toMatch(/^The server that gives the tokens did not answer in 0\.\d s\./)
  })

  it('that is refused as well is not renewed again, and a person hears what to do', async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    guard.refuses = () => ({ status: 401, body: 'Wrong audience' })
    const made = tokens.made
    await expect(call(session, 'echo')).rejects.toMatchObject({
      code: 'authorization_required',
      message:
        'The server answered 401: a new token was not accepted either. Wrong audience Sign in again in Gatehouse.',
      details: [],
    })
    await until(() => upstream.connection.state === 'needs_auth')
    expect(tokens.made).toBe(made + 1)
  })

  it('with a scope missing is renewed for that call', async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    const before = tokens.now
    guard.refuses = (request) =>
      isCall(request) && request.headers.authorization === before ? { status: 403, challenge: NO_SCOPE } : undefined
    expect((await call(session, 'echo')).kind).toBe('result')
    expect(tokens.asked.at(-1)).toEqual({ authorization: before, status: 403, challenge: NO_SCOPE })
  })

  it('with a scope missing that only a person can grant fails that call alone', async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    guard.refuses = (request) => (isCall(request) ? { status: 403, challenge: NO_SCOPE } : undefined)
    tokens.failure = new AppError('authorization_required', { message: 'Sign in again to grant tools:write.' })
    await expect(call(session, 'echo')).rejects.toMatchObject({
      code: 'authorization_required',
      message: 'Sign in again to grant tools:write.',
    })
    guard.refuses = undefined
    expect((await call(session, 'echo')).kind).toBe('result')
    expect(upstream.connection.state).toBe('connected')
  })

  it('is not asked for after a 403 that is about something else', async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    guard.refuses = (request) => (isCall(request) ? { status: 403, challenge: 'Bearer realm="x"' } : undefined)
    const asked = tokens.asked.length
    await expect(call(session, 'echo')).rejects.toMatchObject({
      message: 'The server answered 403: the token does not allow this. refused',
      details: [],
    })
    expect(tokens.asked).toHaveLength(asked)
  })

  it('is told with all challenges of the answer', async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    const before = tokens.now
    const challenge = ['Basic realm="a, b"', NO_SCOPE]
    guard.refuses = (request) =>
      isCall(request) && request.headers.authorization === before ? { status: 403, challenge } : undefined
    expect((await call(session, 'echo')).kind).toBe('result')
    expect(tokens.asked.at(-1)?.challenge).toBe(challenge.join(', '))
  })

  it('never stands in an error, also not one that was refused before', async () => {
    const upstream = start()
    await connected(upstream)
    const session = await upstream.session()
    const first = tokens.now ?? ''
    const both = () => `You sent ${first}, then ${tokens.now?.replace('Bearer ', '')}`
    guard.refuses = (request) => (isCall(request) ? { status: 401, body: both() } : undefined)
    const failure: unknown = await call(session, 'echo').catch((error: unknown) => error)
    expect(tokens.now).not.toBe(first)
    expect(String(failure)).toContain('You sent [redacted], then [redacted]')
    expect(JSON.stringify(upstream.connection)).not.toContain('access-token')
  })
})

/** A legacy server that breaks off the answer to a call, and goes on with it where the first token is not shown again. */
async function breakingServer() {
  let callId: number | undefined
  const seen: { verb: string; authorization: string | undefined; lastEventId: unknown }[] = []
  const origin = await serveHttp((request, response) => {
    void readBody(request).then((body) => {
      const { method: verb = '', headers } = request
      const message = body === '' ? undefined : (JSON.parse(body) as { id?: number; method: string })
      const answer = (result: object) =>
        `{"jsonrpc":"2.0","id":${verb === 'GET' ? callId : message?.id},"result":${JSON.stringify(result)}}`
      const lastEventId = headers['last-event-id']
      if (verb === 'GET' && lastEventId === undefined) return response.writeHead(405).end()
      if (message?.method === 'tools/call' || lastEventId !== undefined) {
        seen.push({ verb, authorization: headers.authorization, lastEventId })
        if (headers.authorization === 'Bearer made-access-token-1' && verb === 'GET') {
          return response.writeHead(401).end('Expired')
        }
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        if (verb === 'GET') return response.end(`data: ${answer({ content: [{ type: 'text', text: 'done' }] })}\n\n`)
        callId = message?.id
        return response.end('id: 41\nretry: 1\ndata:\n\n')
      }
      if (message?.id === undefined) return response.writeHead(202).end()
      const opening = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: '1' } }
      const result = message.method === 'initialize' ? opening : { tools: [] }
      return response.writeHead(200, { 'content-type': 'application/json' }).end(answer(result))
    })
  })
  return { url: `${origin}/mcp`, seen }
}

describe('a token over streamable HTTP', () => {
  it('goes with notifications, the stream of the server and the end of the session', async () => {
    const guard = await guarded(new URL(bad.url('x')).origin)
    const tokens = new FakeTokenSource(guard.accepted)
    const test = harness()
    const upstream = test.start(http(guard.url('stream')), signedIn(tokens))
    await connected(upstream)
    await until(() => bad.streams() === 1)
    // The stream ends and is opened again; what it was opened with holds no more.
    expire(guard)
    bad.addTool()
    await until(() => upstream.tools.tools.some(({ name }) => name === 'added_1'))
    await until(() => bad.streams() === 1)
    expire(guard)
    const session = await upstream.session()
    const made = tokens.made
    await session.notify('notifications/roots/list_changed', undefined)
    await until(() =>
      guard.seen.some(({ body, refused }) => body.includes('roots/list_changed') && refused === undefined),
    )
    expect(tokens.made).toBe(made + 1)
    await test.close()
    const last = guard.seen.at(-1)
    expect(last).toMatchObject({ verb: 'DELETE', refused: undefined })
    expect(last?.headers.authorization).toBe(tokens.now)
  })

  it('that ended is not renewed for the end of the session', async () => {
    const guard = await guarded(new URL(bad.url('x')).origin)
    const tokens = new FakeTokenSource(guard.accepted)
    const test = harness()
    await connected(test.start(http(guard.url('stream')), signedIn(tokens)))
    await until(() => bad.streams() === 1)
    expire(guard)
    const asked = tokens.asked.length
    await test.close()
    expect(guard.seen.at(-1)).toMatchObject({ verb: 'DELETE', refused: 401 })
    expect(tokens.asked).toHaveLength(asked)
  })

  it('with a scope missing for the stream of the server leaves calls as they are', async () => {
    const guard = await guarded(new URL(bad.url('x')).origin)
    const tokens = new FakeTokenSource(guard.accepted)
    guard.refuses = ({ verb }) => {
      if (verb !== 'GET') return undefined
      tokens.failure = new AppError('authorization_required', { message: 'Sign in again to grant more.' })
      return { status: 403, challenge: NO_SCOPE }
    }
    const upstream = harness().start(http(guard.url('stream')), signedIn(tokens))
    await connected(upstream)
    await until(() => guard.seen.some(({ verb }) => verb === 'GET'))
    expect((await call(await upstream.session(), 'echo')).kind).toBe('result')
    expect(upstream.connection.state).toBe('connected')
    expect(guard.seen.filter(({ verb }) => verb === 'GET')).toHaveLength(1)
  })

  it('is renewed for a modern server as well', { timeout: 60_000 }, async () => {
    const server = await modernHttp()
    try {
      const { origin, pathname } = new URL(server.said)
      const guard = await guarded(origin)
      const tokens = new FakeTokenSource(guard.accepted, OLD)
      const upstream = harness().start(http(guard.url(pathname.slice(1))), signedIn(tokens))
      await connected(upstream)
      expect(upstream.connection.protocol_version).toBe('2026-07-28')
      expect(tokens.made).toBe(1)
    } finally {
      await server.stop()
    }
  })

  it('is renewed to take up an answer that broke off', async () => {
    const { url, seen } = await breakingServer()
    const upstream = harness().start(http(url, { era: 'legacy' }), signedIn(new FakeTokenSource(new Set())))
    expect((await call(await upstream.session(), 'any')).text).toBe('done')
    expect(seen).toEqual([
      { verb: 'POST', authorization: 'Bearer made-access-token-1', lastEventId: undefined },
      { verb: 'GET', authorization: 'Bearer made-access-token-1', lastEventId: '41' },
      { verb: 'GET', authorization: 'Bearer made-access-token-2', lastEventId: '41' },
    ])
  })

  it('that can not be had is asked for once to take up an answer', async () => {
    const { url, seen } = await breakingServer()
    const tokens = new FakeTokenSource(new Set())
    const upstream = harness().start(http(url, { era: 'legacy' }), signedIn(tokens))
    await connected(upstream)
    tokens.failure = signInNeeded()
    const before = tokens.asked.length
    await expect(call(await upstream.session(), 'any')).rejects.toThrow('Sign in to test in Gatehouse.')
    expect(seen.map(({ verb }) => verb)).toEqual(['POST', 'GET'])
    expect(tokens.asked).toHaveLength(before + 1)
  })

  it.each(['Bearer line\r\nbreak', 'Bearer grün'])('is refused where no header can have it: %j', async (odd) => {
    const guard = await guarded(new URL(bad.url('x')).origin)
    const token = { current: () => odd, renew: () => Promise.resolve(odd) }
    const upstream = harness().start(http(guard.url('stream')), { secrets: () => ({ headers: {}, env: {}, token }) })
    await until(() => upstream.connection.state === 'error')
    expect(upstream.connection.error?.message).toContain('with characters that a token cannot have')
    expect(guard.seen).toEqual([])
  })

  it('does not go to another origin that the server redirects to', async () => {
    const elsewhere = await guarded('http://127.0.0.1:9')
    const guard = await guarded('http://127.0.0.1:9')
    guard.refuses = () => ({ status: 307, location: elsewhere.url('mcp') })
    const tokens = new FakeTokenSource(guard.accepted)
    const upstream = harness().start(http(guard.url('mcp')), signedIn(tokens))
    await until(() => upstream.connection.state === 'error')
    expect(upstream.connection.error?.message).toContain('a redirect')
    expect(elsewhere.seen).toEqual([])
  })
})
