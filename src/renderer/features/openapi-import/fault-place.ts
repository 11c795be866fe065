import type { Problem } from '../../stores/problem.ts'
import type { EditorFault } from '../../ui/code-editor.ts'

const PLACE = /\bline (\d+)(?:,? (?:column|col) (\d+))?/i

/** Where in the text a document stops being readable, if the problem names a line of it. */
export function faultOf(problem: Problem, text: string): EditorFault | undefined {
  const messages = [problem.message, ...problem.details.map(({ message }) => message)]
  for (const message of messages) {
    const [, line, column] = PLACE.exec(message) ?? []
    if (line !== undefined) return { offset: offsetOf(text, Number(line), Number(column ?? '1')), message }
  }
  return undefined
}

/** Both count from 1. What is past the end is the end. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', start)
    if (end < 0) return text.length
    start = end + 1
  }
  const end = text.indexOf('\n', start)
  return Math.min(start + column - 1, end < 0 ? text.length : end)
}

/** Everything that is known about it, in one text: the sentence, and each detail that it does not hold already. */
export function problemWords({ message, details }: Problem): string {
  const more = details.map((detail) => detail.message).filter((detail) => !message.includes(detail))
  return [message, ...new Set(more)].join(' ')
}
