import type { IncomingMessage } from 'node:http'
import { AppError } from '../base/app-error.ts'

/**
 * Refuses what a page of another origin sends. The console's own origin is the one that the request was sent to: the
 * host guard has already refused every Host that is not ours, so a rebound name gets no further than that. Requests
 * without an Origin come from programs, not from pages.
 */
export function requireOwnOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers
  if (origin !== undefined && origin !== `http://${host ?? ''}`) {
    throw new AppError('forbidden', { message: 'Pages of other origins are not served.' })
  }
}
