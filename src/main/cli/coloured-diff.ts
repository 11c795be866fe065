import type { Terminal } from './terminal.ts'

type Styled = (style: Parameters<Terminal['styled']>[0], line: string) => string

/** A unified diff as terminals show it. */
export function colouredDiff(diff: string, styled: Styled): string {
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+) /.test(line)) return styled('bold', line)
      if (line.startsWith('+')) return styled('green', line)
      return line.startsWith('-') ? styled('red', line) : line
    })
    .join('\n')
}
