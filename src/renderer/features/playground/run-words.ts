import type { RunEnd } from '../../stores/playground.ts'
import { durationWords } from '../../ui/words.ts'

export type Tone = 'ok' | 'warn' | 'err' | 'muted'

/** How a call ended, in a word or two, and how bad that is. */
export function endWords(end: RunEnd): { words: string; tone: Tone } {
  switch (end.kind) {
    case 'stopped':
      return { words: 'Stopped', tone: 'muted' }
    case 'failed':
      return { words: 'Not called', tone: 'err' }
    case 'answered':
      if (end.run.error) return { words: `Error ${end.run.error.code}`, tone: 'err' }
      return isToolFailure(end) ? { words: 'Tool failed', tone: 'warn' } : { words: 'OK', tone: 'ok' }
  }
}

/** A result in which the tool says itself that it failed. */
export function isToolFailure(end: RunEnd): boolean {
  return end.kind === 'answered' && end.run.result?.isError === true
}

/** One sentence for those who cannot see the result. */
export function endSentence(tool: string, end: RunEnd): string {
  switch (end.kind) {
    case 'stopped':
      return `${tool} was stopped after ${durationWords(end.afterMs)}.`
    case 'failed':
      return `${tool} was not called: ${end.problem.message}`
    case 'answered': {
      const { error, duration_ms, response_bytes } = end.run
      const took = durationWords(duration_ms)
      if (error) return `${tool} failed after ${took}: ${error.message}`
      const verb = isToolFailure(end) ? 'reports a failure' : 'answered'
      return `${tool} ${verb} after ${took}, ${sizeWords(response_bytes)}.`
    }
  }
}

/** `31 B`, `4.1 kB`, `10.0 MB`. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
