import { spanOf } from '../base/json-members.ts'
import type { UpstreamAnswer } from './upstream.ts'

/** The answer in a message that has the id of a request. Undefined when it is none: neither a result nor an error, or both. */
export function readAnswer(value: Record<string, unknown>, bytes: Buffer): UpstreamAnswer | undefined {
  const hasResult = Object.hasOwn(value, 'result')
  const kind = hasResult ? 'result' : 'error'
  const span = spanOf(bytes, kind)
  if (hasResult === Object.hasOwn(value, 'error') || !span) return undefined
  const inner = value[kind]
  if (typeof inner !== 'object' || inner === null) return undefined
  return { kind, bytes: bytes.subarray(span[0], span[1]), value: inner }
}
