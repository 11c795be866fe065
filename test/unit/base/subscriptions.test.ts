import { expect, test } from 'vitest'
import { Subscriptions } from '../../../src/main/base/subscriptions.ts'

const even = (news: number) => (news % 2 === 0 ? news : undefined)
const never = new AbortController().signal

function lastTwo(): Subscriptions<number, number> {
  return new Subscriptions((queued, item) => [...queued, item].slice(-2))
}

test('a reader gets what it picks, whether it waits or comes later', async () => {
  const subscriptions = lastTwo()
  const reader = subscriptions.add(even, never)
  const waiting = [reader.next(), reader.next()]
  for (const news of [1, 2, 3, 4, 5, 6]) subscriptions.tell(news)
  expect((await Promise.all(waiting)).map(({ value }) => value as number)).toEqual([2, 4])
  expect((await reader.next()).value).toBe(6)
})

test('what waits for a slow reader stays as small as it is told to, and its end clears it', async () => {
  const subscriptions = lastTwo()
  const slow = subscriptions.add((news) => news, never)
  const gone = subscriptions.add((news) => news, never)
  for (const news of [1, 2, 3, 4]) subscriptions.tell(news)
  expect([(await slow.next()).value, (await slow.next()).value]).toEqual([3, 4])
  await gone.return?.()
  expect(await gone.next()).toEqual({ done: true, value: undefined })
})
