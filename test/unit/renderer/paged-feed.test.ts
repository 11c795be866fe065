import { expect, it, vi } from 'vitest'
import { PagedFeed } from '../../../src/renderer/stores/paged-feed.ts'

interface Wanted {
  limit: number
  cursor?: string
}

/** A list of numbers, newest first; the cursor is the last one that was given. */
function numbers(count: number) {
  const list = { items: Array.from({ length: count }, (_, index) => count - index) }
  const load = vi.fn(({ limit, cursor }: Wanted) => {
    const from = cursor === undefined ? 0 : list.items.indexOf(Number(cursor)) + 1
    const items = list.items.slice(from, from + limit)
    const last = items.at(-1)
    return Promise.resolve({
      items,
      next_cursor: last === undefined || last === list.items.at(-1) ? null : String(last),
    })
  })
  return { list, load }
}

it('loads the newest page, then older ones, and all that it holds again', async () => {
  const { list, load } = numbers(250)
  const feed = new PagedFeed(load)
  await vi.waitFor(() => expect(feed.store.getState().rows).toHaveLength(100))
  expect(feed.store.getState().more).toBe(true)
  feed.loadOlder()
  await vi.waitFor(() => expect(feed.store.getState().rows).toHaveLength(200), { timeout: 5_000 })

  list.items = [251, ...list.items.filter((item) => item !== 250)]
  feed.refresh()
  await vi.waitFor(() => expect(feed.store.getState().rows[0]).toBe(251), { timeout: 5_000 })
  expect(feed.store.getState().rows).toHaveLength(200)
  expect(feed.store.getState().rows).not.toContain(250)
  feed.close()
})

it('asked for often, it loads again once', async () => {
  const { load } = numbers(3)
  const feed = new PagedFeed(load)
  await vi.waitFor(() => expect(feed.store.getState().rows).toHaveLength(3))
  for (let time = 0; time < 50; time += 1) feed.refresh()
  await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2), { timeout: 5_000 })
  feed.close()
  expect(load).toHaveBeenCalledTimes(2)
})

it('keeps what is there while it cannot load again, and says why', async () => {
  const { load } = numbers(3)
  const feed = new PagedFeed(load)
  await vi.waitFor(() => expect(feed.store.getState().rows).toHaveLength(3))
  load.mockImplementation(() => Promise.reject(new Error('The disk is on fire.')))
  feed.refresh()
  await vi.waitFor(() => expect(feed.store.getState().problem?.message).toBe('The disk is on fire.'), {
    timeout: 5_000,
  })
  expect(feed.store.getState().rows).toHaveLength(3)
  feed.close()
})
