import { describe, expect, it } from 'vitest'
import { readBody, type Message } from '../../../src/main/gateway/message.ts'
import { isOwnState, requestHash, RequestStates } from '../../../src/main/gateway/request-state.ts'

const state = { held: '1', agent: 'a', endpoint: '', hash: 'h', expiresAt: 5 }

function message(params: string, method = 'tools/call'): Message {
  return readBody(Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`)) as Message
}

describe('a request state', () => {
  it('opens again, says nothing to anybody else, and never looks the same', () => {
    const states = new RequestStates()
    const [one, two] = [states.seal(state), states.seal(state)]
    expect(states.open(one)).toEqual(state)
    expect(states.open(two)).toEqual(state)
    expect(one).not.toBe(two)
    expect(isOwnState(one)).toBe(true)
    expect(one).toMatch(/^[\w.-]+$/)
    expect(new RequestStates().open(one)).toBeUndefined()
  })

  it('does not open with any character changed, left out or added', () => {
    const states = new RequestStates()
    const sealed = states.seal(state)
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A'
      expect(states.open(sealed.slice(0, at) + other + sealed.slice(at + 1))).toBeUndefined()
      expect(states.open(sealed.slice(0, at) + sealed.slice(at + 1))).toBeUndefined()
    }
    for (const text of [`${sealed}=`, `${sealed} `, `${sealed}AA`, '', 'gatehouse.v1.']) {
      expect(states.open(text)).toBeUndefined()
    }
  })
})

describe('the hash of a request', () => {
  const same = requestHash(message('{"name":"t","arguments":{"a":1}}'))

  it('is that of what a retry must repeat, whatever else stands beside it and in which order', () => {
    expect(requestHash(message('{"arguments":{"a":1},"name":"t"}'))).toBe(same)
    const retry = '{"_meta":{"x":1},"name":"t","arguments":{"a":1},"inputResponses":{},"requestState":"s"}'
    expect(requestHash(message(retry))).toBe(same)
  })

  it.each([
    ['{"name":"u","arguments":{"a":1}}', 'tools/call'],
    ['{"name":"t","arguments":{"a":2}}', 'tools/call'],
    ['{"name":"t","arguments":{"a":1},"more":1}', 'tools/call'],
    ['{"name":"t"}', 'tools/call'],
    ['{"name":"t","arguments":{"a":1}}', 'prompts/get'],
    ['{}', 'tools/call'],
  ])('is another one for %s of %s', (params, method) => {
    expect(requestHash(message(params, method))).not.toBe(same)
  })
})
