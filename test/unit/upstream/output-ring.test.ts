import { describe, expect, it } from 'vitest'
import { OutputRing } from '../../../src/main/upstream/output-ring.ts'

const limits = { lines: 5, characters: 100, batchMs: 1 }
const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text)

describe('the output of an integration', () => {
  it('keeps the last lines, and numbers go on', () => {
    const ring = new OutputRing(limits)
    ring.event('Started')
    ring.stderr(['1', '2', '3'])
    ring.stderr(['4', '5', '6'])
    expect(ring.lines()).toMatchObject([
      { seq: 2, kind: 'stderr', text: '2' },
      { seq: 3, text: '3' },
      { seq: 4, text: '4' },
      { seq: 5, text: '5' },
      { seq: 6, text: '6' },
    ])
    expect(texts(ring.lines(4))).toEqual(['5', '6'])
    expect(ring.lines(6)).toEqual([])
  })

  it('is bounded by size as well: long lines push the oldest out before their number does', () => {
    const ring = new OutputRing(limits)
    ring.stderr(['a'.repeat(60), 'b'.repeat(30)])
    ring.stderr(['c'.repeat(30)])
    expect(texts(ring.lines()).map((text) => text[0])).toEqual(['b', 'c'])
    for (let round = 0; round < 20; round++) ring.stderr(['d', 'e'.repeat(99)])
    expect(texts(ring.lines()).map((text) => text[0])).toEqual(['d', 'e'])
  })

  it('tells of lines that were dropped, with a gap in the numbers', () => {
    const ring = new OutputRing(limits)
    ring.stderr(['first'])
    ring.drop(1_000)
    ring.drop(1)
    expect(ring.lines()).toMatchObject([
      { seq: 0 },
      { seq: 1_001, kind: 'event', text: '1000 lines dropped.' },
      { seq: 1_003, text: '1 line dropped.' },
    ])
  })

  it('an event is one line of plain text', () => {
    const ring = new OutputRing(limits)
    ring.event('Connected: \x1b[31mevil\x1b[0m\x07\nname')
    expect(texts(ring.lines())).toEqual(['Connected: evil  name'])
  })
})

describe('who follows it', () => {
  it('gets what is kept after a line, then what comes, many lines as one batch', async () => {
    const ring = new OutputRing(limits)
    ring.stderr(['a', 'b'])
    const batches = ring.follow(0, new AbortController().signal)
    expect(texts((await batches.next()).value ?? [])).toEqual(['b'])
    const next = batches.next()
    ring.stderr(['c'])
    ring.event('d')
    expect(texts((await next).value ?? [])).toEqual(['c', 'd'])
    await batches.return?.()
    expect(await batches.next()).toEqual({ done: true, value: undefined })
  })

  it('gets all when it comes with a number of an earlier run', async () => {
    const ring = new OutputRing(limits)
    const waiting = ring.follow(500, new AbortController().signal)
    const first = waiting.next()
    ring.stderr(['after the restart'])
    expect(texts((await first).value ?? [])).toEqual(['after the restart'])
    expect(texts((await ring.follow(500, new AbortController().signal).next()).value ?? [])).toEqual([
      'after the restart',
    ])
  })

  it('that reads slowly holds nothing back and misses what fell out', async () => {
    const ring = new OutputRing(limits)
    const batches = ring.follow(-1, new AbortController().signal)
    ring.stderr(['0'])
    await batches.next()
    for (let number = 1; number < 100; number++) ring.stderr([String(number)])
    expect(texts((await batches.next()).value ?? [])).toEqual(['95', '96', '97', '98', '99'])
  })

  it.each(['signal', 'return', 'integration'] as const)('ends by its %s while it waits', async (how) => {
    const ring = new OutputRing(limits)
    const abort = new AbortController()
    const batches = ring.follow(-1, abort.signal)
    const waiting = batches.next()
    if (how === 'signal') abort.abort()
    else if (how === 'return') await batches.return?.()
    else ring.close()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  it('gets few batches of a flood, each after a pause', async () => {
    const ring = new OutputRing({ lines: 1_000, characters: 10_000, batchMs: 50 })
    const abort = new AbortController()
    let batches = 0
    let lines = 0
    const followed = (async () => {
      for await (const batch of ring.follow(-1, abort.signal)) {
        batches++
        lines += batch.length
        if (lines === 200) abort.abort()
      }
    })()
    for (let number = 0; number < 200; number++) {
      ring.stderr(['x'])
      await new Promise((resolve) => setImmediate(resolve))
    }
    await followed
    expect(lines).toBe(200)
    // At each of 200 turns there was a new line.
    expect(batches).toBeLessThan(50)
  })
})
