import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ListQueue } from '../../../src/main/upstream/list-queue.ts'
import type { ListKind } from '../../../src/main/upstream/upstream.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(listMs = 0) {
  const listed: ListKind[] = []
  const queue = new ListQueue(async (kind) => {
    listed.push(kind)
    await new Promise((resolve) => setTimeout(resolve, listMs))
  }, 100)
  return { queue, listed }
}

it('a storm over all lists makes ten lists a second, and each has its turn', async () => {
  const { queue, listed } = open()
  queue.start()
  for (let ms = 0; ms < 1_000; ms++) {
    for (const kind of ['tools', 'prompts', 'resources', 'templates'] as const) queue.add(kind)
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(listed.length).toBeGreaterThanOrEqual(9)
  expect(listed.length).toBeLessThanOrEqual(10)
  expect(listed.slice(0, 4)).toEqual(['tools', 'prompts', 'resources', 'templates'])
  queue.close()
})

it('what changes while a list is being made is listed once more, and never two at a time', async () => {
  const { queue, listed } = open(5_000)
  queue.start()
  queue.add('tools')
  await vi.advanceTimersByTimeAsync(100)
  queue.add('tools')
  queue.add('tools')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(listed).toEqual(['tools'])
  await vi.advanceTimersByTimeAsync(100)
  expect(listed).toEqual(['tools', 'tools'])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(listed).toHaveLength(2)
})

it('what is due before the start waits for it, and after the end there is nothing', async () => {
  const { queue, listed } = open()
  queue.add('prompts')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(listed).toEqual([])
  queue.start()
  await vi.advanceTimersByTimeAsync(100)
  expect(listed).toEqual(['prompts'])
  queue.add('tools')
  queue.close()
  queue.add('tools')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(listed).toEqual(['prompts'])
})
