import { isObject } from '../base/is-object.ts'
import { members, spanOf } from '../base/json-members.ts'
import { valueAt } from '../base/value-at.ts'
import type { UpstreamTool } from '../upstream/tool-list.ts'
import type { RpcError } from './answer.ts'
import { NO_CAPABILITIES, type AgentIdentification } from './era-bridge.ts'
import { headerOf, type AgentRequest } from './exchange.ts'
import type { Message } from './message.ts'
import { META, MODERN_VERSIONS, RPC } from './protocol.ts'

/**
 * The checks of 2026-07-28 on a request (Streamable HTTP, "Server validation"). Headers repeat parts of the body, so that
 * something on the way can decide by them; a request in which the two differ would be judged by one and carried out by
 * the other.
 */

/** The member of `params` that the `Mcp-Name` header repeats, by method. */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

/** Whether a message opens the modern way. The body decides; the header only has to agree (see `checkRequest`). */
export function claimsModern(message: Message): boolean {
  const { _meta: meta } = message.params
  return isObject(meta) && Object.hasOwn(meta, META.protocolVersion)
}

export function namesModern(version: string | undefined): boolean {
  return version !== undefined && MODERN_VERSIONS.includes(version)
}

/** The first fault of a request, which is answered with HTTP 400; undefined when there is none. */
export function checkRequest({ headers }: AgentRequest, message: Message): RpcError | undefined {
  const meta = isObject(message.params._meta) ? message.params._meta : {}
  const version = meta[META.protocolVersion]
  if (typeof version !== 'string') return missing(META.protocolVersion, 'a string')
  if (!isObject(meta[META.clientCapabilities])) return missing(META.clientCapabilities, 'an object')
  if (meta[META.clientInfo] !== undefined && !isObject(meta[META.clientInfo]))
    return missing(META.clientInfo, 'an object')

  const versionHeader = headerOf(headers, 'mcp-protocol-version')
  const methodHeader = headerOf(headers, 'mcp-method')
  if (versionHeader !== undefined && versionHeader !== version) {
    return mismatch('MCP-Protocol-Version', versionHeader, version)
  }
  if (methodHeader !== undefined && methodHeader !== message.method) {
    return mismatch('Mcp-Method', methodHeader, message.method)
  }
  if (!MODERN_VERSIONS.includes(version)) {
    // The revisions that can be named in `_meta`, as in `server/discover`; older ones are asked for by `initialize`.
    const data = { supported: MODERN_VERSIONS, requested: version }
    return { code: RPC.unsupportedVersion, message: 'Unsupported protocol version', data }
  }
  if (versionHeader === undefined) return absent('MCP-Protocol-Version')
  if (methodHeader === undefined) return absent('Mcp-Method')
  const named = NAMED_BY.get(message.method)
  return named === undefined ? undefined : checkName(headerOf(headers, 'mcp-name'), message.params[named])
}

/** `Mcp-Param-*` of a tool whose schema asks for them. Numbers are compared as numbers, as the specification says. */
export function checkParamHeaders(
  { headers }: AgentRequest,
  tool: UpstreamTool,
  callArguments: unknown,
): RpcError | undefined {
  for (const { header, path } of tool.paramHeaders) {
    const value = valueAt(callArguments, path)
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue
    const name = `Mcp-Param-${header}`
    const sent = headerOf(headers, name.toLowerCase())
    if (sent === undefined) return absent(name)
    const decoded = decodeHeader(sent)
    const agrees = typeof value === 'number' ? decoded !== '' && Number(decoded) === value : decoded === String(value)
    if (!agrees) return mismatch(name, sent, String(value))
  }
  return undefined
}

/** What an upstream may know of this agent. */
export function identificationOf({ bytes, paramsSpan }: Message): AgentIdentification {
  const meta = spanOf(bytes, '_meta', paramsSpan?.[0])
  const spans = members(bytes, meta?.[0])
  const slice = (key: string): Buffer | undefined => {
    const span = spans.get(key)
    return span && bytes.subarray(span[0], span[1])
  }
  return {
    clientInfo: slice(META.clientInfo),
    clientCapabilities: slice(META.clientCapabilities) ?? NO_CAPABILITIES,
    logLevel: slice(META.logLevel),
  }
}

function checkName(sent: string | undefined, name: unknown): RpcError | undefined {
  if (typeof name !== 'string') return undefined
  if (sent === undefined) return absent('Mcp-Name')
  return decodeHeader(sent) === name ? undefined : mismatch('Mcp-Name', sent, name)
}

/** Undefined when the value claims to be base64 and is not. */
function decodeHeader(value: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1]
  if (encoded === undefined) return value
  const bytes = Buffer.from(encoded, 'base64')
  return bytes.toString('base64') === encoded ? bytes.toString() : undefined
}

function missing(key: string, type: string): RpcError {
  return { code: RPC.invalidParams, message: `Invalid params: "_meta" must have "${key}" as ${type}.` }
}

function absent(header: string): RpcError {
  return { code: RPC.headerMismatch, message: `Header mismatch: the ${header} header is missing.` }
}

function mismatch(header: string, sent: string, expected: string): RpcError {
  const message = `Header mismatch: ${header} header value '${sent}' does not match body value '${expected}'`
  return { code: RPC.headerMismatch, message }
}
