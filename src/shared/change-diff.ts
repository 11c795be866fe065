import { createTwoFilesPatch, OMIT_HEADERS } from 'diff'

/** Lines that are the same on both sides, around one that changed. */
const CONTEXT_LINES = 3

/**
 * The hunks of a unified diff, without names above them. Null: there was nothing before. Texts that are compared for longer
 * than `limitMs` are shown as a whole, one after the other.
 */
export function changeDiff(before: string | null, after: string, limitMs: number): string {
  const from = before === null ? '' : `${before}\n`
  const options = { context: CONTEXT_LINES, timeout: limitMs, headerOptions: OMIT_HEADERS }
  const patch = createTwoFilesPatch('', '', from, `${after}\n`, undefined, undefined, options)
  return patch ?? ['@@ @@', ...(before === null ? [] : signed('-', before)), ...signed('+', after)].join('\n')
}

function signed(sign: string, text: string): string[] {
  return text.split('\n').map((line) => sign + line)
}
