import { isObject } from '../base/is-object.ts'
import { nestsTooDeep } from '../base/json-depth.ts'
import { elements, spansOf, type Span } from '../base/json-members.ts'
import type { RpcError } from './answer.ts'
import { RPC } from './protocol.ts'

/** What the gateway acts on in a message of an agent; everything else stays bytes. */
export interface Message {
  kind: 'request' | 'notification' | 'response'
  /** The id's JSON text, byte for byte; empty for a notification. */
  id: Buffer
  /** '' for a response. */
  method: string
  /** Parsed: to read, not to send. */
  params: Readonly<Record<string, unknown>>
  /** The message as it came; `paramsSpan` lies in it. */
  bytes: Buffer
  paramsSpan: Span | undefined
}

/** A body that is not a message; `id` where it could still be read, so that the agent can match the error. */
export interface Unreadable {
  kind: 'unreadable'
  error: RpcError
  id: Buffer | undefined
}

/** The elements of a JSON-RPC batch. Whether one is allowed depends on the revision. */
export interface Batch {
  kind: 'batch'
  messages: readonly (Message | Unreadable)[]
}

const NO_ID = Buffer.alloc(0)
const NO_PARAMS: Readonly<Record<string, unknown>> = Object.freeze({})

/** Far above what is allowed: each element costs many times its bytes before anybody can refuse the batch. */
const MOST_IN_BATCH = 10_000

/** Parses the JSON once and checks the JSON-RPC envelope. What we only carry is for the other end to judge. */
export function readBody(body: Buffer): Message | Batch | Unreadable {
  if (nestsTooDeep(body)) return invalid('it nests too deep')
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    return {
      kind: 'unreadable',
      error: { code: RPC.parseError, message: 'The body is not valid JSON.' },
      id: undefined,
    }
  }
  if (!Array.isArray(value)) return readMessage(value, body)
  if (value.length > MOST_IN_BATCH) return invalid(`a batch has at most ${MOST_IN_BATCH} of them`)
  const spans = elements(body)
  return {
    kind: 'batch',
    messages: spans.map(([from, to], index) => readMessage(value[index], body.subarray(from, to))),
  }
}

function readMessage(value: unknown, bytes: Buffer): Message | Unreadable {
  if (!isObject(value)) return invalid('a message is a JSON object')
  const [idSpan, paramsSpan] = spansOf(bytes, 'id', 'params')
  // An id of null is refused as well: MCP forbids it, and no answer could be matched to it.
  if (idSpan !== undefined && typeof value.id !== 'string' && typeof value.id !== 'number') {
    return invalid('"id" must be a string or a number')
  }
  const id = idSpan === undefined ? NO_ID : bytes.subarray(idSpan[0], idSpan[1])
  const { jsonrpc, method, params } = value
  if (jsonrpc !== '2.0') return invalid('"jsonrpc" must be "2.0"', id)
  if (method === undefined) {
    if (idSpan === undefined || !(Object.hasOwn(value, 'result') || Object.hasOwn(value, 'error')))
      return invalid('it has no "method"', id)
    return { kind: 'response', id, method: '', params: NO_PARAMS, bytes, paramsSpan: undefined }
  }
  if (typeof method !== 'string') return invalid('"method" must be a string', id)
  if (params !== undefined && !isObject(params)) return invalid('"params" must be an object', id)
  const kind = idSpan === undefined ? 'notification' : 'request'
  return { kind, id, method, params: params ?? NO_PARAMS, bytes, paramsSpan }
}

function invalid(reason: string, id: Buffer = NO_ID): Unreadable {
  const error = { code: RPC.invalidRequest, message: `Invalid JSON-RPC message: ${reason}.` }
  return { kind: 'unreadable', error, id: id.length === 0 ? undefined : id }
}
