import { expect, it } from 'vitest'
import { CallRate } from '../../../src/main/gateway/call-rate.ts'

function rate(perMinute: number | null) {
  const clock = { now: 1_000_000, perMinute }
  return { clock, calls: new CallRate({ perMinute: () => clock.perMinute, now: () => clock.now }) }
}

it('lets the calls of a minute go on at once, then one at a time, and says when', () => {
  const { clock, calls } = rate(30)
  for (let call = 0; call < 30; call++) expect(calls.take('one', 1)).toBeUndefined()
  expect(calls.take('one', 1)).toBe(2)
  clock.now += 1_000
  expect(calls.take('one', 1)).toBe(1)
  clock.now += 1_000
  expect(calls.take('one', 1)).toBeUndefined()
  expect(calls.take('one', 1)).toBe(2)
})

it('saves up no more than a minute', () => {
  const { clock, calls } = rate(2)
  clock.now += 3_600_000
  expect([1, 2, 3].map(() => calls.take('one', 1))).toEqual([undefined, undefined, 30])
})

it('is counted for each agent', () => {
  const { calls } = rate(1)
  expect(calls.take('one', 1)).toBeUndefined()
  expect(calls.take('one', 1)).toBe(60)
  expect(calls.take('two', 1)).toBeUndefined()
})

it('lets a batch go on that is larger than what a minute has, and takes it off the next ones', () => {
  const { clock, calls } = rate(10)
  expect(calls.take('one', 25)).toBeUndefined()
  expect(calls.take('one', 1)).toBe(96)
  clock.now += 96_000
  expect(calls.take('one', 1)).toBeUndefined()
})

it('follows the setting, and without one there is no limit', () => {
  const { clock, calls } = rate(1)
  expect(calls.take('one', 1)).toBeUndefined()
  clock.perMinute = null
  for (let call = 0; call < 1_000; call++) expect(calls.take('one', 1)).toBeUndefined()
  clock.perMinute = 60
  expect(calls.take('one', 1)).toBe(1)
})

it('begins anew with an agent that was forgotten', () => {
  const { calls } = rate(1)
  calls.take('one', 1)
  calls.forget('one')
  expect(calls.take('one', 1)).toBeUndefined()
})

it('costs nothing for what is no call', () => {
  const { calls } = rate(1)
  calls.take('one', 1)
  expect(calls.take('one', 0)).toBeUndefined()
})
