import { changeDiff } from '../../../shared/change-diff.ts'
import type { FieldChange } from '../../../shared/contract/openapi.ts'

/** The page waits for it. */
const DIFF_LIMIT_MS = 200

/** One field before and after as the lines of a unified diff. A text is compared as it reads, not as it is escaped. */
export function fieldDiff({ before, after }: Pick<FieldChange, 'before' | 'after'>): string {
  const from = before === null ? null : readable(before)
  if (after !== null) return changeDiff(from, readable(after), DIFF_LIMIT_MS)
  return ['@@ @@', ...(from ?? '').split('\n').map((line) => `-${line}`)].join('\n')
}

function readable(json: string): string {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  } catch {
    return json
  }
}
