import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startBadHttpServer } from '../../servers/bad-http-server.ts'
import { startBadSseServer, type BadSseServer } from '../../servers/bad-sse-server.ts'
import { Agent } from './agents.ts'
import { call, connected, everythingSse, Harness, sse, until } from './harness.ts'

const harnesses: Harness[] = []
const harness = (...options: ConstructorParameters<typeof Harness>) => {
  const made = new Harness(...options)
  harnesses.push(made)
  return made
}
const noRetry = { backoff: { firstMs: 60_000, maxMs: 60_000, healthyMs: 60_000, crashes: 5 } }
const sealed = () => ({ headers: { authorization: 'Bearer sealed' }, env: {} })

let bad: BadSseServer

beforeAll(async () => {
  bad = await startBadSseServer()
})
afterEach(async () => {
  for (const each of harnesses.splice(0)) await each.close()
  await until(() => bad.streams() === 0)
  bad.seen.length = 0
})
afterAll(() => bad.close())

describe('server-everything over HTTP+SSE', () => {
  it('is opened by initialize, and answers many calls on its one stream', async () => {
    const server = await everythingSse()
    try {
      const test = harness()
      const upstream = test.start(sse(server.url))
      const session = await upstream.session()
      expect(session).toMatchObject({ era: 'legacy', protocolVersion: '2025-11-25' })
      await connected(upstream)
      expect(upstream.connection.server_info?.name).toContain('everything')
      expect((await call(session, 'echo', { message: 'grün' })).text).toBe('Echo: grün')
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) => call(session, 'echo', { message: `${index}` })),
      )
      answers.forEach((answer, index) => expect(answer.text).toBe(`Echo: ${index}`))
    } finally {
      await server.stop()
    }
  })

  it('reports progress of a long call, which outlasts the limit of a silent one', async () => {
    const server = await everythingSse()
    try {
      const test = harness({ callTimeoutMs: 1_500 })
      const session = await test.start(sse(server.url)).session()
      const heard: unknown[] = []
      const params = Buffer.from(
        '{"name":"trigger-long-running-operation","arguments":{"duration":3,"steps":5},"_meta":{"progressToken":"theirs"}}',
      )
      const answer = await session.request({
        method: 'tools/call',
        name: 'trigger-long-running-operation',
        params,
        onProgress: ({ value, bytes }) => {
          expect(JSON.parse(bytes.toString())).toEqual(value)
          heard.push([value.progress, value.total])
        },
      })
      expect(heard).toEqual([1, 2, 3, 4, 5].map((step) => [step, 5]))
      expect(JSON.stringify(answer.value)).toContain('Long running operation completed')
    } finally {
      await server.stop()
    }
  })

  it('killed in the middle of a call: a clear error, its tools stay, and it is found again', async () => {
    const server = await everythingSse()
    let again: Awaited<ReturnType<typeof everythingSse>> | undefined
    try {
      const test = harness()
      const upstream = test.start(sse(server.url))
      const session = await upstream.session()
      await connected(upstream)
      const input = { duration: 30, steps: 30 }
      let told = 0
      const waiting = session.request({
        method: 'tools/call',
        params: Buffer.from(JSON.stringify({ name: 'trigger-long-running-operation', arguments: input })),
        onProgress: () => told++,
      })
      waiting.catch(() => undefined)
      await until(() => told > 0)
      await server.stop()
      await expect(waiting).rejects.toMatchObject({
        code: 'upstream_unavailable',
        message: expect.stringMatching(
          /What (it|the server) had not answered is not repeated\. Try again\.$/,
        ) as string,
      })
      await until(() => upstream.connection.state === 'error')
      expect(upstream.tools.tools.length).toBeGreaterThan(0)
      again = await everythingSse(server.port)
      await connected(upstream)
      expect((await call(await upstream.session(), 'echo', { message: 'back' })).text).toBe('Echo: back')
    } finally {
      await server.stop()
      await again?.stop()
    }
  })
})

describe('HTTP+SSE servers that are none, or do not let us in', () => {
  it.each([
    ['html', 'upstream_invalid', 'The server answered with a web page, not MCP.'],
    ['json', 'upstream_invalid', 'The server answered GET with application/json, not with an event stream.'],
    ['401', 'authorization_required', 'The server answered 401: it wants credentials, and none were sent. not for you'],
    [
      '403',
      'authorization_required',
      'The server answered 403: it refuses this, and no credentials were sent. not for you',
    ],
    ['404', 'upstream_invalid', 'The server answered 404. not for you'],
    ['503', 'upstream_unavailable', 'The server answered 503. not for you'],
    ['redirect-away', 'upstream_invalid', 'The server answered 302, a redirect. Enter the address it leads to.'],
    [
      'foreign-scheme',
      'upstream_invalid',
      'The server wants messages sent to javascript:, not to ORIGIN. Credentials would go there, so this is refused. Check the public address that is set at the server.',
    ],
    ['empty-endpoint', 'upstream_invalid', 'The server named no valid address to send messages to.'],
    ['endless-line', 'upstream_invalid', 'The server named no valid address to send messages to.'],
    [
      'ends-at-once',
      'upstream_unavailable',
      'The server closed its event stream before it named the address to send messages to.',
    ],
  ])('%s', async (mode, code, words) => {
    const test = harness(noRetry)
    const upstream = test.start(sse(bad.url(mode)))
    const message = words.replace('ORIGIN', new URL(bad.url('')).origin)
    await expect(upstream.session()).rejects.toMatchObject({ code, message })
    const state = code === 'authorization_required' ? 'needs_auth' : 'error'
    expect(upstream.connection).toMatchObject({ state, error: { code, message } })
  })

  it.each([
    ['hang', 'Nothing answered at HOST in SECONDS s.'],
    [
      'no-endpoint',
      'The server opened an event stream, but named no address to send messages to in SECONDS s. This may not be an HTTP+SSE server.',
    ],
    ['mute', 'The server did not answer on its event stream in SECONDS s.'],
  ])('%s is given up, and it is said how far it came', async (mode, words) => {
    const test = harness({ ...noRetry, connectTimeoutMs: 700 })
    const error: unknown = await test
      .start(sse(bad.url(mode)))
      .session()
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'upstream_timeout' })
    // As long as it really took, on a busy machine a little more than the limit.
    const said = (error as Error).message.replace(/in \d+(\.\d)? s\./, 'in SECONDS s.')
    expect(said).toBe(words.replace('HOST', new URL(bad.url('')).host))
    await until(() => bad.streams() === 0)
  })

  it('a port where nothing listens is named', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    await expect(
      harness(noRetry)
        .start(sse(`http://127.0.0.1:${port}/sse`))
        .session(),
    ).rejects.toThrow(`Nothing listens at 127.0.0.1:${port}: the connection was refused.`)
  })

  it('credentials go to the origin that was entered and nowhere else', async () => {
    const other = await startBadHttpServer()
    const pointing = await startBadSseServer(new URL(other.url('')).origin)
    try {
      const test = harness(noRetry)
      const foreign = test.start(sse(pointing.url('foreign')), { secrets: sealed })
      await expect(foreign.session()).rejects.toThrow(
        `The server wants messages sent to ${new URL(other.url('')).origin}, not to ${new URL(pointing.url('')).origin}.`,
      )
      const away = test.start(sse(pointing.url('redirect-away')), { secrets: sealed })
      await expect(away.session()).rejects.toThrow('a redirect')
      expect(other.seen).toEqual([])
    } finally {
      await harnesses.splice(0)[0]?.close()
      await pointing.close()
      await other.close()
    }
  })
})

describe('an HTTP+SSE server', () => {
  it('gets the credentials with the GET and with each POST, and the version once it is agreed upon', async () => {
    const test = harness()
    const upstream = test.start(sse(bad.url('good'), { headers: { 'X-Plain': 'yes' } }), { secrets: sealed })
    await connected(upstream)
    expect(upstream.connection).toMatchObject({ protocol_version: '2024-11-05', server_info: { name: 'bad-sse' } })
    await call(await upstream.session(), 'echo')
    const [get, initialize, initialized, ...later] = bad.seen
    expect(get).toMatchObject({ verb: 'GET', headers: { accept: 'text/event-stream' } })
    expect(initialize?.message?.method).toBe('initialize')
    expect(initialize?.headers['mcp-protocol-version']).toBeUndefined()
    expect(initialized?.message?.method).toBe('notifications/initialized')
    expect(later.map((request) => request.message?.method)).toEqual(['tools/list', 'tools/call'])
    for (const { headers } of bad.seen)
      expect(headers).toMatchObject({ authorization: 'Bearer sealed', 'x-plain': 'yes' })
    for (const { headers } of later) expect(headers['mcp-protocol-version']).toBe('2024-11-05')
  })

  it.each(['absolute', 'garbage', 'redirect-here', 'redirects'])('is understood: %s', async (mode) => {
    const test = harness()
    const session = await test.start(sse(bad.url(mode))).session()
    expect((await call(session, 'echo', { message: mode })).text).toBe(`Echo: ${mode}`)
  })

  it('may answer in the POST', async () => {
    const session = await harness()
      .start(sse(bad.url('good')))
      .session()
    expect((await call(session, 'in_post')).text).toBe('in the POST')
  })

  it('may leave a POST open after its answer: it does not stay', async () => {
    const session = await harness()
      .start(sse(bad.url('good')))
      .session()
    expect((await call(session, 'open_post')).text).toBe('early')
    await until(() => bad.openPosts() === 0)
  })

  it('asks the agent whose call it is, on the one stream that all share', async () => {
    const test = harness()
    const session = await test.start(sse(bad.url('good'))).session()
    const agent = new Agent('one')
    const { text } = await agent.call(session, 'ask')
    expect(JSON.parse(text)).toEqual({
      jsonrpc: '2.0',
      id: 'q',
      result: { action: 'accept', content: { by: 'one' } },
    })
  })

  it('a call that is given up is cancelled there', async () => {
    const session = await harness()
      .start(sse(bad.url('good')))
      .session()
    const giveUp = new AbortController()
    const waiting = call(session, 'hang', {}, giveUp.signal)
    await until(() => bad.seen.some((request) => request.message?.params?.name === 'hang'))
    giveUp.abort(new Error('no longer needed'))
    await expect(waiting).rejects.toThrow('no longer needed')
    const asked = bad.seen.find((request) => request.message?.params?.name === 'hang')?.message?.id
    const isCancelled = () =>
      bad.seen.some(
        ({ message }) => message?.method === 'notifications/cancelled' && message.params?.requestId === asked,
      )
    await until(isCancelled)
    expect((await call(session, 'echo', { message: 'next' })).text).toBe('Echo: next')
  })

  it('a call that hangs ends at its time, and the others go on', async () => {
    const session = await harness({ callTimeoutMs: 600 })
      .start(sse(bad.url('good')))
      .session()
    const startedAt = performance.now()
    const hanging = call(session, 'hang')
    hanging.catch(() => undefined)
    expect((await call(session, 'echo', { message: 'meanwhile' })).text).toBe('Echo: meanwhile')
    await expect(hanging).rejects.toMatchObject({ code: 'upstream_timeout' })
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(599)
    await until(() => bad.seen.some((request) => request.message?.method === 'notifications/cancelled'))
  })

  it.each([
    [403, 'authorization_required', 'connected'],
    [400, 'upstream_invalid', 'connected'],
    [500, 'upstream_unavailable', 'connected'],
    [401, 'authorization_required', 'needs_auth'],
  ])('a call that is answered %i', async (status, code, state) => {
    const upstream = harness(noRetry).start(sse(bad.url('good')))
    await connected(upstream)
    await expect(call(await upstream.session(), 'status', { status })).rejects.toMatchObject({ code })
    await until(() => upstream.connection.state === state)
  })

  it('a session that it forgot is opened again; the call is not repeated', async () => {
    const upstream = harness().start(sse(bad.url('good')))
    await connected(upstream)
    const session = await upstream.session()
    bad.forgetSessions()
    await expect(call(session, 'echo')).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringContaining('This call was not carried out.') as string,
    })
    const calls = () => bad.seen.filter((request) => request.message?.method === 'tools/call').length
    expect(calls()).toBe(1)
    expect((await call(await upstream.session(), 'echo', { message: 'again' })).text).toBe('Echo: again')
    expect(calls()).toBe(2)
  })

  it('a stream that ends is opened again, and who calls meanwhile waits for it', async () => {
    const upstream = harness().start(sse(bad.url('good')))
    await connected(upstream)
    bad.endStreams()
    await until(() => upstream.connection.state === 'error')
    expect(upstream.connection.error?.message).toBe(
      'The server closed its event stream. What it had not answered is not repeated. Try again.',
    )
    expect((await call(await upstream.session(), 'echo', { message: 'again' })).text).toBe('Echo: again')
  })

  it('a stream that is cut inside an event fails what was open', async () => {
    const upstream = harness().start(sse(bad.url('good')))
    await connected(upstream)
    const session = await upstream.session()
    const other = call(session, 'hang')
    other.catch(() => undefined)
    await expect(call(session, 'cut')).rejects.toMatchObject({ code: 'upstream_unavailable' })
    await expect(other).rejects.toMatchObject({ code: 'upstream_unavailable' })
    await connected(upstream)
  })

  it('that is there is asked now and then, and stays connected', async () => {
    const upstream = harness({ keepAlive: { everyMs: 50, answerMs: 5_000 } }).start(sse(bad.url('good')))
    await connected(upstream)
    const pings = () => bad.seen.filter((request) => request.message?.method === 'ping').length
    await until(() => pings() >= 3)
    expect(bad.seen.filter((request) => request.verb === 'GET')).toHaveLength(1)
    expect(upstream.connection.state).toBe('connected')
  })

  it('that is gone without a word is missed, and connected again', async () => {
    const test = harness({ keepAlive: { everyMs: 50, answerMs: 200 }, ...noRetry })
    const upstream = test.start(sse(bad.url('deaf')))
    await until(() => upstream.connection.state === 'error')
    expect(upstream.connection.error).toMatchObject({
      code: 'upstream_unavailable',
      message: 'The server gave no sign of life for 0.2 s.',
    })
    await until(() => bad.streams() === 0)
  })

  it('that works on a call is left in peace', async () => {
    const test = harness({ keepAlive: { everyMs: 20, answerMs: 40 }, callTimeoutMs: 400, ...noRetry })
    const upstream = test.start(sse(bad.url('deaf')))
    const session = await upstream.session()
    await expect(call(session, 'hang')).rejects.toMatchObject({ code: 'upstream_timeout' })
  })

  it('bytes that are no text become text', async () => {
    const session = await harness()
      .start(sse(bad.url('good')))
      .session()
    const answer = await session.request({ method: 'tools/call', params: Buffer.from('{"name":"not_text"}') })
    expect(answer.bytes.toString()).toBe('{"content":[{"type":"text","text":"\ufffd(\ufffd"}]}')
    expect(answer.bytes.equals(Buffer.from(answer.bytes.toString()))).toBe(true)
  })

  it('broken JSON is passed over', async () => {
    const session = await harness()
      .start(sse(bad.url('good')))
      .session()
    expect((await call(session, 'broken_json')).text).toBe('whole')
  })
})

describe('long events', () => {
  it('five megabytes come through', async () => {
    const session = await harness()
      .start(sse(bad.url('good')))
      .session()
    const params = Buffer.from('{"name":"sized","arguments":{"mib":5}}')
    const answer = await session.request({ method: 'tools/call', params })
    expect(answer.bytes.length).toBeGreaterThan(5 * 1024 * 1024)
    expect(answer.bytes.subarray(0, 24).toString()).toBe('{"content":[],"blob":"xx')
  })

  it.each([
    ['the id first', 'sized', { mib: 50, id: 'first' }],
    ['the id last', 'sized', { mib: 50, id: 'last' }],
    ['no end at all', 'endless', {}],
  ])('over the limit, %s: an error of that call only', async (_case, tool, input) => {
    const test = harness()
    const session = await test.start(sse(bad.url('good'))).session()
    const other = call(session, 'hang')
    other.catch(() => undefined)
    await until(() => bad.seen.some((request) => request.message?.params?.name === 'hang'))
    const before = process.memoryUsage.rss()
    let peak = before
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }, 5)
    try {
      await expect(call(session, tool, input)).rejects.toMatchObject({
        code: 'upstream_invalid',
        message: 'The answer is longer than 10 MiB, the most that is taken.',
      })
      if (tool === 'sized') expect((await call(session, 'echo', { message: 'next' })).text).toBe('Echo: next')
    } finally {
      clearInterval(watch)
    }
    // The server that sends it lives in this process too, with one copy of its own.
    expect(peak - before).toBeLessThan(3 * test.limits.maxMessageBytes + 150 * 1024 * 1024)
  })
})
