import { expect, it } from 'vitest'
import { InFlight, InFlightById } from '../../../src/main/base/in-flight.ts'

it('has what was added and not removed, whatever else came and went', () => {
  const items = new InFlight<string>()
  const first = items.add('first')
  items.add('second')
  items.remove(first)
  const third = items.add('third')
  items.add('fourth')
  expect([...items].sort()).toEqual(['fourth', 'second', 'third'])
  items.remove(third)
  expect([...items].sort()).toEqual(['fourth', 'second'])
  expect(items.size).toBe(2)
})

it('finds by id what was added and not taken', () => {
  const items = new InFlightById<{ id: number }>()
  // Several share a bucket.
  const ids = Array.from({ length: 300 }, (_, index) => index)
  for (const id of ids) items.add({ id })
  for (const id of ids.filter((each) => each % 3 !== 0)) expect(items.take(id)).toEqual({ id })
  expect(items.take(1)).toBeUndefined()
  expect(items.get(1)).toBeUndefined()
  expect(items.get(64)).toBeUndefined()
  expect(items.get(66)).toEqual({ id: 66 })
  expect(Array.from(items, ({ id }) => id).sort((a, b) => a - b)).toEqual(ids.filter((each) => each % 3 === 0))
})

it('is empty to begin with', () => {
  expect([...new InFlight()]).toEqual([])
  expect(new InFlight().size).toBe(0)
  expect(new InFlightById().get(5)).toBeUndefined()
  expect(new InFlightById().take(5)).toBeUndefined()
})
