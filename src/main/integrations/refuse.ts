import type { ErrorDetail } from '../../shared/contract/errors.ts'
import { AppError } from '../base/app-error.ts'

/** Throws `invalid_input` with all problems, where there are any. */
export function refuse(problems: ErrorDetail[]): void {
  const [first, ...more] = problems
  if (first === undefined) return
  const message = more.length === 0 ? first.message : `${problems.length} fields are not valid. ${first.message}`
  throw new AppError('invalid_input', { message, details: problems })
}
