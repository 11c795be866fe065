import { AppError } from '../base/app-error.ts'

/** Where the next page begins: records are read from the newest on, and ids grow. */
export function readCursor(cursor: string | undefined): { before?: number } {
  if (cursor === undefined) return {}
  if (/^\d{1,15}$/.test(cursor)) return { before: Number(cursor) }
  throw notOfThisList()
}

/** The same where ids are texts that sort by time. `shape`: what they look like. */
export function readIdCursor(cursor: string | undefined, shape: RegExp): { before?: string } {
  if (cursor === undefined) return {}
  if (shape.test(cursor)) return { before: cursor }
  throw notOfThisList()
}

/** Null when the page was not full: nothing follows. */
export function cursorOf(items: readonly { id: string }[], limit: number): string | null {
  return items.length < limit ? null : (items.at(-1)?.id ?? null)
}

function notOfThisList(): AppError {
  const message = 'This is not a cursor of this list. Take next_cursor of the page before.'
  return new AppError('invalid_input', { message, details: [{ path: 'cursor', message }] })
}
