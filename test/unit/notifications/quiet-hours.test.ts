import { describe, expect, it, vi } from 'vitest'
import { QuietClock } from '../../../src/main/notifications/quiet-hours.ts'
import type { Weekday } from '../../../src/shared/contract/rules.ts'

const week: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

function until(at: string, zone: string, ...ranges: [days: Weekday[], from: string, to: string][]): string | undefined {
  const clock = new QuietClock({
    time_zone: zone,
    except_severity: null,
    ranges: ranges.map(([days, from, to]) => ({ days, from, to })),
  })
  const end = clock.until(Date.parse(at))
  return end === undefined ? undefined : new Date(end).toISOString()
}

describe('in UTC', () => {
  // 2026-03-02 is a Monday.
  it.each([
    ['2026-03-02T21:59:59Z', undefined],
    ['2026-03-02T22:00:00Z', '2026-03-03T06:00:00.000Z'],
    ['2026-03-03T05:59:59.999Z', '2026-03-03T06:00:00.000Z'],
    ['2026-03-03T06:00:00Z', undefined],
  ])('a night: %s', (at, end) => {
    expect(until(at, 'UTC', [week, '22:00', '06:00'])).toBe(end)
  })

  it('belongs to the day on which it begins', () => {
    const friday: Weekday[] = ['fri']
    expect(until('2026-03-06T23:00:00Z', 'UTC', [friday, '22:00', '06:00'])).toBe('2026-03-07T06:00:00.000Z')
    expect(until('2026-03-06T05:00:00Z', 'UTC', [friday, '22:00', '06:00'])).toBeUndefined()
  })

  it('goes on where another range begins at its end', () => {
    const end = until('2026-03-06T23:00:00Z', 'UTC', [['fri'], '20:00', '24:00'], [['sat', 'sun'], '00:00', '24:00'])
    expect(end).toBe('2026-03-09T00:00:00.000Z')
  })

  it('is a whole day where both ends are the same, and no longer than about a week where it never ends', () => {
    expect(until('2026-03-02T12:00:00Z', 'UTC', [['mon'], '09:00', '09:00'])).toBe('2026-03-03T09:00:00.000Z')
    const end = Date.parse(String(until('2026-03-02T12:00:00Z', 'UTC', [week, '00:00', '24:00'])))
    expect(end).toBeGreaterThan(Date.parse('2026-03-08T00:00:00Z'))
    expect(end).toBeLessThan(Date.parse('2026-03-13T00:00:00Z'))
  })
})

describe('where the clock is set', () => {
  const berlin = 'Europe/Berlin'

  it('is an hour shorter in the night of spring', () => {
    expect(until('2026-03-28T22:00:00Z', berlin, [week, '22:00', '06:00'])).toBe('2026-03-29T04:00:00.000Z')
  })

  it('ends after the gap where its end is left out', () => {
    expect(until('2026-03-29T00:30:00Z', berlin, [week, '22:00', '02:30'])).toBe('2026-03-29T01:00:00.000Z')
    expect(until('2026-03-29T01:00:00Z', berlin, [week, '22:00', '02:30'])).toBeUndefined()
  })

  it('begins after the gap where its beginning is left out', () => {
    expect(until('2026-03-29T00:59:59Z', berlin, [week, '02:15', '05:00'])).toBeUndefined()
    expect(until('2026-03-29T01:00:00Z', berlin, [week, '02:15', '05:00'])).toBe('2026-03-29T03:00:00.000Z')
  })

  it('ends the second time that its end comes, and begins the first time', () => {
    expect(until('2026-10-25T00:40:00Z', berlin, [week, '22:00', '02:30'])).toBe('2026-10-25T01:30:00.000Z')
    expect(until('2026-10-25T00:30:00Z', berlin, [week, '02:30', '05:00'])).toBe('2026-10-25T04:00:00.000Z')
  })

  it.each([
    ['Asia/Kathmandu', '2026-03-02T16:15:00Z', '2026-03-03T00:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-03-02T08:00:00Z', '2026-03-02T16:00:00.000Z'],
    ['America/St_Johns', '2026-03-03T01:30:00Z', '2026-03-03T09:30:00.000Z'],
  ])('%s', (zone, at, end) => {
    expect(until(at, zone, [week, '22:00', '06:00'])).toBe(end)
  })
})

it('is not worked out again for each event, and is right at each moment all the same', () => {
  const quiet = {
    time_zone: 'Europe/Berlin',
    except_severity: null,
    ranges: [
      { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as Weekday[], from: '22:00', to: '06:00' },
      { days: ['sat', 'sun'] as Weekday[], from: '00:00', to: '24:00' },
    ],
  }
  const clock = new QuietClock(quiet)
  // Over the night in which the clock is set forward.
  const start = Date.parse('2026-03-26T00:00:00Z')
  for (let minute = 0; minute < 5 * 24 * 60; minute += 45) {
    const at = start + minute * 60_000
    expect(clock.until(at)).toBe(new QuietClock(quiet).until(at))
  }
  // Of one that is set back as well.
  for (const at of [start, start + 3 * 24 * 3_600_000, start + 3_600_000]) {
    expect(clock.until(at)).toBe(new QuietClock(quiet).until(at))
  }
  const read = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts')
  for (let second = 0; second < 100; second++) clock.until(start + 3_600_000 + second * 1_000)
  expect(read).not.toHaveBeenCalled()
  const always = new QuietClock({ ...quiet, ranges: [{ days: week, from: '00:00', to: '24:00' }] })
  always.until(start)
  read.mockClear()
  for (let event = 0; event < 100; event++) always.until(start)
  expect(read).not.toHaveBeenCalled()
  read.mockRestore()
})
