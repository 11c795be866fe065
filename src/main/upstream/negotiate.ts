import { AppError } from '../base/app-error.ts'
import { isDeeperThan } from '../base/is-deeper-than.ts'
import { isObject } from '../base/is-object.ts'
import type { EraSetting } from '../../shared/contract/integrations.ts'
import { readCapabilities, type Capabilities } from './capabilities.ts'
import type { Conversation } from './conversation.ts'
import { readInstructions } from './instructions.ts'
import { MODERN_VERSION, ModernMeta, type ClientInfo } from './modern-meta.ts'
import type { Era, Principal, UpstreamAnswer } from './upstream.ts'

/** Legacy revisions that we speak, newest first: the first is offered, any is accepted (2025-11-25, version negotiation). */
const LEGACY_VERSIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']

const METHOD_NOT_FOUND = -32601
const UNSUPPORTED_VERSION = -32022
/** The description of a server goes out with each change of its state; icons in it may take some room. */
const MAX_INFO_LENGTH = 16_384
const MAX_INFO_DEPTH = 100
const MAX_NAME_LENGTH = 200

interface ServerInfo {
  name: string
  version: string
  [field: string]: unknown
}

/** What the opening of a conversation found out. */
export interface Opening {
  era: Era
  protocolVersion: string
  serverInfo: ServerInfo | null
  capabilities: Capabilities
  instructions: string | null
}

/** What a server is told of its client: JSON texts. */
export type Declared = Pick<Principal, 'capabilities' | 'clientInfo'>

/**
 * Of a connection that all agents share: each of these can be answered by some agent. Where the one that a question
 * belongs to can't, the server hears what a client without it would say.
 */
const SHARED_CAPABILITIES = '{"roots":{},"sampling":{},"elicitation":{"form":{},"url":{}}}'

/** What an answer to `server/discover` says about the era of a server. */
export type DiscoverVerdict =
  | { kind: 'modern'; opening: Opening }
  /** It does not know the method, and has understood that it was a request: go on with `initialize`. */
  | { kind: 'legacy' }
  /** Something stranger: its state may be spoilt (the era is pinned by the first opening), so start afresh. */
  | { kind: 'unclear' }
  | { kind: 'failed'; error: AppError }

export interface OpeningLimits {
  timeoutMs: number
  signal: AbortSignal
}

/** Reads the era that an answer to `server/discover` shows. */
export function judgeDiscover(answer: UpstreamAnswer): DiscoverVerdict {
  const value = asRecord(answer.value)
  if (answer.kind === 'result') {
    const supported = value.supportedVersions
    if (!Array.isArray(supported)) return { kind: 'unclear' }
    if (!supported.includes(MODERN_VERSION)) return unknownVersions(supported)
    const meta = asRecord(value._meta)
    return {
      kind: 'modern',
      opening: {
        era: 'modern',
        protocolVersion: MODERN_VERSION,
        serverInfo: readServerInfo(meta['io.modelcontextprotocol/serverInfo'] ?? value.serverInfo),
        capabilities: readCapabilities(value.capabilities),
        instructions: readInstructions(value.instructions),
      },
    }
  }
  if (value.code === METHOD_NOT_FOUND) return { kind: 'legacy' }
  const supported = asRecord(value.data).supported
  if (value.code === UNSUPPORTED_VERSION && Array.isArray(supported)) return unknownVersions(supported)
  return { kind: 'unclear' }
}

/** Opens a conversation by `server/discover`. */
export async function discover(
  conversation: Conversation,
  client: ClientInfo,
  declared: Declared | undefined,
  { timeoutMs, signal }: OpeningLimits,
): Promise<DiscoverVerdict> {
  const meta = new ModernMeta(MODERN_VERSION, clientInfoText(client, declared), declared?.capabilities.toString())
  const params = meta.addTo(Buffer.from('{}'))
  const answer = await conversation.request({ method: 'server/discover', params, signal }, { timeoutMs, opening: true })
  const verdict = judgeDiscover(answer)
  if (verdict.kind === 'modern') conversation.speak('modern', MODERN_VERSION, meta)
  return verdict
}

/** Opens a conversation by `initialize`. */
export async function initialize(
  conversation: Conversation,
  client: ClientInfo,
  declared: Declared | undefined,
  { timeoutMs, signal }: OpeningLimits,
): Promise<Opening> {
  const capabilities = declared?.capabilities.toString() ?? SHARED_CAPABILITIES
  const params = Buffer.from(
    `{"protocolVersion":"${LEGACY_VERSIONS[0]}","capabilities":${capabilities},"clientInfo":${clientInfoText(client, declared)}}`,
  )
  const answer = await conversation.request({ method: 'initialize', params, signal }, { timeoutMs, opening: true })
  const value = asRecord(answer.value)
  if (answer.kind === 'error') throw conversation.refused('initialize', value)
  const version = value.protocolVersion
  if (typeof version !== 'string' || !LEGACY_VERSIONS.includes(version)) {
    const named = typeof version === 'string' ? `protocol version ${version.slice(0, 40)}` : 'no protocol version'
    throw new AppError('upstream_invalid', { message: `The server offered ${named}, which Gatehouse does not speak.` })
  }
  conversation.speak('legacy', version, undefined)
  // Strict servers answer nothing before they have this.
  await conversation.notify('notifications/initialized')
  return {
    era: 'legacy',
    protocolVersion: version,
    serverInfo: readServerInfo(value.serverInfo),
    capabilities: readCapabilities(value.capabilities),
    instructions: readInstructions(value.instructions),
  }
}

/** An agent that said nothing of itself is the gateway to the server. */
function clientInfoText({ name, version }: ClientInfo, declared: Declared | undefined): string {
  return declared?.clientInfo?.toString() ?? JSON.stringify({ name, version })
}

/** Which eras to try. A verdict reached before for the same settings spares the probe. */
export function eraToTry(setting: EraSetting, known: Era | undefined): EraSetting {
  return setting === 'auto' ? (known ?? 'auto') : setting
}

export function asRecord(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

/** A modern server without a version in common: legacy ones among those it names can be had by `initialize`. */
function unknownVersions(supported: unknown[]): DiscoverVerdict {
  if (supported.length === 0 || supported.some((version) => LEGACY_VERSIONS.includes(String(version)))) {
    return { kind: 'unclear' }
  }
  const names = supported.slice(0, 5).map(String).join(', ').slice(0, 200)
  const message = `The server speaks only MCP ${names}, which Gatehouse does not know.`
  return { kind: 'failed', error: new AppError('upstream_invalid', { message }) }
}

function readServerInfo(value: unknown): ServerInfo | null {
  const info = asRecord(value)
  if (typeof info.name !== 'string' || isDeeperThan(MAX_INFO_DEPTH, info)) return null
  const name = info.name.slice(0, MAX_NAME_LENGTH)
  const version = typeof info.version === 'string' ? info.version.slice(0, MAX_NAME_LENGTH) : ''
  return JSON.stringify(info).length > MAX_INFO_LENGTH ? { name, version } : { ...info, name, version }
}
