import { afterEach, describe, expect, it, vi } from 'vitest'
import { Conversation } from '../../../src/main/upstream/conversation.ts'
import { ModernMeta } from '../../../src/main/upstream/modern-meta.ts'
import { NOBODY } from '../../../src/main/upstream/nobody.ts'
import { Outcome } from '../../../src/main/upstream/outcome.ts'
import { SecretFilter } from '../../../src/main/upstream/secret-filter.ts'
import type { Principal, ServerRequest, UpstreamAnswer, UpstreamCaller } from '../../../src/main/upstream/upstream.ts'
import { FakeTransport } from './fake-transport.ts'

const LIMITS = { timeoutMs: 5_000, maxMs: 20_000 }

interface Question extends ServerRequest {
  answer(kind: UpstreamAnswer['kind'], text: string): void
}

/** An agent that writes down what it is asked and told. */
class Agent {
  readonly questions: Question[] = []
  readonly heard: string[] = []
  readonly principal: Principal

  constructor() {
    this.principal = {
      connectionKey: 'session:x',
      capabilities: Buffer.from('{}'),
      clientInfo: undefined,
      ask: () => Promise.reject(new Error('not on a shared connection')),
      hear: () => undefined,
    }
  }

  call(name = 'call'): UpstreamCaller {
    return {
      principal: this.principal,
      ask: (request) => {
        const outcome = new Outcome<UpstreamAnswer>()
        const answer = (kind: UpstreamAnswer['kind'], text: string) =>
          outcome.resolve({ kind, bytes: Buffer.from(text), value: JSON.parse(text) })
        this.questions.push({ ...request, answer })
        return outcome.promise
      },
      hear: ({ method, params }) => this.heard.push(`${name}: ${method} ${params?.toString() ?? ''}`.trimEnd()),
    }
  }
}

function open() {
  const transport = new FakeTransport()
  const outside: string[] = []
  const ambiguous: string[] = []
  const conversation = new Conversation(transport, {
    onNotification: ({ method }) => outside.push(method),
    onAmbiguous: (method) => ambiguous.push(method),
    filter: new SecretFilter({ headers: {}, env: {} }),
    maxMessageBytes: 100_000,
  })
  const call = (caller?: UpstreamCaller, signal?: AbortSignal) => {
    const request = {
      method: 'tools/call',
      params: Buffer.from('{}'),
      ...(caller && { caller }),
      ...(signal && { signal }),
    }
    const answer = conversation.request(request, LIMITS)
    answer.catch(() => undefined)
    return answer
  }
  const sent = async (count: number) => {
    await vi.waitFor(() => expect(transport.texts.length).toBeGreaterThanOrEqual(count))
    return transport.texts
  }
  return { transport, outside, ambiguous, conversation, call, sent }
}

const asks = (id: string, method = 'sampling/createMessage', params = '{"n":1.0}') =>
  `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${params}}`

afterEach(() => vi.useRealTimers())

describe('a request of a server', () => {
  it.each(['7', '"seven"', '12345678901234567890', '-1.50', '"\\u00e4"', '""'])(
    'goes to the caller on whose stream it came, and its answer back under its id: %s',
    async (id) => {
      const { transport, call, sent } = open()
      const [one, other] = [new Agent(), new Agent()]
      void call(one.call())
      void call(other.call())
      transport.receive(asks(id, 'elicitation/create', '{ "n" : 1.0 }'), 1)
      expect(other.questions).toEqual([])
      expect(one.questions[0]).toMatchObject({ method: 'elicitation/create', value: { n: 1 } })
      expect(one.questions[0]?.params?.toString()).toBe('{ "n" : 1.0 }')
      one.questions[0]?.answer('result', '{"action":"accept", "content":{"x":1.0}}')
      expect(await sent(1)).toEqual([`{"jsonrpc":"2.0","id":${id},"result":{"action":"accept", "content":{"x":1.0}}}`])
    },
  )

  it('without a stream of its own goes to the newest call of the only principal that waits', async () => {
    const { transport, call, sent, ambiguous } = open()
    const agent = new Agent()
    void call(agent.call('first'))
    void call(agent.call('second'))
    transport.receive('{"jsonrpc":"2.0","method":"notifications/message"}')
    expect(agent.heard).toEqual(['second: notifications/message'])
    transport.receive(asks('1'))
    agent.questions[0]?.answer('error', '{"code":-1,"message":"User rejected"}')
    expect(await sent(1)).toEqual(['{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"User rejected"}}'])
    expect(ambiguous).toEqual([])
  })

  it('that could belong to one of two is put to neither, and that is told', async () => {
    const { transport, call, sent, ambiguous } = open()
    const agents = [new Agent(), new Agent()]
    for (const agent of agents) void call(agent.call())
    transport.receive(asks('1', 'roots/list'))
    expect(await sent(1)).toMatchObject([expect.stringContaining('"code":-32603')])
    expect(agents.flatMap((agent) => agent.questions)).toEqual([])
    expect(ambiguous).toEqual(['roots/list'])
  })

  it('while somebody who cannot be asked waits as well is put to nobody', async () => {
    const { transport, call, sent } = open()
    const agent = new Agent()
    void call(NOBODY)
    void call(agent.call())
    transport.receive(asks('1'))
    expect(await sent(1)).toMatchObject([expect.stringContaining('"error"')])
    expect(agent.questions).toEqual([])
  })

  it.each([
    ['roots/list', '{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}'],
    [
      'sampling/createMessage',
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: sampling/createMessage"}}',
    ],
  ])('that belongs to no call is answered on behalf of nobody: %s', async (method, answer) => {
    const { transport, call, sent } = open()
    void call()
    transport.receive(asks('1', method))
    expect(await sent(1)).toEqual([answer])
  })

  it('on the stream of a call that is over is refused, whoever else waits', async () => {
    const { transport, call, sent } = open()
    const agent = new Agent()
    void call(agent.call())
    void call(agent.call())
    transport.receive('{"jsonrpc":"2.0","id":1,"result":{}}', 1)
    transport.receive(asks('1'), 1)
    transport.receive('{"jsonrpc":"2.0","method":"notifications/message"}', 1)
    expect(await sent(1)).toMatchObject([expect.stringContaining('-32601')])
    expect([...agent.questions, ...agent.heard]).toEqual([])
  })

  it('of a modern server is none: it is refused', async () => {
    const { transport, conversation, call, sent } = open()
    conversation.speak('modern', '2026-07-28', new ModernMeta('2026-07-28', '{}'))
    const agent = new Agent()
    void call(agent.call())
    transport.receive(asks('1'), 1)
    expect(await sent(1)).toMatchObject([expect.stringContaining('-32601')])
    expect(agent.questions).toEqual([])
  })

  it('that the server cancels is not answered any more', async () => {
    const { transport, call, sent } = open()
    const agent = new Agent()
    void call(agent.call())
    transport.receive(asks('"a"'))
    transport.receive(asks('"b"'))
    transport.receive(
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"a","reason":"changed"}}',
    )
    transport.receive('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"nobody\'s"}}')
    transport.receive('{"jsonrpc":"2.0","method":"notifications/cancelled"}')
    const [cancelled, open_] = agent.questions
    expect(cancelled?.signal.aborted).toBe(true)
    expect(open_?.signal.aborted).toBe(false)
    cancelled?.answer('result', '{"a":1}')
    open_?.answer('result', '{"b":1}')
    expect(await sent(1)).toEqual(['{"jsonrpc":"2.0","id":"b","result":{"b":1}}'])
  })

  it.each(['an answer', 'the end of the caller'])('ends with its call: %s', async (how) => {
    const { transport, call, sent } = open()
    const agent = new Agent()
    const abort = new AbortController()
    void call(agent.call(), abort.signal)
    transport.receive(asks('"a"'))
    if (how === 'an answer') transport.receive('{"jsonrpc":"2.0","id":1,"result":{}}')
    else abort.abort()
    expect(agent.questions[0]?.signal.aborted).toBe(true)
    agent.questions[0]?.answer('result', '{}')
    expect(await sent(1)).toMatchObject([expect.stringContaining('"id":"a","error"')])
    expect(transport.cancelled).toEqual(how === 'an answer' ? [] : [1])
  })

  it('ends with its connection', async () => {
    const { transport, conversation, call } = open()
    const agent = new Agent()
    void call(agent.call())
    transport.receive(asks('"a"'))
    await conversation.close()
    expect(agent.questions[0]?.signal.aborted).toBe(true)
    agent.questions[0]?.answer('result', '{}')
    await Promise.resolve()
    expect(transport.texts).toEqual([])
  })

  it('that comes twice is asked once', () => {
    const { transport, call } = open()
    const agent = new Agent()
    void call(agent.call())
    transport.receive(asks('1'))
    transport.receive(asks('1'))
    transport.receive(asks('"1"'))
    expect(agent.questions).toHaveLength(2)
  })

  it('one of ten thousand: so many are asked, some are refused, and nothing piles up', async () => {
    const { transport, call, sent } = open()
    const agent = new Agent()
    const answer = call(agent.call())
    for (let id = 0; id < 10_000; id++) transport.receive(asks(String(id)))
    expect(agent.questions).toHaveLength(64)
    expect((await sent(32)).length).toBeLessThan(100)
    for (const question of agent.questions) question.answer('result', '{}')
    await vi.waitFor(() => expect(transport.texts.filter((text) => text.includes('"result":{}'))).toHaveLength(64))
    transport.receive('{"jsonrpc":"2.0","id":1,"result":{"ok":true}}')
    expect((await answer).value).toEqual({ ok: true })
  })

  it('several big ones are refused before they fill the memory', () => {
    const { transport, call } = open()
    const agent = new Agent()
    void call(agent.call())
    for (let id = 0; id < 3; id++) transport.receive(asks(String(id), 'x', JSON.stringify({ x: 'x'.repeat(40_000) })))
    expect(agent.questions).toHaveLength(2)
  })

  it('a caller that fails to answer is one that does not know the method', async () => {
    const { transport, call, sent } = open()
    const agent = new Agent()
    const caller = { ...agent.call(), ask: () => Promise.reject(new Error('a bug')) }
    void call(caller)
    transport.receive(asks('1'))
    expect(await sent(1)).toMatchObject([expect.stringContaining('-32601')])
  })
})

describe('while an agent is asked', () => {
  it('the time of its call rests, and then runs in full', async () => {
    vi.useFakeTimers()
    const { transport, call } = open()
    const agent = new Agent()
    const answer = call(agent.call())
    transport.receive(asks('1'))
    await vi.advanceTimersByTimeAsync(9_000)
    expect(transport.cancelled).toEqual([])
    agent.questions[0]?.answer('result', '{}')
    await vi.advanceTimersByTimeAsync(4_999)
    expect(transport.cancelled).toEqual([])
    await vi.advanceTimersByTimeAsync(2)
    await expect(answer).rejects.toThrow('The server did not answer tools/call in 5 s.')
  })

  it('a call ends all the same at its longest', async () => {
    vi.useFakeTimers()
    const { transport, call } = open()
    const agent = new Agent()
    const answer = call(agent.call())
    transport.receive(asks('1'))
    transport.receive(asks('2'))
    agent.questions[0]?.answer('result', '{}')
    await vi.advanceTimersByTimeAsync(19_999)
    expect(transport.cancelled).toEqual([])
    await vi.advanceTimersByTimeAsync(2)
    await expect(answer).rejects.toThrow('tools/call was not finished in 20 s')
    expect(agent.questions[1]?.signal.aborted).toBe(true)
    expect(transport.cancelled).toEqual([1])
  })
})

describe('a notification of a server', () => {
  it('goes to the caller on whose stream it came, with its bytes', () => {
    const { transport, outside, call } = open()
    const [one, other] = [new Agent(), new Agent()]
    void call(one.call())
    void call(other.call())
    transport.receive('{"jsonrpc":"2.0","method":"notifications/message","params":{ "data":1.0 }}', 2)
    transport.receive('{"jsonrpc":"2.0","method":"notifications/elicitation/complete","params":{}}', 2)
    expect(other.heard).toEqual([
      'call: notifications/message { "data":1.0 }',
      'call: notifications/elicitation/complete {}',
    ])
    expect([...one.heard, ...outside]).toEqual([])
  })

  it('that could belong to one of two is told to nobody', () => {
    const { transport, outside, call } = open()
    const agents = [new Agent(), new Agent()]
    for (const agent of agents) void call(agent.call())
    transport.receive('{"jsonrpc":"2.0","method":"notifications/message","params":{}}')
    expect([...agents.flatMap((agent) => agent.heard), ...outside]).toEqual([])
  })

  it.each([
    'notifications/tools/list_changed',
    'notifications/resources/updated',
    'notifications/tasks/status',
    'notifications/elicitation/complete',
  ])('that concerns the connection, or names whom it concerns, is no call’s: %s', (method) => {
    const { transport, outside, call } = open()
    const agent = new Agent()
    void call(agent.call())
    transport.receive(`{"jsonrpc":"2.0","method":"${method}","params":{}}`)
    expect(outside).toEqual([method])
    expect(agent.heard).toEqual([])
  })

  it('that belongs to no call is handed on', () => {
    const { transport, outside, call } = open()
    void call()
    transport.receive('{"jsonrpc":"2.0","method":"notifications/message","params":{}}')
    expect(outside).toEqual(['notifications/message'])
  })
})
