import { ORPCError, ValidationError } from '@orpc/server'
import { errorTable, type ErrorCode } from '../../shared/contract/error-table.ts'
import type { ErrorDetail } from '../../shared/contract/errors.ts'
import { AppError } from '../base/app-error.ts'
import { issueDetails } from '../base/issue-details.ts'

/** What every door answers with: a code of the one table, its status, a message for a person, facts about fields. */
export type ApiError = ORPCError<ErrorCode, { details: ErrorDetail[] }>

export function apiError(
  code: ErrorCode,
  message: string = errorTable[code].message,
  details: ErrorDetail[] = [],
): ApiError {
  return new ORPCError(code, { defined: true, status: errorTable[code].status, message, data: { details } })
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ORPCError && error.code in errorTable
}

/**
 * Turns whatever was thrown into an error of the table. A fault that nobody foresaw goes to `report`, which logs it and
 * returns the request's id; its own words never leave, they may hold anything.
 */
export function toApiError(error: unknown, report: (fault: unknown) => string): ApiError {
  if (isApiError(error)) return error
  if (error instanceof AppError) return apiError(error.code, error.message, error.details)
  if (error instanceof ORPCError) {
    if (error.cause instanceof ValidationError && error.status === 400) {
      return apiError('invalid_input', undefined, issueDetails(error.cause.issues))
    }
    if (error.status < 500) return apiError('bad_request')
  }
  return apiError('internal', `${errorTable.internal.message} Request ${report(error)}.`)
}
