import { isObject } from '../../base/is-object.ts'
import { META } from '../../gateway/protocol.ts'

/** What the bridge has to know of a message of its agent; the rest goes as it came. */
export interface AgentMessage {
  bytes: Buffer
  /** '' for an answer and for a batch. */
  method: string
  id: string | number | undefined
  params: Record<string, unknown>
  /** The revision that a modern message names for itself (2026-07-28, `_meta`). */
  modernVersion: string | undefined
}

/** Undefined: it is not JSON. */
export function readAgentMessage(bytes: Buffer): AgentMessage | undefined {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
  const message = asRecord(value)
  const params = asRecord(message.params)
  const version = asRecord(params._meta)[META.protocolVersion]
  return {
    bytes,
    method: typeof message.method === 'string' ? message.method : '',
    id: typeof message.id === 'string' || typeof message.id === 'number' ? message.id : undefined,
    params,
    modernVersion: typeof version === 'string' ? version : undefined,
  }
}

/** A JSON-RPC error as a line. */
export function errorLine(id: string | number | null, code: number, message: string): Buffer {
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }))
}

export function asRecord(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}
