import { AppError } from '../base/app-error.ts'
import { isObject } from '../base/is-object.ts'
import { countMembers, members, spanOf, type Span } from '../base/json-members.ts'
import { withMember } from '../base/json-splice.ts'
import type { Era, UpstreamAnswer } from '../upstream/upstream.ts'
import { META, TASKS_EXTENSION } from './protocol.ts'

/**
 * What has to change in a request and its answer when agent and upstream speak different eras, and the little that
 * changes within one. Every value that is not named here keeps its bytes: unknown fields and numbers that no double
 * holds survive both ways.
 */

/** The agent's half of the `_meta` that a modern upstream needs with every request. */
export interface AgentIdentification {
  /** JSON text of its `clientInfo`, as it sent it. */
  clientInfo: Buffer | undefined
  /** JSON text of the capabilities that the gateway can relay for it. */
  clientCapabilities: Buffer
  /** JSON text of the least severe log level that it wants to hear of. Undefined: no log messages. */
  logLevel?: Buffer | undefined
}

/** Who has nobody that could answer a server. */
export const NO_CAPABILITIES = Buffer.from('{}')

/**
 * Keys that belong to one hop. Two agents may use the same progress token, so the connection to the upstream puts in one of
 * its own; the others are written anew for the era of the next hop.
 */
const HOP_KEYS: ReadonlySet<string> = new Set([
  META.progressToken,
  META.protocolVersion,
  META.clientInfo,
  META.clientCapabilities,
  META.logLevel,
  META.subscriptionId,
])

/** Members of `params` that only modern peers know: with them a request goes on that needed input. */
const ROUND_KEYS: ReadonlySet<string> = new Set(['inputResponses', 'requestState'])

const EMPTY_OBJECT = Buffer.from('{}')

/** A request as it came. */
export interface RequestBytes {
  bytes: Buffer
  /** Undefined: it has no `params`. */
  paramsSpan: Span | undefined
  /** The same, parsed, where somebody has read it. */
  params?: Readonly<Record<string, unknown>>
  /** Of a call inside another one: where its own arguments stand in `bytes`. Null: it has none. */
  argumentsSpan?: Span | null
  /** Members put in place of its own, JSON text by key. */
  added?: ReadonlyMap<string, Buffer>
}

/** The two ends of a request. */
export interface Ends {
  agent: { era: Era; identification: AgentIdentification }
  upstream: { era: Era; protocolVersion: string }
}

/** `params` of a request for an upstream: with the names and URIs that it knows, and `_meta` for its era. */
export function paramsForUpstream(request: RequestBytes, replaced: ReadonlyMap<string, string>, ends: Ends): Buffer {
  let params = paramsAsTheyCame(request, ends)
  if (params === undefined) return paramsPutTogether(request, replaced, ends)
  for (const [key, value] of replaced) params = withMember(params, key, value)
  return params
}

/** Those of most calls: of one legacy era, without `_meta`, and with no key twice. Undefined: others. */
function paramsAsTheyCame(request: RequestBytes, { agent, upstream }: Ends): Buffer | undefined {
  const { bytes, paramsSpan, params, argumentsSpan, added } = request
  if (agent.era !== 'legacy' || upstream.era !== 'legacy' || argumentsSpan !== undefined || added !== undefined)
    return undefined
  if (paramsSpan === undefined || params === undefined || Object.hasOwn(params, '_meta')) return undefined
  const [start, end] = paramsSpan
  return countMembers(bytes, start) === Object.keys(params).length ? bytes.subarray(start, end) : undefined
}

/**
 * From the members that JSON.parse counts, so a key that stands twice can't show the filter one tool and the upstream
 * another.
 */
function paramsPutTogether(
  request: RequestBytes,
  replaced: ReadonlyMap<string, string>,
  { agent, upstream }: Ends,
): Buffer {
  const { bytes, paramsSpan, argumentsSpan, added } = request
  const written: ObjectMember[] = []
  const spans = paramsSpan === undefined ? NO_MEMBERS : members(bytes, paramsSpan[0])
  const isMixed = agent.era !== upstream.era
  if (isMixed && agent.era === 'modern' && spans.has('requestState')) throw foreignState()
  for (const [key, outer] of spans) {
    const own = replaced.get(key)
    if (own !== undefined) written.push([key, Buffer.from(own)])
    else if (key !== '_meta' && added?.has(key) !== true && !(isMixed && ROUND_KEYS.has(key))) {
      const span = key === 'arguments' && argumentsSpan !== undefined ? argumentsSpan : outer
      if (span !== null) written.push([key, bytes.subarray(span[0], span[1])])
    }
  }
  if (added !== undefined) written.push(...added)
  const meta = metaForUpstream(bytes, spans.get('_meta'), agent.identification, upstream)
  if (meta !== undefined) written.push(['_meta', meta])
  return writeObject(written)
}

/** `params` of an agent's notification for an upstream. Undefined: it has none. */
export function notificationParams({ bytes, paramsSpan }: RequestBytes): Buffer | undefined {
  if (paramsSpan === undefined) return undefined
  const meta = spanOf(bytes, '_meta', paramsSpan[0])
  if (meta === undefined) return bytes.subarray(paramsSpan[0], paramsSpan[1])
  const kept = keptMeta(bytes, meta)
  const before = bytes.subarray(paramsSpan[0], meta[0])
  return Buffer.concat([before, writeObject(kept), bytes.subarray(meta[1], paramsSpan[1])])
}

/** The `result` member for the agent, in pieces. `method`: what it answers. */
export function resultForAgent(
  answer: UpstreamAnswer,
  method: string,
  agentEra: Era,
  upstreamEra: Era,
  serverInfo: string,
): readonly Buffer[] {
  const { bytes, value } = answer
  if (!isObject(value)) return [bytes]
  const hasType = Object.hasOwn(value, 'resultType')
  if (agentEra === 'modern') {
    if (upstreamEra === 'modern') return hasType ? [bytes] : openWith(bytes, [COMPLETE])
    // A legacy server's own `resultType` would be an unknown field; here it would change what the result means.
    const clean = hasType ? without(bytes, new Set(['resultType'])) : bytes
    return addServerInfo(clean, value, serverInfo, firstMembers(method, value))
  }
  if (upstreamEra === 'legacy') return [bytes]
  if (hasType && value.resultType !== 'complete')
    throw new AppError('upstream_invalid', { message: NEEDS_MODERN_AGENT })
  return [withoutModernKeys(bytes, value, hasType)]
}

/** What a legacy agent declared, for a modern upstream: tasks are others there, so it must not count on them. */
export function capabilitiesForModern(bytes: Buffer, value: Readonly<Record<string, unknown>>): Buffer {
  const { tasks, extensions, ...rest } = value
  const hasExtension = isObject(extensions) && Object.hasOwn(extensions, TASKS_EXTENSION)
  if (tasks === undefined && !hasExtension) return bytes
  const others = isObject(extensions) ? Object.entries(extensions).filter(([key]) => key !== TASKS_EXTENSION) : []
  return Buffer.from(JSON.stringify({ ...rest, ...(others.length > 0 && { extensions: Object.fromEntries(others) }) }))
}

type ObjectMember = readonly [key: string, value: Buffer]

const SPACE = 0x20
const CLOSE_BRACE = 0x7d
const COMPLETE = '"resultType":"complete"'
/** What 2026-07-28 wants to know of a result that an agent may keep: of a legacy server's nothing is known. */
const NOT_TO_BE_KEPT = { ttlMs: '"ttlMs":0', cacheScope: '"cacheScope":"private"' }
const NO_MEMBERS: ReadonlyMap<string, Span> = new Map()
const NEEDS_MODERN_AGENT =
  'The integration answers in a way that only agents of MCP 2026-07-28 understand. Use one that speaks it.'

/** A legacy server has none, so it can only be made up. */
function foreignState(): AppError {
  return new AppError('invalid_input', { message: 'Invalid requestState: it is not one that was given here.' })
}

function metaForUpstream(
  bytes: Buffer,
  span: Span | undefined,
  agent: AgentIdentification,
  upstream: { era: Era; protocolVersion: string },
): Buffer | undefined {
  const kept = span === undefined ? [] : keptMeta(bytes, span)
  if (upstream.era === 'legacy') return kept.length === 0 ? undefined : writeObject(kept)
  kept.push([META.protocolVersion, Buffer.from(JSON.stringify(upstream.protocolVersion))])
  if (agent.clientInfo !== undefined) kept.push([META.clientInfo, agent.clientInfo])
  kept.push([META.clientCapabilities, agent.clientCapabilities])
  if (agent.logLevel !== undefined) kept.push([META.logLevel, agent.logLevel])
  return writeObject(kept)
}

/** What in a `_meta` is not for one hop alone: trace context and everything that we do not know. */
function keptMeta(bytes: Buffer, [start]: Span): ObjectMember[] {
  return membersBut(bytes, start, HOP_KEYS)
}

function firstMembers(method: string, value: Record<string, unknown>): string[] {
  if (method !== 'resources/read') return [COMPLETE]
  const missing = Object.entries(NOT_TO_BE_KEPT).filter(([key]) => !Object.hasOwn(value, key))
  return [COMPLETE, ...missing.map(([, member]) => member)]
}

function addServerInfo(
  bytes: Buffer,
  value: Record<string, unknown>,
  serverInfo: string,
  first: readonly string[],
): readonly Buffer[] {
  const info = `"${META.serverInfo}":${serverInfo}`
  if (!isObject(value._meta)) {
    const rest = Object.hasOwn(value, '_meta') ? without(bytes, new Set(['_meta'])) : bytes
    return openWith(rest, [...first, `"_meta":{${info}}`])
  }
  const span = spanOf(bytes, '_meta')
  if (span === undefined) return openWith(bytes, first)
  const meta = openWith(bytes.subarray(span[0], span[1]), [info])
  return [...openWith(bytes.subarray(0, span[0]), first), ...meta, bytes.subarray(span[1])]
}

function withoutModernKeys(bytes: Buffer, value: Record<string, unknown>, hasType: boolean): Buffer {
  const hasServerInfo = isObject(value._meta) && Object.hasOwn(value._meta, META.serverInfo)
  if (!hasType && !hasServerInfo) return bytes
  const written: ObjectMember[] = []
  for (const [key, [from, to]] of members(bytes)) {
    if (key === 'resultType') continue
    const member = bytes.subarray(from, to)
    if (key !== '_meta' || !hasServerInfo) written.push([key, member])
    else {
      const meta = without(member, new Set([META.serverInfo]))
      if (!meta.equals(EMPTY_OBJECT)) written.push([key, meta])
    }
  }
  return writeObject(written)
}

function without(bytes: Buffer, keys: ReadonlySet<string>): Buffer {
  return writeObject(membersBut(bytes, 0, keys))
}

function membersBut(bytes: Buffer, start: number, keys: ReadonlySet<string>): ObjectMember[] {
  const kept: ObjectMember[] = []
  for (const [key, [from, to]] of members(bytes, start)) if (!keys.has(key)) kept.push([key, bytes.subarray(from, to)])
  return kept
}

/** Puts members (`"key":value`) in front of those of an object, without copying the object. */
function openWith(bytes: Buffer, first: readonly string[]): readonly Buffer[] {
  const brace = bytes.indexOf(0x7b)
  let next = brace + 1
  while ((bytes[next] ?? CLOSE_BRACE) <= SPACE) next++
  const isEmpty = bytes[next] === CLOSE_BRACE
  return [Buffer.from(`{${first.join(',')}${isEmpty ? '' : ','}`), bytes.subarray(brace + 1)]
}

/** JSON text of an object with these members, whose values are JSON text. */
export function writeObject(written: readonly ObjectMember[]): Buffer {
  const parts: Buffer[] = []
  for (const [key, value] of written) {
    parts.push(Buffer.from(`${parts.length === 0 ? '{' : ','}${JSON.stringify(key)}:`), value)
  }
  if (parts.length === 0) return EMPTY_OBJECT
  parts.push(Buffer.from('}'))
  return Buffer.concat(parts)
}
