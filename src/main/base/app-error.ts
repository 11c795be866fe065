import { errorTable, type ErrorCode } from '../../shared/contract/error-table.ts'
import type { ErrorDetail } from '../../shared/contract/errors.ts'

interface AppErrorOptions {
  /** A sentence for a person: what happened, then what to do. Default: the table's. Never a secret. */
  message?: string
  details?: ErrorDetail[]
  /** The integration (slug) it is about; goes into JSON-RPC `error.data.integration`. */
  integration?: string
  cause?: unknown
}

/** A failure with a code of the one table, thrown where the fact is known and turned into an answer at a door. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: ErrorDetail[]
  readonly integration: string | undefined

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.message ?? errorTable[code].message, { cause: options.cause })
    this.code = code
    this.details = options.details ?? []
    this.integration = options.integration
  }
}
