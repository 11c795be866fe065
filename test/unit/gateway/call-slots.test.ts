import { describe, expect, it } from 'vitest'
import { CallSlots } from '../../../src/main/gateway/call-slots.ts'

describe('the slots of an agent’s calls', () => {
  it('are the lowest that no running call has, for each agent by itself', () => {
    const slots = new CallSlots()
    const [one, two, three] = [slots.take('a'), slots.take('a'), slots.take('a')]
    expect([one.slot, two.slot, three.slot]).toEqual([0, 1, 2])
    expect(slots.take('b').slot).toBe(0)
    two.free()
    two.free()
    expect(slots.take('a').slot).toBe(1)
    expect(slots.take('a').slot).toBe(3)
    one.free()
    three.free()
    expect([slots.take('a').slot, slots.take('a').slot]).toEqual([0, 2])
  })
})
