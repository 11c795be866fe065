import { expect, it } from 'vitest'
import { READS, ReportRate } from '../../../src/main/incidents/report-tools/report-rate.ts'

it('lets an agent report ten times at once and thirty times a minute, each agent for itself', () => {
  const clock = { now: 0 }
  const rate = new ReportRate(() => clock.now)
  const taken = Array.from({ length: 12 }, () => rate.take('one'))
  expect(taken).toEqual([...Array<undefined>(10), 2, 2])
  expect(rate.take('two')).toBeUndefined()
  clock.now += 1_000
  expect(rate.take('one')).toBe(1)
  clock.now += 1_000
  expect([rate.take('one'), rate.take('one')]).toEqual([undefined, 2])
  clock.now += 3_600_000
  expect(Array.from({ length: 11 }, () => rate.take('one')).filter((wait) => wait === undefined)).toHaveLength(10)
})

it('forgets the agents that are not heard of any more', () => {
  const rate = new ReportRate(() => 0)
  for (let index = 0; index < 10; index++) rate.take('first')
  expect(rate.take('first')).toBe(2)
  for (let index = 0; index < 1_000; index++) rate.take(`agent ${index}`)
  expect(rate.take('first')).toBeUndefined()
})

it('lets an agent read more often than report', () => {
  const clock = { now: 0 }
  const rate = new ReportRate(() => clock.now, READS)
  expect(Array.from({ length: 31 }, () => rate.take('one')).filter((wait) => wait === undefined)).toHaveLength(30)
  clock.now += 60_000
  expect(rate.take('one')).toBeUndefined()
})
