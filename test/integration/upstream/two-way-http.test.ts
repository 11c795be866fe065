import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UpstreamCaller, UpstreamSession } from '../../../src/main/upstream/upstream.ts'
import { startStreamServer, type HeldStream, type StreamServer } from '../../servers/stream-server.ts'
import { Agent } from './agents.ts'
import { connected, Harness, http, until } from './harness.ts'

let server: StreamServer
const open: Harness[] = []
beforeEach(async () => {
  server = await startStreamServer()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
  await server.close()
})

/** An upstream in front of the server, whose first GET stream is open. */
async function start(...options: ConstructorParameters<typeof Harness>) {
  const test = new Harness(...options)
  open.push(test)
  const upstream = test.start(http(server.url))
  const session = await upstream.session()
  await next(server.gets, 0)
  return { test, upstream, session }
}

/** The one after so many. */
async function next(streams: HeldStream[], after: number): Promise<HeldStream> {
  await until(() => streams.length > after)
  const found = streams[after]
  if (!found) throw new Error('it has just been there')
  return found
}

const asks = (id: unknown, method = 'elicitation/create') => ({ jsonrpc: '2.0', id, method, params: {} })
const says = (data: unknown) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { data } })
const text = (value: string) => ({ content: [{ type: 'text', text: value }] })
const answerTo = async (id: unknown) => {
  await until(() => server.posted.some((message) => message.id === id))
  return server.posted.find((message) => message.id === id)
}

describe('what a server asks and says over streamable HTTP', () => {
  it('on the stream of a call is for its agent, although others wait on the same connection', async () => {
    const { session, upstream } = await start()
    const [one, other] = [new Agent('one'), new Agent('other')]
    const answers = [one.call(session, 'work'), other.call(session, 'work')]
    await until(() => server.calls.length === 2)
    const byAgent = [...server.calls].sort((a, b) => Number(a.message?.id) - Number(b.message?.id))
    const [first, second] = byAgent as [HeldStream, HeldStream]
    second.event(asks('second'))
    first.event(asks('first'))
    second.event(says(2))
    expect(await answerTo('first')).toMatchObject({ result: { content: { by: 'one' } } })
    expect(await answerTo('second')).toMatchObject({ result: { content: { by: 'other' } } })
    first.answer(text('one'))
    second.answer(text('other'))
    expect((await Promise.all(answers)).map((answer) => answer.text)).toEqual(['one', 'other'])
    expect(one.heard).toEqual([])
    expect(other.heard).toEqual(['notifications/message {"data":2}'])
    expect(await upstream.session()).toBe(session)
  })

  it('is answered although the server closes the connection while the answer is on its way', async () => {
    const { session } = await start()
    const agent = new Agent('one')
    const answer = agent.call(session, 'work')
    const stream = await next(server.calls, 0)
    server.breakPosts(1)
    stream.event(asks('q'))
    expect(await answerTo('q')).toMatchObject({ result: { content: { by: 'one' } } })
    stream.answer(text('done'))
    expect((await answer).text).toBe('done')
    expect(server.posted.filter(({ id }) => id === 'q')).toHaveLength(1)
  })

  it('on the GET stream is for the only agent that waits', async () => {
    const { session } = await start()
    const agent = new Agent('one')
    const answer = agent.call(session, 'work')
    const stream = await next(server.calls, 0)
    server.gets[0]?.event(asks(1))
    expect(await answerTo(1)).toMatchObject({ result: { content: { by: 'one' } } })
    stream.answer(text('done'))
    expect((await answer).text).toBe('done')
  })

  it('on the GET stream while nobody waits is for nobody', async () => {
    const { test } = await start()
    server.gets[0]?.event(asks('r', 'roots/list'))
    server.gets[0]?.event(asks('e'))
    server.gets[0]?.event(says(1))
    expect(await answerTo('r')).toMatchObject({ result: { roots: [] } })
    expect(await answerTo('e')).toMatchObject({ error: { code: -32601 } })
    await until(() => test.heard.includes('test: said notifications/message'))
  })

  it('ends for the agent with its call', async () => {
    const { session } = await start()
    const agent = new Agent('one')
    agent.reply = undefined
    const answer = agent.call(session, 'work')
    const stream = await next(server.calls, 0)
    stream.event(asks(1))
    await until(() => agent.asked.length === 1)
    stream.answer(text('without waiting'))
    expect((await answer).text).toBe('without waiting')
    expect(await answerTo(1)).toMatchObject({ error: { message: expect.stringContaining('has ended') as string } })
  })
})

describe('the stream of a call', () => {
  it.each(['cut', 'end'] as const)(
    'that breaks (%s) behind an event with an id is taken up again, once and in order',
    async (how) => {
      const { session } = await start()
      const agent = new Agent('one')
      const answer = agent.call(session, 'work')
      const stream = await next(server.calls, 0)
      stream.write('retry: 300\n\n')
      stream.event(says(1), 'a-1')
      stream.event(says(2), 'a-2')
      stream.write('id: a-3\ndata: {"jsonrpc":"2.0","method":"notifications/mess')
      await until(() => agent.heard.length === 2)
      const brokenAt = performance.now()
      stream[how]()
      const again = await next(server.gets, 1)
      expect(again.lastEventId).toBe('a-2')
      expect(again.at - brokenAt).toBeGreaterThan(290)
      again.event(says(3), 'a-3')
      again.event(asks(1))
      expect(await answerTo(1)).toMatchObject({ result: { content: { by: 'one' } } })
      again.answer(text('whole'), stream.message?.id)
      expect((await answer).text).toBe('whole')
      expect(agent.heard).toEqual([1, 2, 3].map((data) => `notifications/message {"data":${data}}`))
    },
  )

  it('that a server ends to be asked again later is asked again as often as it likes', async () => {
    const { session } = await start()
    const answer = new Agent('one').call(session, 'work')
    const stream = await next(server.calls, 0)
    stream.write('retry: 1\nid: 0\ndata: \n\n')
    stream.end()
    for (let round = 1; round <= 8; round++) {
      const again = await next(server.gets, round)
      expect(again.lastEventId).toBe(String(round - 1))
      if (round === 8) again.answer(text('at last'), stream.message?.id)
      else again.write(`retry: 1\nid: ${round}\ndata: \n\n`)
      again.end()
    }
    expect((await answer).text).toBe('at last')
  })

  it('is given up after five tries in vain', async () => {
    const { session } = await start()
    const answer = new Agent('one').call(session, 'work')
    answer.catch(() => undefined)
    const stream = await next(server.calls, 0)
    stream.write('retry: 1\nid: 0\ndata: \n\n')
    stream.end()
    for (let round = 1; round <= 5; round++) (await next(server.gets, round)).refuse(503)
    await expect(answer).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(server.gets).toHaveLength(6)
  })

  it.each([405, 400])('is given up when the server does not take it up again (%s)', async (status) => {
    const { session, upstream } = await start()
    const answer = new Agent('one').call(session, 'work')
    answer.catch(() => undefined)
    const stream = await next(server.calls, 0)
    stream.write('retry: 1\nid: 0\ndata: \n\n')
    stream.cut()
    ;(await next(server.gets, 1)).refuse(status)
    await expect(answer).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: 'The server ended its answer before it was complete, and did not continue it.',
    })
    expect(await upstream.session()).toBe(session)
  })

  it.each(['', 'id: \u0001\n', `id: ${'x'.repeat(2_000)}\n`])(
    'without an id to come back with fails its call (%#)',
    async (id) => {
      const { session } = await start()
      const agent = new Agent('one')
      const answer = agent.call(session, 'work')
      answer.catch(() => undefined)
      const stream = await next(server.calls, 0)
      stream.write(`${id}data: ${JSON.stringify(says(1))}\n\n`)
      await until(() => agent.heard.length === 1)
      stream.end()
      await expect(answer).rejects.toThrow('ended its answer before it was complete')
      expect(server.gets).toHaveLength(1)
    },
  )

  it('of a call that was given up is not taken up again', async () => {
    const { session } = await start()
    const abort = new AbortController()
    const answer = new Agent('one').call(session, 'work', {}, abort.signal)
    answer.catch(() => undefined)
    const stream = await next(server.calls, 0)
    stream.write('retry: 200\nid: 0\ndata: \n\n')
    stream.end()
    await until(() => !stream.isOpen)
    abort.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    await until(() => server.posted.some(({ method }) => method === 'notifications/cancelled'))
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(server.gets).toHaveLength(1)
  })
})

describe('the GET stream', () => {
  it('is taken up where it broke, and from here on where the server has forgotten that', async () => {
    await start()
    server.gets[0]?.event(says(1), 'g-1')
    server.gets[0]?.write('retry: 1\n\n')
    server.gets[0]?.cut()
    const second = await next(server.gets, 1)
    expect(second.lastEventId).toBe('g-1')
    second.refuse(400)
    expect((await next(server.gets, 2)).lastEventId).toBeUndefined()
  })
})

describe('a session that the server has forgotten', () => {
  const ask = (session: UpstreamSession, method: string, caller?: UpstreamCaller) =>
    session.request({ method, params: Buffer.from('{}'), ...(caller && { caller }) })

  it.each(['prompts/get', 'resources/read', 'completion/complete'])(
    'is opened once more, and what only reads is asked again there: %s',
    async (method) => {
      const { session, upstream } = await start()
      await connected(upstream)
      server.forget()
      expect((await ask(session, method, new Agent('one').caller())).value).toEqual({ method })
      expect(server.openings).toHaveLength(2)
      await until(() => upstream.connection.state === 'connected')
    },
  )

  it('several at once are all asked again, in one new session', async () => {
    const { session, upstream } = await start()
    await connected(upstream)
    server.forget()
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(session, 'prompts/get')))
    expect(answers.map(({ value }) => value)).toEqual(Array(10).fill({ method: 'prompts/get' }))
    expect(server.openings).toHaveLength(2)
  })

  it('is not opened a third time for the same request', async () => {
    const { session, upstream } = await start()
    await connected(upstream)
    server.forget(true)
    await expect(ask(session, 'prompts/get')).rejects.toMatchObject({ code: 'upstream_unavailable' })
  })

  it('calls are not repeated: the refused one was not carried out, of the others that is not known', async () => {
    const { session, upstream } = await start()
    await connected(upstream)
    const agent = new Agent('one')
    const running = agent.call(session, 'work')
    running.catch(() => undefined)
    await next(server.calls, 0)
    server.forget()
    await expect(agent.call(session, 'work')).rejects.toThrow(
      'The server has restarted and no longer knows the session. This call was not carried out.',
    )
    await expect(running).rejects.toThrow('Whether this call was carried out is not known; it was not repeated.')
    const again = await upstream.session()
    expect(again).not.toBe(session)
    const answer = agent.call(again, 'work')
    ;(await next(server.calls, 1)).answer(text('anew'))
    expect((await answer).text).toBe('anew')
    expect(server.calls).toHaveLength(2)
  })

  it('is opened again for the agent alone whose it was', async () => {
    const test = new Harness()
    open.push(test)
    const upstream = test.start(http(server.url, { isolation: 'per_session' }))
    await connected(upstream)
    const agent = new Agent('one')
    const session = await upstream.session({ principal: agent.principal })
    server.forget()
    expect((await ask(session, 'prompts/get', agent.caller())).value).toEqual({ method: 'prompts/get' })
    const again = await upstream.session({ principal: agent.principal })
    expect(again).not.toBe(session)
  })
})
