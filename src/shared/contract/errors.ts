import { z } from 'zod'
import { errorTable, type ErrorCode } from './error-table.ts'

/** One fact about one field: `path` in dotted form (`mcp.server_url`), `message` for a person. */
export const ErrorDetail = z.object({ path: z.string(), message: z.string() })
export type ErrorDetail = z.infer<typeof ErrorDetail>

const ErrorData = z.object({ details: z.array(ErrorDetail) })

type ContractErrors = Record<ErrorCode, { status: number; message: string; data: typeof ErrorData }>

/** `errorTable` in the form that oRPC declares errors in. */
export const contractErrors = Object.fromEntries(
  Object.entries(errorTable).map(([code, { status, message }]) => [code, { status, message, data: ErrorData }]),
) as ContractErrors
