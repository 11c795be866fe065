import { isObject } from '../base/is-object.ts'
import { withMember } from '../base/json-splice.ts'
import type { Era, UpstreamAnswer } from '../upstream/upstream.ts'
import { RPC } from './protocol.ts'

/**
 * An upstream's JSON-RPC error for an agent: message and data as they came, and the code that the agent's revision has for
 * it. 2026-07-28 gave some errors other numbers, and added some that a legacy agent has no use for.
 */
export function errorForAgent(
  { bytes, value }: UpstreamAnswer,
  method: string,
  agentEra: Era,
  upstreamEra: Era,
): Buffer {
  if (!isObject(value)) return bytes
  const code = codeForAgent(value, method, agentEra, upstreamEra)
  return code === value.code ? bytes : withMember(bytes, 'code', String(code))
}

function codeForAgent(
  { code, data }: Record<string, unknown>,
  method: string,
  agentEra: Era,
  upstreamEra: Era,
): unknown {
  if (upstreamEra === 'legacy') {
    return agentEra === 'modern' && code === RPC.resourceNotFound ? RPC.invalidParams : code
  }
  // What the gateway agreed with the upstream is none of the agent's business.
  if (code === RPC.unsupportedVersion) return RPC.internalError
  if (agentEra === 'modern') return code
  switch (code) {
    case RPC.invalidParams:
      // Other invalid parameters have this code as well; the one with the URI in it is a resource that is not there.
      return method === 'resources/read' && isObject(data) && typeof data.uri === 'string' ? RPC.resourceNotFound : code
    case RPC.headerMismatch:
      return RPC.internalError
    case RPC.missingClientCapability:
      return RPC.invalidRequest
    default:
      return code
  }
}
