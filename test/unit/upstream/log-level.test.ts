import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LogLevelWishes } from '../../../src/main/upstream/log-level.ts'
import type { LogLevel } from '../../../src/main/upstream/upstream.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open() {
  const wishes = new LogLevelWishes()
  const told: LogLevel[] = []
  const set = (level: LogLevel) => Promise.resolve(void told.push(level))
  return { wishes, told, set }
}

const later = () => vi.advanceTimersByTimeAsync(1_000)

it('the server hears the most verbose of all wishes, and less when that one is given back', async () => {
  const { wishes, told, set } = open()
  wishes.attach(set)
  wishes.want('error')
  await later()
  const debug = wishes.want('debug')
  wishes.want('info')
  await later()
  expect(told).toEqual(['error', 'debug'])
  debug()
  debug()
  await later()
  expect(told).toEqual(['error', 'debug', 'info'])
})

it('nobody wants anything: a server that was told something goes back to what is usual, another is left alone', async () => {
  const { wishes, told, set } = open()
  wishes.attach(set)
  await later()
  expect(told).toEqual([])
  wishes.want('debug')()
  await later()
  expect(told).toEqual(['debug', 'info'])
  expect(wishes.isEmpty).toBe(true)
})

it('calls that want the same one after the other are one wish', async () => {
  const { wishes, told, set } = open()
  wishes.attach(set)
  for (let call = 0; call < 5; call++) {
    const release = wishes.want('debug')
    await vi.advanceTimersByTimeAsync(100)
    release()
  }
  await later()
  expect(told).toEqual(['debug', 'info'])
})

it('each new connection is told again', async () => {
  const { wishes, told, set } = open()
  wishes.want('warning')
  await later()
  expect(told).toEqual([])
  wishes.attach(set)
  wishes.detach()
  wishes.want('debug')
  wishes.attach(set)
  await later()
  expect(told).toEqual(['warning', 'debug'])
})
