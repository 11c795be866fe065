import { AppError } from '../base/app-error.ts'

/** Silence for as long as a request may take. */
export function unanswered(method: string, timeoutMs: number): AppError {
  return new AppError('upstream_timeout', { message: `The server did not answer ${method} in ${seconds(timeoutMs)}.` })
}

/** Progress up to the longest that is waited. */
export function unfinished(method: string, maxMs: number): AppError {
  const message = `The server reported progress of ${method} but did not finish it in ${seconds(maxMs)}.`
  return new AppError('upstream_timeout', { message })
}

/** Questions to the agent, up to the longest that is waited. */
export function notFinished(method: string, maxMs: number): AppError {
  const message = `${method} was not finished in ${seconds(maxMs)}, the time for answers to the server's questions included.`
  return new AppError('upstream_timeout', { message })
}

export function tooLong(maxBytes: number): AppError {
  const message = `The answer is longer than ${formatBytes(maxBytes)}, the most that is taken.`
  return new AppError('upstream_invalid', { message, cause: TOO_LONG })
}

const TOO_LONG = new Error('too long')

/** Whether it is the error of an answer that was over the limit. */
export function isTooLong(error: unknown): boolean {
  return error instanceof AppError && error.cause === TOO_LONG
}

export function notJsonRpc(method: string): AppError {
  const message = `The answer to ${method} is not JSON-RPC: it needs either a result or an error.`
  return new AppError('upstream_invalid', { message })
}

/** Why a signal was aborted. */
export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The request was cancelled.')
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}

function formatBytes(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MiB` : `${Math.round(bytes / 1024)} KiB`
}
