/** Of the theme: what tells lines apart, in the picture and beside their names. */
export const LINE_INKS = ['text-accent', 'text-info', 'text-warn', 'text-err', 'text-ok', 'text-muted'] as const

/** Kept free while a picture is on its way, so that nothing below it moves. */
export const CHART_HEIGHT = 160

const DAY_S = 86_400
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** A time below a picture: `14:05`; `24 Nov` where a day has one of them at most, or where one begins. */
export function tickWords(seconds: number, stepSeconds: number): string {
  const at = new Date(seconds * 1_000)
  const isMidnight = at.getHours() === 0 && at.getMinutes() === 0
  return stepSeconds >= DAY_S || isMidnight ? day.format(at) : clock.format(at)
}
