import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CancelSignal } from '../../../src/main/base/cancellation.ts'
import { ListenStream, type ListenFilter } from '../../../src/main/upstream/listen-stream.ts'
import { Outcome } from '../../../src/main/upstream/outcome.ts'
import type { UpstreamAnswer } from '../../../src/main/upstream/upstream.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Asked {
  filter: ListenFilter
  signal: CancelSignal
  answer: Outcome<UpstreamAnswer>
}

function open() {
  const asked: Asked[] = []
  const events: string[] = []
  const wanted: { filter: ListenFilter | undefined } = { filter: { toolsListChanged: true } }
  const stream = new ListenStream({
    conversation: {
      request: ({ params, signal }) => {
        const answer = new Outcome<UpstreamAnswer>()
        signal?.addEventListener('abort', () => answer.reject(signal.reason))
        const { notifications } = JSON.parse(params.toString()) as { notifications: ListenFilter }
        asked.push({ filter: notifications, signal: signal ?? new AbortController().signal, answer })
        return answer.promise
      },
    },
    wanted: () => wanted.filter,
    opened: (wasInterrupted) => events.push(wasInterrupted ? 'opened again' : 'opened'),
    refused: () => events.push('refused'),
  })
  return { stream, asked, events, wanted, openCount: () => asked.filter(({ signal }) => !signal.aborted).length }
}

const answered = (kind: UpstreamAnswer['kind']): UpstreamAnswer => ({ kind, bytes: Buffer.from('{}'), value: {} })
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('the stream of a modern server', () => {
  it('is opened with what is wanted, and another one when that changes, which is acknowledged before the first ends', async () => {
    const { stream, asked, events, wanted, openCount } = open()
    const first = stream.renew()
    expect(asked.map(({ filter }) => filter)).toEqual([{ toolsListChanged: true }])
    stream.acknowledged()
    await first
    wanted.filter = { toolsListChanged: true, resourceSubscriptions: ['a://b'] }
    const second = stream.renew()
    await pass(5_000)
    expect(asked[1]?.filter).toEqual(wanted.filter)
    expect(openCount()).toBe(2)
    stream.acknowledged()
    await second
    expect(openCount()).toBe(2)
    await pass(1_000)
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false])
    expect(events).toEqual(['opened', 'opened'])
  })

  it('changes once for all that was wanted while it was being opened', async () => {
    const { stream, asked, wanted } = open()
    void stream.renew()
    const uris: string[] = []
    const renewals = Array.from({ length: 50 }, (_, number) => {
      uris.push(`a://${number}`)
      wanted.filter = { resourceSubscriptions: [...uris] }
      return stream.renew()
    })
    expect(asked).toHaveLength(1)
    stream.acknowledged()
    expect(asked).toHaveLength(2)
    expect(asked[1]?.filter.resourceSubscriptions).toHaveLength(50)
    stream.acknowledged()
    await Promise.all(renewals)
    expect(asked).toHaveLength(2)
  })

  it('that is not acknowledged is believed in after a while', async () => {
    const { stream, events } = open()
    const opened = stream.renew()
    await pass(10_000)
    await opened
    expect(events).toEqual(['opened'])
  })

  it('that breaks is opened again, later each time, and something may have been missed', async () => {
    const { stream, asked, events } = open()
    void stream.renew()
    stream.acknowledged()
    asked[0]?.answer.reject(new Error('lost'))
    await pass(999)
    expect(asked).toHaveLength(1)
    await pass(1)
    expect(asked).toHaveLength(2)
    asked[1]?.answer.resolve(answered('result'))
    await pass(1_999)
    expect(asked).toHaveLength(2)
    await pass(1)
    expect(asked).toHaveLength(3)
    stream.acknowledged()
    expect(events).toEqual(['opened', 'opened again'])
  })

  it('that is refused is not asked for again, and what was wanted is told', async () => {
    const { stream, asked, events } = open()
    const opened = stream.renew()
    asked[0]?.answer.resolve(answered('error'))
    await opened
    await pass(200_000)
    expect(asked).toHaveLength(1)
    expect(events).toEqual(['refused'])
  })

  it('that is refused beside the one that is open takes its place', async () => {
    const { stream, asked, events, wanted } = open()
    void stream.renew()
    stream.acknowledged()
    wanted.filter = { resourceSubscriptions: ['a://b'] }
    void stream.renew()
    asked[1]?.answer.resolve(answered('error'))
    await pass(0)
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false, false])
    expect(asked[2]?.filter).toEqual({ resourceSubscriptions: ['a://b'] })
    stream.acknowledged()
    expect(events).toEqual(['opened', 'opened again'])
  })

  it('ends when nothing is wanted any more, and is not there before something is', async () => {
    const { stream, asked, wanted, openCount } = open()
    wanted.filter = undefined
    await stream.renew()
    expect(asked).toHaveLength(0)
    wanted.filter = { resourceSubscriptions: ['a://b'] }
    void stream.renew()
    stream.acknowledged()
    wanted.filter = undefined
    await stream.renew()
    await pass(200_000)
    expect(openCount()).toBe(0)
    expect(asked).toHaveLength(1)
  })

  it('leaves nobody waiting when the connection is closed', async () => {
    const { stream, asked } = open()
    const one = stream.renew()
    const two = stream.renew()
    stream.close()
    await Promise.all([one, two])
    await stream.renew()
    await pass(200_000)
    expect(asked).toHaveLength(1)
  })
})
