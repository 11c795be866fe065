import type { Call } from '../../../shared/contract/calls.ts'

export const SECONDS = 60

/** Calls and failures of each second. */
export interface SecondCount {
  calls: number
  errors: number
}

/** How many calls ended in each of the last 60 seconds, as far as somebody looked. Bounded: older seconds are forgotten. */
export class CallRate {
  readonly #seconds = new Map<number, SecondCount>()

  add(calls: readonly Call[], now: number): void {
    for (const call of calls) {
      const second = secondOf(Date.parse(call.at) + call.duration_ms)
      const count = this.#seconds.get(second) ?? { calls: 0, errors: 0 }
      count.calls += 1
      if (call.outcome === 'error' || call.outcome === 'tool_error') count.errors += 1
      this.#seconds.set(second, count)
    }
    const oldest = secondOf(now) - SECONDS
    for (const second of this.#seconds.keys()) if (second < oldest) this.#seconds.delete(second)
  }

  /** The last 60 whole seconds, oldest first: the one that runs would always look like a fall. */
  until(now: number): SecondCount[] {
    const first = secondOf(now) - SECONDS
    return Array.from({ length: SECONDS }, (_, index) => this.#seconds.get(first + index) ?? { calls: 0, errors: 0 })
  }
}

/** The figures in words, because a drawing says nothing to some. */
export function rateWords(seconds: readonly SecondCount[]): string {
  const calls = sum(seconds.map((second) => second.calls))
  const errors = sum(seconds.map((second) => second.errors))
  if (calls === 0) return 'No calls in the last minute'
  const most = Math.max(...seconds.map((second) => second.calls))
  const failed = errors === 0 ? 'none failed' : `${errors.toLocaleString('en')} failed`
  return `${calls.toLocaleString('en')} in the last minute, at most ${most.toLocaleString('en')} a second, ${failed}`
}

function secondOf(time: number): number {
  return Math.floor(time / 1_000)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
