const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `310 ms`, `1.2 s`: what something took. */
export function durationWords(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}

/** `2 min ago`; a date once that says more. */
export function agoWords(time: string, now: number): string {
  const ago = now - Date.parse(time)
  if (ago < MINUTE) return 'just now'
  if (ago < HOUR) return `${Math.floor(ago / MINUTE)} min ago`
  if (ago < DAY) return `${Math.floor(ago / HOUR)} h ago`
  if (ago < 7 * DAY) return `${Math.floor(ago / DAY)} d ago`
  return new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(Date.parse(time))
}

/** Date and time in full, for titles. */
export function timeWords(time: string): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' }).format(Date.parse(time))
}

/** `1 tool`, `1,204 tools`. */
export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

const WIRE_TIMES = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g

/** A sentence of the core, with the times in it as everywhere else. */
export function withLocalTimes(text: string): string {
  return text.replaceAll(WIRE_TIMES, (time) => (Number.isNaN(Date.parse(time)) ? time : timeWords(time)))
}
