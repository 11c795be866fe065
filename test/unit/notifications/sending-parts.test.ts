import { describe, expect, it } from 'vitest'
import { retryDelayMs } from '../../../src/main/notifications/backoff.ts'
import { Circuit } from '../../../src/main/notifications/circuit.ts'
import { ClockWatch } from '../../../src/main/notifications/clock.ts'
import { chooseNext, type Candidate } from '../../../src/main/notifications/next-delivery.ts'

describe('the wait before the next attempt', () => {
  it('doubles up to five minutes', () => {
    const waits = [1, 2, 3, 9, 10, 1000].map((attempts) => retryDelayMs(attempts, () => 1))
    expect(waits).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000])
  })

  it('is any part of that, and never nothing', () => {
    expect(retryDelayMs(5, () => 0.5)).toBe(8_000)
    expect(retryDelayMs(5, () => 0)).toBe(100)
  })
})

describe('a circuit', () => {
  const failing = (times: number, circuit = new Circuit()) => {
    for (let index = 0; index < times; index++) circuit.failed(0, false)
    return circuit
  }

  it('opens after five failures in a row, for 30 s, then twice as long up to ten minutes', () => {
    expect(failing(4).openUntilMs).toBeUndefined()
    expect(failing(5).openUntilMs).toBe(30_000)
    expect(failing(6).openUntilMs).toBe(60_000)
    expect(failing(20).openUntilMs).toBe(600_000)
  })

  it('opens at once where only a person can mend it', () => {
    const circuit = new Circuit()
    circuit.failed(1_000, true)
    expect(circuit.openUntilMs).toBe(31_000)
  })

  it('forgets failures when something gets through', () => {
    const circuit = failing(4)
    circuit.close()
    expect(failing(4, circuit).openUntilMs).toBeUndefined()
  })
})

describe('the next delivery', () => {
  const one = (id: string, attempts: number, nextAttemptMs: number | null, ...incidentIds: string[]): Candidate => ({
    id,
    attempts,
    nextAttemptMs,
    incidentIds,
  })

  it('is the first', () => {
    expect(chooseNext([one('a', 0, null, 'x'), one('b', 0, null, 'y')], 0, false)).toEqual({ take: 'a' })
    expect(chooseNext([], 0, false)).toEqual({})
  })

  it('waits for one that is to be tried again', () => {
    expect(chooseNext([one('a', 4, 500, 'x'), one('b', 0, null, 'y')], 0, false)).toEqual({ untilMs: 500 })
  })

  it('passes one that has failed five times, but with no later word on the same incident', () => {
    const poison = one('a', 5, 500, 'x')
    expect(chooseNext([poison, one('b', 0, null, 'y')], 0, false)).toEqual({ take: 'b' })
    expect(chooseNext([poison, one('b', 0, null, 'x'), one('c', 0, null, 'y')], 0, false)).toEqual({ take: 'c' })
    expect(chooseNext([poison, one('b', 0, null, 'x', 'y'), one('c', 0, null, 'y')], 0, false)).toEqual({
      untilMs: 500,
    })
    expect(chooseNext([poison, one('b', 0, null)], 0, false)).toEqual({ take: 'b' })
  })

  it('as a trial is one that may get through, if there is one', () => {
    expect(chooseNext([one('a', 9, 0, 'x'), one('b', 0, null, 'y')], 1, true)).toEqual({ take: 'b' })
    expect(chooseNext([one('a', 9, 0, 'x'), one('b', 0, null, 'x')], 1, true)).toEqual({ take: 'a' })
    expect(chooseNext([one('a', 9, 0, 'x')], 1, false)).toEqual({ take: 'a' })
  })
})

it('notices that the clock was set, once, in both directions', () => {
  let [now, monotonic] = [1_000_000, 0]
  const watch = new ClockWatch({ now: () => now, monotonic: () => monotonic })
  now += 60_000
  monotonic += 60_000
  expect(watch.jump()).toBe(0)
  now += 86_400_000
  expect(watch.jump()).toBe(86_400_000)
  expect(watch.jump()).toBe(0)
  now -= 3_600_000
  expect(watch.jump()).toBe(-3_600_000)
})
