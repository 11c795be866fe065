import { errorTable } from '../../shared/contract/error-table.ts'
import { AppError } from '../base/app-error.ts'
import { isObject } from '../base/is-object.ts'
import type { UpstreamAnswer } from '../upstream/upstream.ts'
import { RPC } from './protocol.ts'

/** The JSON text of one JSON-RPC response in the pieces it was made of: large results are never copied to be sent. */
export type AnswerBytes = readonly Buffer[]

const RESULT = Buffer.from(',"result":')
const ERROR = Buffer.from(',"error":')
const START = Buffer.from('{"jsonrpc":"2.0","id":')
const END = Buffer.from('}')
const NULL_ID = Buffer.from('null')

/** `id` is the agent's own, byte for byte: a number that no double holds comes back as it went. */
export function resultAnswer(id: Buffer, result: readonly Buffer[]): AnswerBytes {
  return [START, id, RESULT, ...result, END]
}

export function errorAnswer(id: Buffer | undefined, error: Buffer): AnswerBytes {
  return [START, id ?? NULL_ID, ERROR, error, END]
}

/** The same answer under another id: that of the request that it is given to in the end. */
export function underId(body: AnswerBytes, id: Buffer): AnswerBytes {
  const [start = START, , ...rest] = body
  return [start, id, ...rest]
}

/** The `error` member of a response. */
export interface RpcError {
  code: number
  message: string
  data?: unknown
}

/** An error of our own; one from an upstream passes as its bytes. Without an id the request could not be read. */
export function rpcErrorAnswer(id: Buffer | undefined, error: RpcError): AnswerBytes {
  return errorAnswer(id, Buffer.from(JSON.stringify(error)))
}

export function unknownTool(name: string): RpcError {
  return { code: RPC.invalidParams, message: `Unknown tool: ${name}` }
}

export function methodNotFound(method: string): RpcError {
  return { code: RPC.methodNotFound, message: `Method not found: ${method}` }
}

/** What an agent is told of a failure: the table's code, and in `data` what failed and where. Never the cause. */
export function describeFailure(failure: unknown, integration?: string): RpcError {
  const error = failure instanceof AppError ? failure : new AppError('internal', { cause: failure })
  const where = error.integration ?? integration
  return {
    code: errorTable[error.code].rpc,
    message: error.message,
    data: { code: error.code, ...(where === undefined ? {} : { integration: where }) },
  }
}

/** Code and words of an upstream's JSON-RPC error, whatever it left out. */
export function errorOf({ value }: Pick<UpstreamAnswer, 'value'>): { code: number; message: string } {
  const { code, message } = isObject(value) ? value : {}
  return { code: typeof code === 'number' ? code : 0, message: typeof message === 'string' ? message : '' }
}
