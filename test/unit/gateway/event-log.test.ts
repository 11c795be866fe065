import { describe, expect, it } from 'vitest'
import { EventLog, EventMemory } from '../../../src/main/gateway/event-log.ts'

const MIB = 1024 * 1024

const after = (log: EventLog, number: number) => [...log.after(number)].map(([each]) => each)
const texts = (log: EventLog) => [...log.after(0)].map(([, message]) => Buffer.concat(message).toString())

describe('the events of a stream', () => {
  it('are numbered from 1 and replayed from any of them on', () => {
    const log = new EventLog(new EventMemory())
    for (const text of ['a', 'b', 'c']) log.add([Buffer.from(text), Buffer.from('!')])
    expect(texts(log)).toEqual(['a!', 'b!', 'c!'])
    expect([after(log, 0), after(log, 1), after(log, 3), after(log, 99)]).toEqual([[1, 2, 3], [2, 3], [], []])
  })

  it('are kept up to a thousand', () => {
    const log = new EventLog(new EventMemory())
    for (let count = 1; count <= 1_500; count++) log.add([Buffer.from('x')])
    expect(after(log, 0)).toHaveLength(1_000)
    expect(after(log, 0)[0]).toBe(501)
    expect(log.last).toBe(1_500)
  })

  it('are kept up to 5 MiB, and the newest however large it is', () => {
    const log = new EventLog(new EventMemory())
    for (let count = 1; count <= 7; count++) log.add([Buffer.alloc(MIB)])
    expect(after(log, 0)).toEqual([3, 4, 5, 6, 7])
    log.add([Buffer.alloc(6 * MIB)])
    expect(after(log, 0)).toEqual([8])
  })

  it.each([10, 100_000])('hold no memory of the chunk that they were read from (%i bytes)', (length) => {
    const log = new EventLog(new EventMemory())
    const chunk = Buffer.alloc(MIB)
    log.add([chunk.subarray(0, length)])
    const kept = [...log.after(0)].flatMap(([, message]) => message)
    expect(kept.map(({ buffer }) => buffer === chunk.buffer)).toEqual([false])
  })

  it('of all streams together stay within a limit: the oldest stream loses its own', () => {
    const memory = new EventMemory(3 * MIB)
    const [one, two] = [new EventLog(memory), new EventLog(memory)]
    one.add([Buffer.alloc(MIB)])
    two.add([Buffer.alloc(2 * MIB)])
    expect([after(one, 0), after(two, 0)]).toEqual([[1], [1]])
    two.add([Buffer.alloc(MIB)])
    expect([after(one, 0), after(two, 0)]).toEqual([[], [1, 2]])
    one.add([Buffer.from('x')])
    expect([after(one, 0), after(two, 0)]).toEqual([[2], []])
    one.forget()
    expect([after(one, 0), one.last]).toEqual([[], 2])
  })
})
