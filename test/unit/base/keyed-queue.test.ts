import { expect, it } from 'vitest'
import { KeyedQueue } from '../../../src/main/base/keyed-queue.ts'

it('runs work of one key in order, also after a failure, and other keys meanwhile', async () => {
  const queue = new KeyedQueue()
  const order: string[] = []
  let open = (): void => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  const first = queue.run('a', async () => {
    await gate
    order.push('first')
    throw new Error('first failed')
  })
  const second = queue.run('a', () => Promise.resolve(order.push('second')))
  await queue.run('b', () => Promise.resolve(order.push('other')))
  expect(order).toEqual(['other'])
  open()
  await expect(first).rejects.toThrow('first failed')
  await second
  await queue.idle()
  expect(order).toEqual(['other', 'first', 'second'])
})
