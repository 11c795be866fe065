import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startBadHttpServer, type BadHttpServer } from '../../servers/bad-http-server.ts'
import { Agent } from './agents.ts'
import { call, connected, everythingHttp, Harness, http, modernHttp, noSecrets, until } from './harness.ts'

const harnesses: Harness[] = []
const harness = (...options: ConstructorParameters<typeof Harness>) => {
  const made = new Harness(...options)
  harnesses.push(made)
  return made
}

let bad: BadHttpServer

beforeAll(async () => {
  bad = await startBadHttpServer()
})
afterEach(async () => {
  for (const each of harnesses.splice(0)) await each.close()
  bad.seen.length = 0
  bad.refuseWith(undefined)
})
afterAll(() => bad.close())

describe('server-everything over streamable HTTP', () => {
  it('is opened by initialize, with a session that is ended in the end', async () => {
    const server = await everythingHttp()
    try {
      const test = harness()
      const upstream = test.start(http(server.url))
      const session = await upstream.session()
      expect(session).toMatchObject({ era: 'legacy', protocolVersion: '2025-11-25' })
      await connected(upstream)
      expect((await call(session, 'echo', { message: 'grün' })).text).toBe('Echo: grün')
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => call(session, 'echo', { message: `${index}` })),
      )
      answers.forEach((answer, index) => expect(answer.text).toBe(`Echo: ${index}`))
      await test.close()
    } finally {
      await server.stop()
    }
  })

  it('is missed when it is gone, and its tools are kept', async () => {
    const server = await everythingHttp()
    const test = harness({ connectTimeoutMs: 2_000 })
    const upstream = test.start(http(server.url))
    const session = await upstream.session()
    await connected(upstream)
    await server.stop()
    await expect(call(session, 'echo', { message: 'x' })).rejects.toMatchObject({ code: 'upstream_unavailable' })
    await until(() => upstream.connection.state === 'error')
    expect(upstream.connection.error?.message).toContain('127.0.0.1')
    expect(upstream.tools.tools.length).toBeGreaterThan(0)
  })
})

describe('the modern fixture over HTTP', () => {
  let server: Awaited<ReturnType<typeof modernHttp>>
  beforeAll(async () => {
    server = await modernHttp()
  })
  afterAll(() => server.stop())

  it('is opened by server/discover and gets the headers of its revision', async () => {
    const test = harness()
    const upstream = test.start(http(server.said, { headers: { 'X-Plain': 'yes' } }), {
      secrets: () => ({ headers: { Authorization: 'Bearer sealed' }, env: {} }),
    })
    const session = await upstream.session()
    expect(session).toMatchObject({ era: 'modern', protocolVersion: '2026-07-28' })
    const headers = JSON.parse((await call(session, 'grüße')).text) as Record<string, string>
    expect(headers).toMatchObject({
      authorization: 'Bearer sealed',
      'x-plain': 'yes',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': '=?base64?Z3LDvMOfZQ==?=',
      'accept-encoding': 'identity',
    })
    expect(headers['mcp-session-id']).toBeUndefined()
  })

  it('gets an argument repeated in a header where the tool says so', async () => {
    const test = harness()
    const upstream = test.start(http(server.said))
    await connected(upstream)
    const session = await upstream.session()
    const headers = JSON.parse((await call(session, 'by_region', { region: 'Köln' })).text) as Record<string, string>
    expect(headers['mcp-param-region']).toBe('=?base64?S8O2bG4=?=')
  })

  it('and also on a connection that is one agent’s own, although that was opened before the tools were known', async () => {
    const test = harness()
    const upstream = test.start(http(server.said, { isolation: 'per_session' }))
    const agent = new Agent('one')
    const session = await upstream.session({ principal: agent.principal })
    await connected(upstream)
    const { text } = await agent.call(session, 'by_region', { region: 'Köln' })
    expect((JSON.parse(text) as Record<string, string>)['mcp-param-region']).toBe('=?base64?S8O2bG4=?=')
  })

  it('tells of a new tool on its subscription', async () => {
    const test = harness()
    const upstream = test.start(http(server.said))
    await connected(upstream)
    const before = upstream.tools.tools.length
    // A change that comes before the subscription stands is missed by design, so more than one is made.
    const session = await upstream.session()
    const adding = setInterval(() => void call(session, 'add_tool').catch(() => undefined), 200)
    try {
      await until(() => upstream.tools.tools.length > before)
    } finally {
      clearInterval(adding)
    }
  })

  it('ends a call that is given up', async () => {
    const test = harness()
    const session = await test.start(http(server.said)).session()
    const giveUp = new AbortController()
    const slow = call(session, 'slow', {}, giveUp.signal)
    setTimeout(() => giveUp.abort(new Error('no longer needed')), 100)
    await expect(slow).rejects.toThrow('no longer needed')
    expect((await call(session, 'echo', { message: 'next' })).text).toBe('Echo: next')
  })

  it('is legacy when told so', async () => {
    const test = harness()
    const session = await test.start(http(server.said, { era: 'legacy' })).session()
    expect(session.era).toBe('legacy')
    expect((await call(session, 'echo', { message: 'hi' })).text).toBe('Echo: hi')
  })
})

describe('HTTP servers that are none, or do not let us in', () => {
  it.each([
    ['html', 'upstream_invalid', 'The server answered with a web page, not MCP.', 'error'],
    ['html-404', 'upstream_invalid', 'The server answered 404 with a web page, not MCP.', 'error'],
    [
      '401',
      'authorization_required',
      'The server answered 401: it wants credentials, and none were sent. The access token expired',
      'needs_auth',
    ],
    [
      '401-html',
      'authorization_required',
      'The server answered 401: it wants credentials, and none were sent.',
      'needs_auth',
    ],
    [
      '403',
      'authorization_required',
      'The server answered 403: it refuses this, and no credentials were sent. Your plan does not include MCP',
      'needs_auth',
    ],
    ['500', 'upstream_unavailable', 'The server answered 500. database is down', 'error'],
    ['text', 'upstream_invalid', 'The server answered with something that is not MCP: hello there', 'error'],
    ['empty', 'upstream_invalid', 'The server answered nothing.', 'error'],
    [
      'redirect-away',
      'upstream_invalid',
      'The server answered 307, a redirect. Enter the address it leads to.',
      'error',
    ],
    [
      'redirect-moved',
      'upstream_invalid',
      'The server answered 302, a redirect. Enter the address it leads to.',
      'error',
    ],
  ])('%s', async (mode, code, message, state) => {
    const test = harness({ backoff: { firstMs: 60_000, maxMs: 60_000, healthyMs: 60_000, crashes: 5 } })
    const upstream = test.start(http(bad.url(mode)))
    await expect(upstream.session()).rejects.toMatchObject({ code, message })
    expect(upstream.connection).toMatchObject({ state, error: { code, message } })
  })

  it('one that hangs is given up with its address', async () => {
    const test = harness({ connectTimeoutMs: 1_000 })
    const upstream = test.start(http(bad.url('hang')))
    const { host } = new URL(bad.url('hang'))
    await expect(upstream.session()).rejects.toMatchObject({
      code: 'upstream_timeout',
      message: `Nothing answered at ${host} in 1 s.`,
    })
  })

  it('one that answers compressed is refused', async () => {
    const test = harness()
    await expect(test.start(http(bad.url('compressed'))).session()).rejects.toThrow('the answer is compressed (gzip)')
  })

  it('a host that does not exist is named', async () => {
    const test = harness()
    const upstream = test.start(http('http://no-such-host.invalid/mcp'))
    await expect(upstream.session()).rejects.toThrow('The host no-such-host.invalid was not found.')
  })

  it('a port where nothing listens is named', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const test = harness()
    const upstream = test.start(http(`http://127.0.0.1:${port}/mcp`))
    await expect(upstream.session()).rejects.toThrow(
      `Nothing listens at 127.0.0.1:${port}: the connection was refused.`,
    )
  })

  it('a refused token is not tried again and again, and calls do not change that', async () => {
    const test = harness({ backoff: { firstMs: 10, maxMs: 60_000, healthyMs: 60_000, crashes: 5 } })
    const upstream = test.start(http(bad.url('401')))
    await until(() => upstream.connection.state === 'needs_auth')
    const asked = bad.seen.length
    for (let round = 0; round < 20; round++)
      await expect(upstream.session()).rejects.toMatchObject({ code: 'authorization_required' })
    expect(bad.seen).toHaveLength(asked)
    expect(upstream.connection.next_retry_at).not.toBeNull()
  })

  it('a token that the server repeats is not shown', async () => {
    const test = harness()
    const secrets = () => ({ headers: { authorization: 'Bearer a-secret-token' }, env: {} })
    const upstream = test.start(http(bad.url('401-echo')), { secrets })
    await expect(upstream.session()).rejects.toThrow('Not valid: ')
    expect(JSON.stringify(upstream.connection)).not.toContain('a-secret-token')
  })

  it('credentials are never sent where a redirect leads', async () => {
    const other = await startBadHttpServer()
    try {
      const test = harness()
      const secrets = () => ({ headers: { authorization: 'Bearer sealed' }, env: {} })
      const here = test.start(http(bad.url('redirect-here')), { secrets })
      expect((await call(await here.session(), 'echo')).text).toBe('grün: ✓')
      expect(bad.seen.every((request) => request.headers.authorization === 'Bearer sealed')).toBe(true)
      await expect(test.start(http(bad.url('redirect-away')), { secrets }).session()).rejects.toThrow('a redirect')
      expect(other.seen).toEqual([])
    } finally {
      await other.close()
    }
  })
})

describe('a legacy HTTP server', () => {
  it('gets version and session with each message, and a DELETE in the end', async () => {
    const test = harness()
    const upstream = test.start(http(bad.url('legacy')))
    await connected(upstream)
    await call(await upstream.session(), 'echo')
    await test.close()
    const [, initialize, initialized, ...later] = bad.seen
    expect(initialize?.message?.method).toBe('initialize')
    expect(initialize?.headers['mcp-protocol-version']).toBeUndefined()
    expect(initialize?.headers['mcp-method']).toBeUndefined()
    expect(initialized?.message?.method).toBe('notifications/initialized')
    for (const request of later) {
      expect(request.headers['mcp-protocol-version']).toBe('2025-06-18')
      expect(request.headers['mcp-session-id']).toMatch(/^session-/)
    }
    expect(later.map((request) => request.verb)).toEqual(expect.arrayContaining(['GET', 'POST', 'DELETE']))
  })

  it.each(['json', 'sse', 'sse-open'])('answers are read as %s', async (mode) => {
    const test = harness()
    const session = await test.start(http(bad.url(mode))).session()
    const answer = await session.request({ method: 'tools/call', name: 'echo', params: Buffer.from('{"name":"echo"}') })
    expect(answer.bytes.toString()).toBe('{"content":[{"type":"text","text":"grün: ✓"}]}')
  })

  it('an answer that breaks off is an error of that call', async () => {
    const test = harness()
    const session = await test.start(http(bad.url('sse-cut'))).session()
    await expect(call(session, 'echo')).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: 'The server ended its answer before it was complete.',
    })
  })

  it.each(['endless-body', 'endless-event'])('%s: an error of that call, and bounded memory', async (mode) => {
    const test = harness()
    const session = await test.start(http(bad.url(mode))).session()
    await expect(call(session, 'echo')).rejects.toMatchObject({
      code: 'upstream_invalid',
      message: 'The answer is longer than 10 MiB, the most that is taken.',
    })
  })

  it('a session that it forgot is opened again; the call is not repeated', async () => {
    const test = harness()
    const upstream = test.start(http(bad.url('legacy')))
    const session = await upstream.session()
    await connected(upstream)
    bad.forgetSessions()
    await expect(call(session, 'echo')).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringContaining('This call was not carried out.') as string,
    })
    const calls = () => bad.seen.filter((request) => request.message?.method === 'tools/call').length
    expect(calls()).toBe(1)
    expect((await call(await upstream.session(), 'echo')).text).toBe('grün: ✓')
    expect(calls()).toBe(2)
    // The era is known by now: the new session is opened without another probe.
    expect(bad.seen.filter((request) => request.message?.method === 'server/discover')).toHaveLength(1)
  })

  it('a single call that is forbidden says nothing of the connection', async () => {
    const test = harness()
    const upstream = test.start(http(bad.url('legacy')))
    const session = await upstream.session()
    await connected(upstream)
    bad.refuseWith(403)
    await expect(call(session, 'echo')).rejects.toMatchObject({ code: 'authorization_required' })
    bad.refuseWith(undefined)
    expect((await call(session, 'echo')).text).toBe('grün: ✓')
    expect(upstream.connection.state).toBe('connected')
  })

  it('a token that is refused later is a state, not a loop', async () => {
    const test = harness()
    const upstream = test.start(http(bad.url('legacy')), { secrets: () => noSecrets })
    const session = await upstream.session()
    await connected(upstream)
    bad.refuseWith(401)
    await expect(call(session, 'echo')).rejects.toMatchObject({ code: 'authorization_required' })
    await until(() => upstream.connection.state === 'needs_auth')
  })

  it('tells of a new tool on its GET stream, each time that it is opened', async () => {
    const test = harness()
    const upstream = test.start(http(bad.url('stream')))
    await connected(upstream)
    for (const round of [1, 2, 3]) {
      await until(() => bad.streams() === 1)
      bad.addTool()
      await until(() => upstream.tools.tools.some((tool) => tool.name === `added_${round}`))
    }
    await test.close()
    await until(() => bad.streams() === 0)
  })

  it('is told when a call is given up', async () => {
    const test = harness({ callTimeoutMs: 500 })
    const session = await test.start(http(bad.url('legacy'))).session()
    await expect(call(session, 'hang')).rejects.toMatchObject({ code: 'upstream_timeout' })
    await until(() => bad.seen.some((request) => request.message?.method === 'notifications/cancelled'))
    expect((await call(session, 'echo')).text).toBe('grün: ✓')
  })
})
