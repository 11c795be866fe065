import { parse } from 'yaml'
import { AppError } from '../../base/app-error.ts'
import { messageOf } from '../../base/message-of.ts'

/** The value of a JSON or YAML text. Throws `invalid_input` with line and column. */
export function readText(text: string): { value: unknown; warnings: string[] } {
  const plain = text.replace(/^\uFEFF/, '')
  try {
    return { value: JSON.parse(plain) as unknown, warnings: [] }
  } catch {
    try {
      const options = { schema: 'core', merge: true, prettyErrors: false, uniqueKeys: false, strict: false } as const
      return { value: parse(plain, options) as unknown, warnings: [] }
    } catch (error) {
      throw new AppError('invalid_input', { message: messageOf(error) })
    }
  }
}
