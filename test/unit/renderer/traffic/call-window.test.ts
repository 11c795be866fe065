import { describe, expect, it } from 'vitest'
import {
  addOlder,
  catchUp,
  emptyWindow,
  MAX_ROWS,
  receive,
  showWaiting,
  windowOf,
} from '../../../../src/renderer/features/traffic/call-window.ts'
import { call, callsDown } from './call-fixture.ts'

const ids = (calls: readonly { id: string }[]) => calls.map(({ id }) => Number(id))
const page = (from: number, to: number, more = true) => ({
  items: callsDown(from, to),
  next_cursor: more ? String(to) : null,
})

describe('calls that arrive', () => {
  it('stand over the rows, newest first, and no call twice', () => {
    const window = receive(windowOf(page(10, 8)), [call(9), call(10), call(11), call(12)], false)
    expect(ids(window.rows)).toEqual([12, 11, 10, 9, 8])
  })

  it('wait while somebody reads, and are counted', () => {
    const read = receive(receive(windowOf(page(10, 8)), [call(11)], true), [call(12), call(13)], true)
    expect(ids(read.rows)).toEqual([10, 9, 8])
    expect(read.waitingCount).toBe(3)
    const shown = showWaiting(read)
    expect(ids(shown.rows)).toEqual([13, 12, 11, 10, 9, 8])
    expect(shown).toMatchObject({ waiting: [], waitingCount: 0 })
  })

  it('are ordered by number, not by letter', () => {
    expect(ids(receive(windowOf(page(9, 8)), [call(10)], false).rows)).toEqual([10, 9, 8])
  })

  it('push the oldest out of a full window, which can then be loaded again', () => {
    const full = windowOf({ items: callsDown(MAX_ROWS, 1), next_cursor: null })
    expect(full.more).toBe(false)
    const window = receive(full, [call(MAX_ROWS + 1)], false)
    expect(window.rows).toHaveLength(MAX_ROWS)
    expect(ids(window.rows).at(-1)).toBe(2)
    expect(window.more).toBe(true)
  })

  it('are held as few as rows are, however many come', () => {
    const held = receive(windowOf(page(10, 1)), callsDown(10 + MAX_ROWS, 11), true, 48_000)
    expect(held.waitingCount).toBe(48_000)
    const later = receive(held, [call(60_000)], true)
    expect(later.waiting).toHaveLength(MAX_ROWS)
    const shown = showWaiting(later)
    expect(shown.rows).toHaveLength(MAX_ROWS)
    expect(shown.more).toBe(true)
  })
})

describe('older pages', () => {
  it('stand under the rows, and the last one says that nothing follows', () => {
    const window = addOlder(windowOf(page(10, 8)), page(7, 5, false))
    expect(ids(window.rows)).toEqual([10, 9, 8, 7, 6, 5])
    expect(window).toMatchObject({ more: false, gap: false })
  })

  it('push the newest out of a full window: what is newer then waits for a reload', () => {
    const window = addOlder(
      windowOf({ items: callsDown(5_000, 5_001 - MAX_ROWS), next_cursor: 'x' }),
      page(3_000, 2_901),
    )
    expect(window.rows).toHaveLength(MAX_ROWS)
    expect(ids(window.rows)[0]).toBe(4_900)
    expect(window.gap).toBe(true)
    const later = receive(window, [call(5_001)], false)
    expect(ids(later.rows)[0]).toBe(4_900)
    expect(showWaiting(later)).toBe(later)
  })
})

describe('after a loss of the stream', () => {
  it('the newest page is joined to what is held where the two meet', () => {
    const window = catchUp(windowOf(page(10, 8)), page(12, 9), true)
    expect(window).toMatchObject({ gap: false, waitingCount: 2 })
    expect(ids(showWaiting(window).rows)).toEqual([12, 11, 10, 9, 8])
  })

  it('where they do not meet there is a gap', () => {
    const window = catchUp(windowOf(page(10, 8)), page(30, 20), true)
    expect(window).toMatchObject({ gap: true, waitingCount: 11 })
    expect(ids(window.rows)).toEqual([10, 9, 8])
  })

  it('nobody who follows the newest is kept from them', () => {
    expect(ids(catchUp(windowOf(page(10, 8)), page(30, 28), false).rows)).toEqual([30, 29, 28])
  })

  it('an empty log takes whatever there is', () => {
    expect(ids(receive(emptyWindow, [call(1), call(2)], false).rows)).toEqual([2, 1])
  })
})
