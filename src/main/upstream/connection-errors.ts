import { AppError } from '../base/app-error.ts'

/** It takes longer than a caller waits. */
export function stillConnecting(slug: string): AppError {
  return new AppError('upstream_timeout', { message: `${slug} is still connecting. Try again shortly.` })
}

/** Its settings ended, or the gateway does. */
export function connectionStopped(): AppError {
  return new AppError('upstream_unavailable', { message: 'The connection was stopped.' })
}

/** By us: whatever was under way on it. */
export function connectionClosed(): AppError {
  return new AppError('upstream_unavailable', { message: 'The connection was closed.' })
}
