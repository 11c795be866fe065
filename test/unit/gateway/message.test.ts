import { describe, expect, it } from 'vitest'
import { readBody, type Message } from '../../../src/main/gateway/message.ts'

const read = (text: string) => readBody(Buffer.from(text))

describe('reading a message', () => {
  it('keeps the bytes of the id and where params stand', () => {
    const text = ' { "params" : {"a":[1]} , "id" : 1.0e2 , "method":"x","jsonrpc":"2.0" } '
    const message = read(text) as Message
    expect(message).toMatchObject({ kind: 'request', method: 'x', params: { a: [1] } })
    expect(message.id.toString()).toBe('1.0e2')
    expect(text.slice(...(message.paramsSpan ?? []))).toBe('{"a":[1]}')
  })

  it('tells requests, notifications and answers apart', () => {
    expect(read('{"jsonrpc":"2.0","id":0,"method":"x"}').kind).toBe('request')
    expect(read('{"jsonrpc":"2.0","id":"","method":"x"}').kind).toBe('request')
    expect(read('{"jsonrpc":"2.0","method":"x"}').kind).toBe('notification')
    expect(read('{"jsonrpc":"2.0","id":1,"result":null}').kind).toBe('response')
    expect(read('{"jsonrpc":"2.0","id":1,"error":{}}').kind).toBe('response')
  })

  it('reads the members that JSON.parse counts', () => {
    const message = read('{"jsonrpc":"2.0","id":1,"id":2,"\\u006dethod":"first","method":"second"}') as Message
    expect([message.id.toString(), message.method]).toEqual(['2', 'second'])
  })

  it('keeps the bytes of each element of a batch', () => {
    const batch = read('[ {"jsonrpc":"2.0","id":1e0,"method":"a"} , 5 , {"jsonrpc":"2.0","method":"b"} ]')
    if (batch.kind !== 'batch') throw new Error('not a batch')
    expect(batch.messages.map(({ kind }) => kind)).toEqual(['request', 'unreadable', 'notification'])
    expect(batch.messages[0]?.id?.toString()).toBe('1e0')
  })

  it('does not look into a batch without end', () => {
    expect(read(`[${'0,'.repeat(10_000)}0]`)).toMatchObject({
      kind: 'unreadable',
      error: { code: -32600, message: 'Invalid JSON-RPC message: a batch has at most 10000 of them.' },
    })
  })

  it('refuses what nests a million deep before it is parsed', () => {
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`
    const body = readBody(Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${deep}}}`))
    expect(body).toMatchObject({
      kind: 'unreadable',
      error: { code: -32600, message: expect.stringContaining('too deep') as string },
    })
  })

  it('is not shaken by names of Object.prototype, deep nesting or broken UTF-8', () => {
    const message = read('{"jsonrpc":"2.0","id":1,"method":"x","params":{"__proto__":{"name":"y"}}}') as Message
    expect(message.params.name).toBeUndefined()
    expect(Object.hasOwn(message.params, '__proto__')).toBe(true)
    const deep = `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`
    expect(read(deep).kind).toBe('request')
    const broken = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":"'),
      Buffer.from([0xc3, 0xff]),
      Buffer.from('","method":"x"}'),
    ])
    expect((readBody(broken) as Message).id.subarray(1, 3)).toEqual(Buffer.from([0xc3, 0xff]))
  })
})
