import { describe, expect, it } from 'vitest'
import { StartSlots } from '../../../src/main/upstream/start-slots.ts'

const never = new AbortController().signal

function held() {
  let release!: () => void
  const until = new Promise<void>((resolve) => (release = resolve))
  return { until, release }
}

describe('slots for starting', () => {
  it('lets so many in at a time, in order', async () => {
    const slots = new StartSlots(2)
    const first = held()
    const started: number[] = []
    const run = (number: number, until: Promise<void>) =>
      slots.run(
        () => {
          started.push(number)
          return until
        },
        60_000,
        never,
      )
    const all = [run(1, first.until), run(2, first.until), run(3, Promise.resolve()), run(4, Promise.resolve())]
    await Promise.resolve()
    expect(started).toEqual([1, 2])
    first.release()
    await Promise.all(all)
    expect(started).toEqual([1, 2, 3, 4])
  })

  it('takes a slot back at its limit', async () => {
    const slots = new StartSlots(1)
    const hanging = held()
    const first = slots.run(() => hanging.until, 20, never)
    await slots.run(() => Promise.resolve(), 60_000, never)
    hanging.release()
    await first
    // The slot that was taken back is not given back twice.
    const second = held()
    const running = slots.run(() => second.until, 60_000, never)
    let third = false
    const waiting = slots.run(() => Promise.resolve((third = true)), 60_000, never)
    await new Promise((resolve) => setImmediate(resolve))
    expect(third).toBe(false)
    second.release()
    await Promise.all([running, waiting])
  })

  it('frees the slot of a start that fails, and lets waiting ones go', async () => {
    const slots = new StartSlots(1)
    await expect(slots.run(() => Promise.reject(new Error('no')), 60_000, never)).rejects.toThrow('no')
    const holding = held()
    const running = slots.run(() => holding.until, 60_000, never)
    const abort = new AbortController()
    const leaving = slots.run(() => Promise.resolve(), 60_000, abort.signal)
    abort.abort(new Error('stopped'))
    await expect(leaving).rejects.toThrow('stopped')
    holding.release()
    await running
    await slots.run(() => Promise.resolve(), 60_000, never)
  })
})
