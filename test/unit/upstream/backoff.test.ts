import { describe, expect, it } from 'vitest'
import { Backoff } from '../../../src/main/upstream/backoff.ts'

const limits = { firstMs: 1_000, maxMs: 60_000, healthyMs: 60_000, crashes: 5 }

describe('Backoff', () => {
  it('doubles up to its limit', () => {
    const backoff = new Backoff(limits, () => 0.5)
    const delays = Array.from({ length: 9 }, () => backoff.next(10, 0))
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000))
  })

  it('varies by a fifth either way', () => {
    expect(new Backoff(limits, () => 0).next(0, 0)).toBe(800)
    expect(new Backoff(limits, () => 1).next(0, 0)).toBeCloseTo(1_200)
  })

  it('begins again after a connection that lasted', () => {
    const backoff = new Backoff(limits, () => 0.5)
    for (let round = 0; round < 4; round++) backoff.next(10, 1)
    expect(backoff.next(60_000, 1)).toBe(1_000)
    expect(backoff.exhausted).toBe(false)
  })

  it('is exhausted after five processes that ended soon after their start, and not by other failures', () => {
    const backoff = new Backoff(limits, () => 0.5)
    for (let round = 0; round < 9; round++) backoff.next(10, 0)
    expect(backoff.exhausted).toBe(false)
    for (let round = 0; round < 5; round++) backoff.next(10, 1)
    expect(backoff.exhausted).toBe(true)
    backoff.reset()
    expect(backoff.exhausted).toBe(false)
  })
})
