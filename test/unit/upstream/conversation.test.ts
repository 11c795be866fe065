import { afterEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { Conversation } from '../../../src/main/upstream/conversation.ts'
import { SecretFilter } from '../../../src/main/upstream/secret-filter.ts'
import { FakeTransport } from './fake-transport.ts'
import type { ServerNotification } from '../../../src/main/upstream/upstream.ts'

function open() {
  const transport = new FakeTransport()
  const said: ServerNotification[] = []
  const conversation = new Conversation(transport, {
    onNotification: (notification) => said.push(notification),
    filter: new SecretFilter({ headers: { authorization: 'Bearer opensesame' }, env: {} }),
    maxMessageBytes: 1024,
  })
  const ask = (method = 'tools/call', signal?: AbortSignal) => {
    const request = { method, params: Buffer.from('{}'), ...(signal && { signal }) }
    const answer = conversation.request(request, { timeoutMs: 5_000 })
    // One that a test does not wait for ends after it.
    answer.catch(() => undefined)
    return answer
  }
  return { transport, said, conversation, ask }
}

describe('a conversation', () => {
  it('joins answers to requests in any order, and keeps their bytes', async () => {
    const { transport, ask } = open()
    const first = ask()
    const second = ask()
    transport.receive('{"id":2,"result":{ "n" : 12345678901234567890 },"jsonrpc":"2.0"}')
    transport.receive('{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no","data":{"x":1.0}}}')
    expect((await second).bytes.toString()).toBe('{ "n" : 12345678901234567890 }')
    expect(await first).toMatchObject({ kind: 'error', value: { code: -32602 } })
    expect((await first).bytes.toString()).toBe('{"code":-32602,"message":"no","data":{"x":1.0}}')
  })

  it.each([
    ['both a result and an error', '{"id":1,"result":{},"error":{"code":1,"message":""}}'],
    ['neither', '{"id":1}'],
    ['a result that is no object', '{"id":1,"result":7}'],
    ['a null error', '{"id":1,"error":null}'],
  ])('an answer with %s is an error of that call', async (_case, text) => {
    const { transport, ask } = open()
    const answer = ask()
    transport.receive(text)
    await expect(answer).rejects.toMatchObject({ code: 'upstream_invalid' })
  })

  it('gives up each request when its own time is over, whatever becomes of the others', async () => {
    vi.useFakeTimers()
    const { transport, conversation, ask } = open()
    const first = ask()
    vi.advanceTimersByTime(1_000)
    const second = ask()
    const shorter = conversation.request({ method: 'ping', params: Buffer.from('{}') }, { timeoutMs: 2_000 })
    const unlimited = conversation.request({ method: 'listen', params: Buffer.from('{}') }, { timeoutMs: 0 })
    unlimited.catch(() => undefined)

    vi.advanceTimersByTime(1_999)
    expect(transport.cancelled).toEqual([])
    vi.advanceTimersByTime(1)
    await expect(shorter).rejects.toThrow('The server did not answer ping in 2 s.')
    transport.receive('{"jsonrpc":"2.0","id":1,"result":{}}')
    await first
    vi.advanceTimersByTime(2_999)
    expect(transport.cancelled).toEqual([3])
    vi.advanceTimersByTime(1)
    await expect(second).rejects.toThrow('The server did not answer tools/call in 5 s.')
    vi.advanceTimersByTime(3_600_000)
    expect(transport.cancelled).toEqual([3, 2])
  })

  it('an end rejects what is open and everything after it', async () => {
    const { transport, conversation, ask } = open()
    const waiting = ask()
    const reason = new AppError('upstream_unavailable', { message: 'gone' })
    transport.listener.closed(reason)
    await expect(waiting).rejects.toBe(reason)
    await expect(ask()).rejects.toBe(reason)
    expect(await conversation.ended).toBe(reason)
  })

  it('credentials that come back in an error are not passed on', async () => {
    const { transport, conversation, ask } = open()
    const waiting = ask()
    transport.listener.closed(new AppError('authorization_required', { message: 'Not valid: opensesame' }))
    await expect(waiting).rejects.toThrow('Not valid: [redacted]')
    expect((await conversation.ended).message).toBe('Not valid: [redacted]')
  })

  it('a call that was given up before it began is not sent', async () => {
    const { transport, ask } = open()
    await expect(ask('tools/call', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
    expect(transport.requests).toEqual([])
  })

  it('a call that is given up is cancelled once, and its late answer dropped', async () => {
    const { transport, ask } = open()
    const abort = new AbortController()
    const answer = ask('tools/call', abort.signal)
    abort.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    transport.receive('{"id":1,"result":{}}')
    expect(transport.cancelled).toEqual([1])
  })

  it('notifications are told, requests are answered, in the kind of id that they came with', async () => {
    const { transport, said } = open()
    transport.receive('{"method":"notifications/tools/list_changed"}')
    transport.receive('{"method":"notifications/x","params": {"n":1.0} }')
    transport.receive('{"id":"a","method":"ping"}')
    transport.receive('{"id":0,"method":"sampling/createMessage","params":{}}')
    transport.receive('{"id":{},"method":"ping"}')
    expect(said).toEqual([
      { method: 'notifications/tools/list_changed', params: undefined, value: {} },
      { method: 'notifications/x', params: Buffer.from('{"n":1.0}'), value: { n: 1 } },
    ])
    await vi.waitFor(() => expect(transport.sent).toHaveLength(2))
    expect(transport.sent).toMatchObject([
      { id: 'a', result: {} },
      { id: 0, error: { code: -32601 } },
    ])
  })

  it('a server that asks without end and takes no answer does not fill the memory', async () => {
    const { transport } = open()
    const taken: (() => void)[] = []
    transport.send = (message) => {
      transport.sent.push(message)
      return new Promise<undefined>((resolve) => taken.push(() => resolve(undefined)))
    }
    const ask = (id: number) => transport.receive(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`)
    for (let id = 0; id < 10_000; id++) ask(id)
    expect(transport.sent.length).toBeLessThan(100)
    const waiting = transport.sent.length
    for (const take of taken) take()
    await Promise.resolve()
    ask(10_000)
    expect(transport.sent).toHaveLength(waiting + 1)
  })

  it('ten thousand broken messages do it no harm', async () => {
    const { transport, ask } = open()
    const good = '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"x\\"}"}]},"method":null}'
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      'null',
      '1',
      '-1',
      '"id"',
      '"method"',
      '"result"',
      '\u0000',
      '�',
      '1e999',
      '\ufeff',
    ]
    let seed = 7
    const next = (below: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below
    const waiting = ask('never/answered')
    for (let round = 0; round < 10_000; round++) {
      const at = next(good.length)
      transport.receive(
        `${good.slice(0, at)}${pieces[next(pieces.length)] ?? ''}${good.slice(at + next(3))}`.replace(
          '"id":1',
          `"id":${2 + next(9)}`,
        ),
      )
    }
    transport.receive('{"id":1,"result":{"ok":true}}')
    expect((await waiting).value).toEqual({ ok: true })
  })
})

describe('progress', () => {
  afterEach(() => vi.useRealTimers())

  const follow = (params = '{"name":"slow"}', limits = { timeoutMs: 5_000, maxMs: 20_000 }) => {
    const { transport, conversation, said } = open()
    const heard: string[] = []
    const signal = new AbortController()
    const answer = conversation.request(
      {
        method: 'tools/call',
        params: Buffer.from(params),
        signal: signal.signal,
        onProgress: ({ value, bytes }) => heard.push(`${String(value.progress)} ${bytes.toString()}`),
      },
      limits,
    )
    answer.catch(() => undefined)
    const progress = (token: unknown, more = '"progress":1') =>
      transport.receive(
        `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${JSON.stringify(token)},${more}}}`,
      )
    return { transport, conversation, said, heard, answer, progress, abort: signal }
  }
  const sentParams = (transport: FakeTransport) => transport.requests.at(-1)?.params.toString()

  it.each([
    ['{"name":"slow"}', '{"_meta":{"progressToken":1},"name":"slow"}'],
    ['{}', '{"_meta":{"progressToken":1}}'],
    ['{"_meta":{},"n":1.0}', '{"_meta":{"progressToken":1},"n":1.0}'],
    ['{"a":[1, 2],"_meta": {"x":"y"} }', '{"a":[1, 2],"_meta": {"progressToken":1,"x":"y"} }'],
    [
      '{"_meta":{"progressToken":"the agent\'s own","x":{"progressToken":7}}}',
      '{"_meta":{"progressToken":1,"x":{"progressToken":7}}}',
    ],
  ])('is asked for with a token of the connection: %s', (params, sent) => {
    expect(sentParams(follow(params).transport)).toBe(sent)
  })

  it('is not asked for when nobody wants to hear of it', () => {
    const { transport, ask } = open()
    void ask()
    expect(sentParams(transport)).toBe('{}')
  })

  it('is told by token, with the bytes that came', async () => {
    const { transport, heard, answer, progress, said } = follow()
    progress(1, '"progress":0.50,"total":1, "message":"halb"')
    progress(2)
    progress('1')
    transport.receive('{"method":"notifications/progress"}')
    transport.receive('{"method":"notifications/progress","params":[1]}')
    transport.receive('{"id":1,"result":{}}')
    await answer
    progress(1)
    expect(heard).toEqual(['0.5 {"progressToken":1,"progress":0.50,"total":1, "message":"halb"}'])
    expect(said).toEqual([])
  })

  it('each one gives the call its time again, and in the end it is over all the same', async () => {
    vi.useFakeTimers()
    const { transport, answer, progress } = follow()
    for (let second = 4; second <= 16; second += 4) {
      vi.advanceTimersByTime(4_000)
      progress(1)
    }
    expect(transport.cancelled).toEqual([])
    vi.advanceTimersByTime(3_999)
    progress(1)
    expect(transport.cancelled).toEqual([])
    vi.advanceTimersByTime(1)
    await expect(answer).rejects.toMatchObject({
      code: 'upstream_timeout',
      message: 'The server reported progress of tools/call but did not finish it in 20 s.',
    })
    expect(transport.cancelled).toEqual([1])
  })

  it('that stops coming does not keep a call', async () => {
    vi.useFakeTimers()
    const { transport, answer, progress } = follow()
    vi.advanceTimersByTime(4_000)
    progress(1)
    vi.advanceTimersByTime(5_000)
    await expect(answer).rejects.toMatchObject({
      code: 'upstream_timeout',
      message: 'The server did not answer tools/call in 5 s.',
    })
    expect(transport.cancelled).toEqual([1])
  })

  it('does not reach a call that was given up', async () => {
    const { heard, answer, progress, abort } = follow()
    abort.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    progress(1)
    expect(heard).toEqual([])
  })
})
