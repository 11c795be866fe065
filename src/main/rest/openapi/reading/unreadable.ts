import { AppError } from '../../../base/app-error.ts'
import { placeIn } from './line-column.ts'
import { sentence } from './sentence.ts'

/** A document that gives no import at all, and why. With `offset` the sentence begins with the place in `text`. */
export function unreadable(reason: string, text?: string, offset?: number): AppError {
  const place = text === undefined || offset === undefined ? '' : `${placeIn(text, offset)}: `
  const message = sentence(place + reason)
  return new AppError('invalid_input', { message, details: [{ path: 'spec', message }] })
}
