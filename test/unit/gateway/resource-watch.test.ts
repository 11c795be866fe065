import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EventStream } from '../../../src/main/gateway/exchange.ts'
import { ResourceWatch } from '../../../src/main/gateway/resource-watch.ts'
import { changeResource, fakeUpstream, served } from '../../helpers/gateway-fixture.ts'

const upstream = fakeUpstream('notes', '')
const integration = served(upstream)
let sent: unknown[]
let isBehind: boolean
let hasStream: boolean
let watch: ResourceWatch

const stream = {
  send: (...message: readonly Buffer[]) => void sent.push(JSON.parse(Buffer.concat(message).toString())),
  get isBehind() {
    return isBehind
  },
} as unknown as EventStream

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  isBehind = false
  hasStream = true
  watch = new ResourceWatch({ stream: () => (hasStream ? stream : undefined), coalesceMs: 100 })
})
afterEach(() => {
  watch.end()
  vi.useRealTimers()
})

const add = (uri: string) => watch.add(uri, { integration, key: uri })
const update = (uri: string, more: object = {}) => ({
  jsonrpc: '2.0',
  method: 'notifications/resources/updated',
  params: { uri, ...more },
})

describe('what an agent hears of resources', () => {
  it('is the URI alone where the server says very much beside it', () => {
    add('x://a')
    changeResource(upstream, 'x://a', JSON.stringify({ uri: 'x://a', more: 'x'.repeat(64 * 1024) }))
    vi.advanceTimersByTime(100)
    expect(sent).toEqual([update('x://a')])
  })

  it('is one message of each in a tenth of a second, the newest', () => {
    add('x://a')
    add('x://b')
    for (let n = 0; n < 1_000; n++) changeResource(upstream, 'x://a', `{"uri":"x://a","n":${n}}`)
    changeResource(upstream, 'x://b')
    expect(sent).toEqual([])
    vi.advanceTimersByTime(100)
    expect(sent).toEqual([update('x://a', { n: 999 }), update('x://b')])
    vi.advanceTimersByTime(1_000)
    expect(sent).toHaveLength(2)
  })

  it('waits while the agent does not read', () => {
    add('x://a')
    isBehind = true
    changeResource(upstream, 'x://a')
    vi.advanceTimersByTime(1_000)
    expect(sent).toEqual([])
    isBehind = false
    vi.advanceTimersByTime(100)
    expect(sent).toEqual([update('x://a')])
  })

  it('waits for a stream, without a timer', () => {
    add('x://a')
    hasStream = false
    changeResource(upstream, 'x://a')
    vi.advanceTimersByTime(100)
    expect(vi.getTimerCount()).toBe(0)
    hasStream = true
    watch.tell()
    expect(sent).toEqual([update('x://a')])
  })

  it('has a bound, also where a server tells of resources without end', () => {
    add('x://a')
    for (let n = 0; n < 5_000; n++) changeResource(upstream, 'x://a', `{"uri":"x://a/${n}"}`)
    vi.advanceTimersByTime(100)
    expect(sent).toHaveLength(1_000)
    for (let n = 1; n < 1_000; n++) expect(add(`x://${n}`)).toBe(true)
    expect(add('x://one-more')).toBe(false)
    expect(add('x://a')).toBe(true)
  })

  it('ends with its subscription, and with the agent', () => {
    add('x://a')
    add('x://b')
    changeResource(upstream, 'x://a')
    watch.delete('x://a')
    expect([...upstream.subscribers.keys()]).toEqual(['x://b'])
    watch.end()
    expect(upstream.subscribers.size).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(sent).toEqual([])
  })
})
