/** Where a text was cut. */
const MARK = '…'
/** Control characters, and those that end a line or turn its direction: what somebody else wrote shall not rearrange ours. */
const LINE_BREAKING = /[\p{Cc}\u2028\u2029]+/gu
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** At most `most` UTF-16 units, never half a character; a mark says that there was more. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const kept = text.slice(0, Math.max(0, most - MARK.length))
  return (/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept) + MARK
}

/** A text of somebody else in one line, for subjects, headings and headers. */
export function oneLine(text: string, most: number): string {
  const line = text
    .slice(0, most * 4)
    .replace(LINE_BREAKING, ' ')
    .replace(DIRECTION, '')
  return cut(line.replace(/\s+/g, ' ').trim(), most)
}

/** A text of somebody else with its lines, without other control characters. */
export function lines(text: string, most: number): string {
  const clean = cut(text, most)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(DIRECTION, '')
  return clean.replace(/\n{3,}/g, '\n\n').trim()
}

/** `2026-11-28 18:32 UTC` */
export function timeText(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return oneLine(iso, 40)
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h` */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const pair = (large: string, small: number, unit: string) => (small === 0 ? large : `${large} ${small} ${unit}`)
  if (days > 0) return pair(`${days} d`, hours % 24, 'h')
  if (hours > 0) return pair(`${hours} h`, minutes % 60, 'min')
  return minutes > 0 ? `${minutes} min` : `${seconds} s`
}
