import type { Call } from '../../../shared/contract/calls.ts'

/** What a console holds of the call log, which may be fifty thousand long. */
export const MAX_ROWS = 2_000

/** A part of the call log without holes, newest first, and what came since while the reader was reading. */
export interface CallWindow {
  rows: readonly Call[]
  /** Newer than all rows, newest first. Not shown yet: rows must not move under the reader. */
  waiting: readonly Call[]
  /** How many came; `waiting` holds the newest of them. */
  waitingCount: number
  /** Between the rows and what is newer some are not held: only loading the log anew closes that. */
  gap: boolean
  /** Older calls may follow the last row. */
  more: boolean
}

export const emptyWindow: CallWindow = { rows: [], waiting: [], waitingCount: 0, gap: false, more: false }

interface CallPage {
  items: readonly Call[]
  next_cursor: string | null
}

/** The newest page of the log as it was loaded. */
export function windowOf(page: CallPage): CallWindow {
  return { ...emptyWindow, rows: page.items.slice(0, MAX_ROWS), more: page.next_cursor !== null }
}

/**
 * Takes in calls that ended, `count` of which `calls` are the newest. They wait where `held`; else they are shown.
 * What the window has already is left out, so that a page and the stream may tell the same call.
 */
export function receive(window: CallWindow, calls: readonly Call[], held: boolean, count = calls.length): CallWindow {
  const newest = window.waiting[0] ?? window.rows[0]
  const fresh = calls.filter((call) => newest === undefined || isNewer(call, newest)).sort(newestFirst)
  if (fresh.length === 0) return window
  const received: CallWindow = {
    ...window,
    waiting: [...fresh, ...window.waiting].slice(0, MAX_ROWS),
    waitingCount: window.waitingCount + fresh.length + (count - calls.length),
  }
  return held || window.gap ? received : showWaiting(received)
}

/** Puts what waits over the rows. The oldest rows go where the window is full; they can be loaded again. */
export function showWaiting(window: CallWindow): CallWindow {
  if (window.waiting.length === 0 || window.gap) return window
  const all = [...window.waiting, ...window.rows]
  return {
    rows: all.slice(0, MAX_ROWS),
    waiting: [],
    waitingCount: 0,
    gap: false,
    more: window.more || all.length > MAX_ROWS || window.waitingCount > window.waiting.length,
  }
}

/** Puts an older page under the rows. The newest rows go where the window is full: the reader went away from them. */
export function addOlder(window: CallWindow, page: CallPage): CallWindow {
  const last = window.rows.at(-1)
  const older = page.items.filter((call) => last === undefined || isNewer(last, call))
  const all = [...window.rows, ...older]
  return {
    ...window,
    rows: all.slice(-MAX_ROWS),
    gap: window.gap || all.length > MAX_ROWS,
    more: page.next_cursor !== null,
  }
}

/** Takes in the newest page after the stream was lost for a while: what it cannot join to the rows leaves a gap. */
export function catchUp(window: CallWindow, page: CallPage, held: boolean): CallWindow {
  if (!held) return windowOf(page)
  const newest = window.waiting[0] ?? window.rows[0]
  const joins = page.next_cursor === null || page.items.some((call) => call.id === newest?.id)
  return receive({ ...window, gap: window.gap || !joins }, page.items, true)
}

/** Ids sort by time; they are numbers of any length, written out. */
export function isNewer(one: Pick<Call, 'id'>, other: Pick<Call, 'id'>): boolean {
  return newestFirst(one, other) < 0
}

function newestFirst(one: Pick<Call, 'id'>, other: Pick<Call, 'id'>): number {
  if (one.id.length !== other.id.length) return other.id.length - one.id.length
  return one.id === other.id ? 0 : one.id > other.id ? -1 : 1
}
