import { afterEach, describe, expect, it, vi } from 'vitest'
import { CallFeed } from '../../../../src/renderer/features/traffic/call-feed.ts'
import { MAX_ROWS } from '../../../../src/renderer/features/traffic/call-window.ts'
import { call, callsDown } from './call-fixture.ts'
import { FakeCalls } from './fake-calls.ts'

const ids = (calls: readonly { id: string }[]) => calls.map(({ id }) => Number(id))
const feeds: CallFeed[] = []
afterEach(() => {
  for (const feed of feeds.splice(0)) feed.close()
  vi.useRealTimers()
})

function open(core: FakeCalls, filter: ConstructorParameters<typeof CallFeed>[1] = {}) {
  const feed = new CallFeed(core.client, filter, {})
  feeds.push(feed)
  return feed
}
const loaded = (feed: CallFeed) => vi.waitFor(() => expect(feed.store.getState().live).toBe(true))
const rows = (feed: CallFeed) => ids(feed.store.getState().window.rows)

describe('the feed of calls', () => {
  it('shows the newest page and then every call as it ends', async () => {
    const core = new FakeCalls(callsDown(500, 1))
    const feed = open(core)
    await loaded(feed)
    expect(rows(feed)[0]).toBe(500)
    expect(feed.store.getState()).toMatchObject({ matching: 500, all: 500 })
    core.tell([call(500), call(501)])
    await vi.waitFor(() => expect(rows(feed).slice(0, 2)).toEqual([501, 500]))
    expect(feed.store.getState().matching).toBe(501)
  })

  it('asks for what is older than its last row, to the end', async () => {
    const core = new FakeCalls(callsDown(450, 1))
    const feed = open(core)
    await loaded(feed)
    await feed.loadOlder()
    await feed.loadOlder()
    expect(rows(feed)).toEqual(ids(callsDown(450, 1)))
    expect(feed.store.getState().window.more).toBe(false)
  })

  it('lets new calls wait while it is held, and shows them after', async () => {
    const core = new FakeCalls(callsDown(3, 1))
    const feed = open(core)
    await loaded(feed)
    feed.hold(true)
    core.tell([call(4)])
    await vi.waitFor(() => expect(feed.store.getState().window.waitingCount).toBe(1))
    expect(rows(feed)).toEqual([3, 2, 1])
    feed.hold(false)
    expect(rows(feed)).toEqual([4, 3, 2, 1])
  })

  it('takes in once a frame what comes between, and keeps little of it while no frame is drawn', async () => {
    const core = new FakeCalls([])
    const feed = open(core)
    await loaded(feed)
    const frames: FrameRequestCallback[] = []
    vi.spyOn(window, 'requestAnimationFrame').mockImplementation((frame) => frames.push(frame))
    const changes = vi.fn()
    feed.store.subscribe(changes)
    for (let batch = 0; batch < 100; batch += 1) core.tell(callsDown(batch * 125 + 125, batch * 125 + 1).reverse())
    await vi.waitFor(() => expect(core.unread).toBe(0))
    expect(frames).toHaveLength(1)
    expect(changes).not.toHaveBeenCalled()
    frames[0]?.(0)
    expect(changes).toHaveBeenCalledOnce()
    expect(rows(feed)).toHaveLength(MAX_ROWS)
    expect(rows(feed)[0]).toBe(12_500)
    expect(feed.store.getState().matching).toBe(12_500)
  })

  it('comes back after a loss with what it missed, and says meanwhile that it is not live', async () => {
    const core = new FakeCalls(callsDown(3, 1))
    const feed = open(core)
    await loaded(feed)
    core.lose(new TypeError('network error'))
    await vi.waitFor(() =>
      expect(feed.store.getState()).toMatchObject({ live: false, problem: { code: 'unreachable' } }),
    )
    expect(rows(feed)).toEqual([3, 2, 1])
    core.log = callsDown(5, 1)
    await loaded(feed)
    expect(rows(feed)).toEqual([5, 4, 3, 2, 1])
    expect(feed.store.getState().problem).toBeNull()
    expect(core.opened).toBe(1)
  })

  it('notices that the log was cleared', async () => {
    const core = new FakeCalls(callsDown(3, 1))
    const feed = open(core)
    await loaded(feed)
    core.log = []
    await feed.count()
    expect(feed.store.getState()).toMatchObject({ window: { rows: [] }, matching: 0, all: 0 })
  })

  it('leaves no stream open once it is closed', async () => {
    const core = new FakeCalls([])
    const feed = open(core)
    await loaded(feed)
    expect(core.opened).toBe(1)
    feed.close()
    await vi.waitFor(() => expect(core.opened).toBe(0))
  })
})
