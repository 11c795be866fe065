import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { RestCollector } from '../../../src/main/cli/rest-collector.ts'

const SECOND = 1_000_000

let cpu: number
let collections: number
let collector: RestCollector

beforeEach(() => {
  vi.useFakeTimers()
  cpu = SECOND
  collections = 0
  collector = new RestCollector({ cpu: () => cpu, collect: () => collections++ })
})
afterEach(() => {
  collector.close()
  vi.useRealTimers()
})

function afterFourSeconds(work: number): number {
  cpu += work
  vi.advanceTimersByTime(4_000)
  return collections
}

it('collects once when work is over, and again only after more work', () => {
  expect(afterFourSeconds(5 * SECOND)).toBe(0)
  expect(afterFourSeconds(5 * SECOND)).toBe(0)
  expect(afterFourSeconds(0)).toBe(1)
  expect(afterFourSeconds(0.03 * SECOND)).toBe(1)
  expect(afterFourSeconds(2 * SECOND)).toBe(1)
  expect(afterFourSeconds(0.01 * SECOND)).toBe(2)
})

it('collects what the start left behind', () => {
  expect(afterFourSeconds(0.02 * SECOND)).toBe(1)
})

it('does nothing once it is closed', () => {
  collector.close()
  expect(afterFourSeconds(0)).toBe(0)
})

it('gives memory back', () => {
  const own = new RestCollector({ cpu: () => cpu })
  let kept: object[] | undefined = Array.from({ length: 300_000 }, (_, index) => ({ index }))
  const before = process.memoryUsage().heapUsed
  expect(kept.length).toBe(300_000)
  kept = undefined
  vi.advanceTimersByTime(4_000)
  own.close()
  expect(process.memoryUsage().heapUsed).toBeLessThan(before - 5_000_000)
})
