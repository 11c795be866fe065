import { expect, it } from 'vitest'
import { TimeIds } from '../../../src/main/base/time-id.ts'

it('sorts by time, also within a millisecond and when the clock is set back', () => {
  const times = [1_000, 1_000, 1_001, 500, 500, 2_000]
  const ids = new TimeIds(() => times.shift() ?? 3_000)
  const made = Array.from({ length: 6 }, () => ids.next())
  expect([...made].sort()).toEqual(made)
  expect(new Set(made).size).toBe(6)
})

it('sorts by time whatever the number of digits', () => {
  const times = [35 ** 5, 36 ** 6, 36 ** 8]
  const ids = new TimeIds(() => times.shift() ?? 0)
  const made = Array.from({ length: 3 }, () => ids.next())
  expect([...made].sort()).toEqual(made)
})
