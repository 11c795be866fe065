import { TimeIds } from '../base/time-id.ts'

/** Digits of the time at the start of an id (TimeIds). */
const TIME_DIGITS = 9
const RADIX = 36

/** Ids that sort after `last`, also where the clock was set back since that was made. */
export function idsAfter(last: string | undefined, now: () => number = Date.now): TimeIds {
  const lastMs = last === undefined ? 0 : Number.parseInt(last.slice(0, TIME_DIGITS), RADIX)
  const behind = Number.isNaN(lastMs) ? 0 : Math.max(0, lastMs + 1 - now())
  return new TimeIds(() => now() + behind)
}

/** Sorts before every id that is made at that time or later. */
export function firstIdAt(atMs: number): string {
  return Math.max(0, atMs).toString(RADIX).padStart(TIME_DIGITS, '0')
}
