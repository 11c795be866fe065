import { expect, it } from 'vitest'
import { Emitter } from '../../../src/main/base/emitter.ts'
import type { ChangeEvent } from '../../../src/shared/contract/events.ts'

const removed = (id: string): ChangeEvent => ({ type: 'agent_removed', id })

function take(events: AsyncIterableIterator<ChangeEvent>): Promise<ChangeEvent | undefined> {
  return events.next().then((result) => result.value as ChangeEvent | undefined)
}

it('delivers what happens from the moment of subscribing, in order, to its workspace only', async () => {
  const emitter = new Emitter()
  const events = emitter.subscribe('default', new AbortController().signal)
  emitter.emit('default', removed('1'))
  emitter.emit('other', removed('x'))
  emitter.emitToAll(removed('2'))
  expect(await take(events)).toEqual(removed('1'))
  expect(await take(events)).toEqual(removed('2'))
  const waiting = take(events)
  emitter.emit('default', removed('3'))
  expect(await waiting).toEqual(removed('3'))
})

it('tells a reader that fell behind to load everything again, once, and goes on', async () => {
  const emitter = new Emitter()
  const events = emitter.subscribe('default', new AbortController().signal)
  for (let index = 0; index <= 1_000; index++) emitter.emit('default', removed(String(index)))
  emitter.emit('default', removed('after'))
  expect(await take(events)).toEqual({ type: 'resync' })
  expect(await take(events)).toEqual(removed('after'))
})

it('ends a waiting reader when its signal aborts', async () => {
  const emitter = new Emitter()
  const abort = new AbortController()
  const waiting = emitter.subscribe('default', abort.signal).next()
  abort.abort()
  expect(await waiting).toEqual({ done: true, value: undefined })
})

it('ends at once for a signal that has already aborted', async () => {
  const events = new Emitter().subscribe('default', AbortSignal.abort())
  expect(await events.next()).toEqual({ done: true, value: undefined })
})

it('ends all readers when it is closed, and forgets a reader that stops', async () => {
  const emitter = new Emitter()
  const stopping = emitter.subscribe('default', new AbortController().signal)
  await stopping.return?.()
  emitter.emit('default', removed('1'))
  expect(await stopping.next()).toEqual({ done: true, value: undefined })
  const waiting = emitter.subscribe('default', new AbortController().signal).next()
  emitter.close()
  expect((await waiting).done).toBe(true)
})
