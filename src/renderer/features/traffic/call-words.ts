import { CircleAlert, CircleCheck, CircleSlash, TriangleAlert } from 'lucide-react'
import type { Call, CallOutcome } from '../../../shared/contract/calls.ts'
import type { StateLook } from '../../ui/state-badge.tsx'
import { durationWords } from '../../ui/words.ts'

/** How a call ended, as icon, word and colour. */
export const outcomeWords: Record<CallOutcome, StateLook> = {
  ok: { word: 'OK', icon: CircleCheck, ink: 'text-ok' },
  tool_error: { word: 'Tool error', icon: TriangleAlert, ink: 'text-warn' },
  error: { word: 'Error', icon: CircleAlert, ink: 'text-err' },
  cancelled: { word: 'Cancelled', icon: CircleSlash, ink: 'text-muted' },
}

export const outcomes = Object.keys(outcomeWords) as CallOutcome[]

/** Who called: the console and the command line are no agents. */
export function agentWords(agent: string | null): string {
  return agent ?? 'Console'
}

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

/** `14:02:11.204`: the time of day, to the millisecond. */
export function clockWords(time: string): string {
  return clock.format(Date.parse(time))
}

/** `Nov 24, 2026`. */
export function dayWords(time: string): string {
  return day.format(Date.parse(time))
}

const UNITS = ['B', 'kB', 'MB', 'GB'] as const

/** `1.2 / 4.1 kB`: what went out and what came back, in the unit of the larger. */
export function sizePairWords(request: number, response: number): string {
  const power = powerOf(Math.max(request, response))
  return `${inUnit(request, power)} / ${inUnit(response, power)} ${UNITS[power] ?? ''}`
}

/** `4.1 kB`. */
export function sizeWords(bytes: number): string {
  const power = powerOf(bytes)
  return `${inUnit(bytes, power)} ${UNITS[power] ?? ''}`
}

function powerOf(bytes: number): number {
  let power = 0
  // What would be written as 1000.0 is one of the next unit.
  while (power < UNITS.length - 1 && bytes / 1000 ** power >= (power === 0 ? 1000 : 999.95)) power += 1
  return power
}

function inUnit(bytes: number, power: number): string {
  return power === 0 ? String(bytes) : (bytes / 1000 ** power).toFixed(1)
}

/** Everything about a call in one line, for a screen reader and a title. */
export function callSummary(call: Call): string {
  const { word } = outcomeWords[call.outcome]
  const why = call.error ? `: ${call.error.message}` : ''
  return `${call.tool}, ${word}${why}, ${durationWords(call.duration_ms)}`
}
