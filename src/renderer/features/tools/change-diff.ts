import { createTwoFilesPatch } from 'diff'
import type { ToolChange } from '../../../shared/contract/tools.ts'

/** Lines that are the same on both sides, around one that changed. */
const CONTEXT_LINES = 3
/** Texts that are compared for longer are shown as a whole, one after the other. */
const LIMIT_MS = 500

/** A unified diff of what was approved of a tool and what its server says now. */
export function changeDiff({ before, after }: Pick<ToolChange, 'before' | 'after'>): string {
  const from = before === null ? '' : `${before}\n`
  const options = { context: CONTEXT_LINES, timeout: LIMIT_MS }
  const patch = createTwoFilesPatch('', '', from, `${after}\n`, '', '', options)
  return patch ?? ['@@ @@', ...signed('-', before ?? ''), ...signed('+', after)].join('\n')
}

function signed(sign: string, text: string): string[] {
  return text.split('\n').map((line) => sign + line)
}
