import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UpstreamCaller, UpstreamSession } from '../../../src/main/upstream/upstream.ts'
import { startStreamServer, type HeldStream, type StreamServer } from '../../servers/stream-server.ts'
import { Agent } from './agents.ts'
import { call, connected, Harness, http, until } from './harness.ts'

const MIB = 1024 * 1024

let server: StreamServer
const open: Harness[] = []
beforeEach(async () => {
  server = await startStreamServer()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
  await server.close()
})

function harness(...options: ConstructorParameters<typeof Harness>): Harness {
  const made = new Harness(...options)
  open.push(made)
  return made
}

/** A call over HTTP whose answer is in the hands of the test. */
async function callOverHttp() {
  const upstream = harness().start(http(server.url))
  await connected(upstream)
  const session = await upstream.session()
  const params = Buffer.from('{"name":"work"}')
  const answer = session.request({ method: 'tools/call', name: 'work', params })
  answer.catch(() => undefined)
  await until(() => server.calls.length === 1)
  const [stream] = server.calls as [HeldStream]
  return { upstream, session, answer, stream, id: stream.message?.id }
}

/** The connection is the same, and works. */
async function expectUnharmed(session: UpstreamSession): Promise<void> {
  const answer = await session.request({ method: 'prompts/get', params: Buffer.from('{}') })
  expect(answer.value).toEqual({ method: 'prompts/get' })
}

/** Counts, and keeps nothing. */
function counter(): { caller: UpstreamCaller; heard: () => number } {
  let count = 0
  const { principal } = new Agent('one')
  const hear = () => {
    count++
  }
  const caller: UpstreamCaller = { principal, ask: (request) => principal.ask(request), hear }
  return { caller, heard: () => count }
}

/** How far memory grew beyond what it was, at most, while `work` ran. */
async function growthDuring(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
  try {
    await work()
  } finally {
    clearInterval(watch)
  }
  return most - before
}

describe('an answer over HTTP that is none', () => {
  it.each([
    ['broken JSON', '{"jsonrpc":"2.0","id":ID,"result":{', 'The server answered with something that is not MCP'],
    ['nothing', '', 'The server answered nothing.'],
    ['an array of something else', '[1,2]', 'The server answered'],
    ['an empty batch', '[]', 'The server answered'],
    ['the id of another request', '{"jsonrpc":"2.0","id":9999,"result":{}}', 'the id of another request'],
    ['its id as a string', '{"jsonrpc":"2.0","id":"ID","result":{}}', 'the id of another request'],
    ['no id', '{"jsonrpc":"2.0","result":{}}', 'the id of another request'],
    ['a result and an error', '{"jsonrpc":"2.0","id":ID,"result":{},"error":{"code":1,"message":"x"}}', 'not JSON-RPC'],
    ['neither of them', '{"jsonrpc":"2.0","id":ID}', 'not JSON-RPC'],
  ])('%s is an error of that call', async (_case, body, message) => {
    const { session, answer, stream, id } = await callOverHttp()
    stream.body(body.replace('ID', String(id)))
    await expect(answer).rejects.toMatchObject({
      code: 'upstream_invalid',
      message: expect.stringContaining(message) as string,
    })
    await expectUnharmed(session)
  })

  it('an error without an id is the answer to the only request it can belong to', async () => {
    const { answer, stream } = await callOverHttp()
    stream.body('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}')
    expect(await answer).toMatchObject({ kind: 'error', value: { code: -32700 } })
  })

  it('on a stream everything but the answer is passed over, and of two answers the first counts', async () => {
    const { session, answer, stream, id } = await callOverHttp()
    stream.event('{"jsonrpc":"2.0","id":')
    stream.event('7')
    stream.event('null')
    stream.event('[1,2]')
    stream.event({ jsonrpc: '2.0', id: 9999, result: {} })
    stream.event({ jsonrpc: '2.0', id: String(id), result: {} })
    stream.write(Buffer.concat([Buffer.from('data: '), Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0]), Buffer.from('\n\n')]))
    stream.answer({ first: true })
    stream.answer({ first: false })
    expect((await answer).value).toEqual({ first: true })
    await expectUnharmed(session)
  })

  it('in a batch, as servers of 2025-03-26 may write it, is found', async () => {
    const { session, answer, stream, id } = await callOverHttp()
    stream.body(`[{"jsonrpc":"2.0","method":"notifications/x"}, {"jsonrpc":"2.0","id":${id},"result":{ "n":1.0 }}]`)
    expect((await answer).bytes.toString()).toBe('{ "n":1.0 }')
    await expectUnharmed(session)
  })

  it('closed in the middle of an event it is an error of that call', async () => {
    const { session, answer, stream, id } = await callOverHttp()
    stream.write(`data: {"jsonrpc":"2.0","id":${id},"result":{"content":[`)
    stream.cut()
    await expect(answer).rejects.toMatchObject({ code: 'upstream_unavailable' })
    await expectUnharmed(session)
  })

  it('bytes that are no text become text', async () => {
    const { answer, stream, id } = await callOverHttp()
    const head = Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"x":"`)
    stream.body(Buffer.concat([head, Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}}')]))
    expect((await answer).bytes.toString()).toBe('{"x":"\ufffd(\ufffd"}')
  })
})

describe('an answer that nests 100,000 deep', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`

  it('is carried over HTTP byte for byte', async () => {
    const { answer, stream, id } = await callOverHttp()
    stream.body(`{"jsonrpc":"2.0","id":${id},"result":{"deep":${deep}}}`)
    expect((await answer).bytes.toString() === `{"deep":${deep}}`).toBe(true)
  })

  it('and over stdio', async () => {
    const test = harness()
    const session = await test.start(test.bad('good')).session()
    const params = Buffer.from('{"name":"deep"}')
    const { bytes } = await session.request({ method: 'tools/call', name: 'deep', params })
    expect(bytes.toString() === `{"content":[],"deep":${deep}}`).toBe(true)
    expect((await call(session, 'echo', { message: 'next' })).text).toBe('Echo: next')
  })

  it('a question or a word that does so does no harm', async () => {
    const { session, answer, stream } = await callOverHttp()
    stream.event(`{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{"deep":${deep}}}`)
    stream.event(`{"jsonrpc":"2.0","method":"notifications/message","params":{"deep":${deep}}}`)
    stream.event(`{"jsonrpc":"2.0","id":${deep},"method":"ping"}`)
    stream.answer({})
    await answer
    await expectUnharmed(session)
  })
})

describe('a server that asks 10,000 things at once', () => {
  it('over stdio: a few are put to the agent, the others refused, and its call is answered', async () => {
    const test = harness()
    const session = await test.start(test.bad('good')).session()
    const agent = new Agent('one')
    agent.reply = undefined
    expect((await agent.call(session, 'ask-much')).text).toBe('asked')
    expect(agent.asked).toHaveLength(64)
    expect((await agent.call(session, 'echo', { message: 'next' })).text).toBe('Echo: next')
  })

  it('over HTTP: the same, and each that was asked is answered once', async () => {
    const { session, stream } = await callOverHttp()
    const agent = new Agent('one')
    agent.reply = undefined
    const answer = agent.call(session, 'work')
    await until(() => server.calls.length === 2)
    for (let id = 0; id < 10_000; id++) server.calls[1]?.event({ jsonrpc: '2.0', id, method: 'roots/list' })
    server.calls[1]?.answer({ content: [{ type: 'text', text: 'done' }] })
    expect((await answer).text).toBe('done')
    expect(agent.asked).toHaveLength(64)
    await until(() => server.posted.filter(({ id }) => Number(id) < 64).length === 64)
    stream.answer({})
    await expectUnharmed(session)
  })
})

describe('a flood of 100 MB of notifications', () => {
  it('over stdio is passed on without piling up, and others are served meanwhile', { timeout: 180_000 }, async () => {
    const test = harness({ callTimeoutMs: 170_000 })
    const session = await test.start(test.bad('good')).session()
    const other = await test.start(test.bad('good')).session()
    const { caller, heard } = counter()
    let served = 0
    const growth = await growthDuring(async () => {
      const progress = { isOver: false }
      const flooded = call(session, 'flood', { mib: 100 }, undefined, caller).finally(() => (progress.isOver = true))
      while (!progress.isOver) {
        await call(other, 'echo')
        served++
      }
      expect((await flooded).text).toBe('flooded')
    })
    expect(heard()).toBeGreaterThan(100_000)
    expect(served).toBeGreaterThan(1)
    expect(growth).toBeLessThan(200 * MIB)
  })

  it('over HTTP as well', { timeout: 180_000 }, async () => {
    const test = harness({ callTimeoutMs: 170_000 })
    const upstream = test.start(http(server.url))
    await connected(upstream)
    const session = await upstream.session()
    const { caller, heard } = counter()
    const growth = await growthDuring(async () => {
      const answer = call(session, 'work', {}, undefined, caller)
      await until(() => server.calls.length === 1)
      const message = { jsonrpc: '2.0', method: 'notifications/message', params: { data: 'x'.repeat(900) } }
      const flooding = server.calls[0]?.flood(message, 100 * MIB)
      await expectUnharmed(session)
      await flooding
      server.calls[0]?.answer({ content: [{ type: 'text', text: 'flooded' }] })
      expect((await answer).text).toBe('flooded')
    })
    expect(heard()).toBeGreaterThan(100_000)
    expect(growth).toBeLessThan(200 * MIB)
  })
})
