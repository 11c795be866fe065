import type { QuietHours, Weekday } from '../../shared/contract/rules.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** Quiet all week is quiet for a week: what waits is told then. */
const DAYS_AHEAD = 8
const LONGEST_QUIET_MS = 7 * DAY_MS
const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** A day of the calendar, as its midnight would be in UTC. */
type CalendarDay = number

/** What holds from one moment to another, which is not part of it. */
interface Answer {
  fromMs: number
  toMs: number
  untilMs: number | undefined
}

/** The quiet hours of one rule, by the clock on the wall of its zone: an hour that a zone leaves out or has twice included. */
export class QuietClock {
  readonly #quiet: QuietHours
  readonly #format: Intl.DateTimeFormat
  /** The last one: every event asks, and a calendar is slow. */
  #answer: Answer = { fromMs: 0, toMs: 0, untilMs: undefined }

  constructor(quiet: QuietHours) {
    this.#quiet = quiet
    this.#format = new Intl.DateTimeFormat('en', {
      timeZone: quiet.time_zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** When the quiet hours end in which `atMs` is; undefined: it is in none. Ranges that touch are one. */
  until(atMs: number): number | undefined {
    const { fromMs, toMs } = this.#answer
    if (atMs < fromMs || atMs >= toMs) this.#answer = this.#answerAt(atMs)
    return this.#answer.untilMs
  }

  #answerAt(atMs: number): Answer {
    let end: number | undefined
    let next: number | undefined
    for (const range of this.#rangesAround(atMs)) {
      if (range.from <= (end ?? atMs) && range.to > (end ?? atMs)) end = range.to
      if (range.from > atMs) next ??= range.from
    }
    if (end === undefined) return { fromMs: atMs, toMs: Math.min(next ?? Infinity, atMs + DAY_MS), untilMs: undefined }
    // Where it never ends, a moment later is a moment more.
    const isEndless = end - atMs > LONGEST_QUIET_MS
    return { fromMs: atMs, toMs: isEndless ? atMs + 1 : end, untilMs: end }
  }

  /** By their beginning. Each range begins on its day, and may end on the next one. */
  #rangesAround(atMs: number): { from: number; to: number }[] {
    const today = Math.floor(this.#wallClock(atMs) / DAY_MS) * DAY_MS
    const found: { from: number; to: number }[] = []
    for (let ahead = -2; ahead <= DAYS_AHEAD; ahead++) {
      const day = today + ahead * DAY_MS
      const weekday = WEEKDAYS[new Date(day).getUTCDay()]
      for (const { days, from, to } of this.#quiet.ranges) {
        if (weekday === undefined || !days.includes(weekday)) continue
        const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)]
        const endsOn = toMinute <= fromMinute ? day + DAY_MS : day
        found.push({ from: this.#instants(day, fromMinute).first, to: this.#instants(endsOn, toMinute).last })
      }
    }
    return found.sort((a, b) => a.from - b.from || a.to - b.to)
  }

  /** When the clock shows that minute: twice where it is set back, and where it leaves that minute out the moment after the gap. */
  #instants(day: CalendarDay, minute: number): { first: number; last: number } {
    const wall = day + minute * MINUTE_MS
    const [before, after] = [this.#offset(wall - DAY_MS), this.#offset(wall + DAY_MS)]
    const real = [wall - before, wall - after].filter((instant) => this.#wallClock(instant) === wall)
    if (real.length > 0) return { first: Math.min(...real), last: Math.max(...real) }
    const gap = this.#change(wall - DAY_MS, wall + DAY_MS)
    return { first: gap, last: gap }
  }

  /** The moment between the two from which on the later offset holds. */
  #change(fromMs: number, toMs: number): number {
    const target = this.#offset(toMs)
    let [low, high] = [fromMs, toMs]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.#offset(middle) === target) high = middle
      else low = middle
    }
    return high
  }

  #offset(atMs: number): number {
    return this.#wallClock(atMs) - Math.floor(atMs / 1000) * 1000
  }

  /** What the clock on the wall shows, as if it were in UTC; without milliseconds. */
  #wallClock(atMs: number): number {
    const parts = new Map(this.#format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  }
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return (hours ?? 0) * 60 + (minutes ?? 0)
}
