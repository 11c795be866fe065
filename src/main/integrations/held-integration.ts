import type {
  Connection,
  Integration,
  MaskedCredentials,
  ShownRestSettings,
} from '../../shared/contract/integrations.ts'
import type { OAuthStatus } from '../../shared/contract/oauth.ts'
import { errorTable, type ErrorCode } from '../../shared/contract/error-table.ts'
import { logoPath } from '../logos/served-logo.ts'
import type { ToolPins } from '../pins/tool-pins.ts'
import type { IntegrationRecord, SealedRow, StoredRest } from '../store/integrations-store.ts'
import type { Offer } from '../upstream/offer.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { SystemEntry } from '../system/registry.ts'

/** An integration in memory, a custom one or a system one that is set up: what is stored of it, and its connection while it is active. */
export interface HeldIntegration {
  record: IntegrationRecord
  /** What an admin gave. */
  secrets: SealedRow[]
  /** What OAuth keeps. */
  oauth: SealedRow[]
  masked: MaskedCredentials
  /** What its server offers, as last known; it outlives the connection. */
  offer: Offer
  /** What was approved of its tools, and how its last known tools stand to that. */
  pins: ToolPins
  upstream: Upstream | undefined
  /** Which change of all integrations was the last of this one. */
  revision: number
}

/** The integration as people call it. */
export function titleOf({ displayName, name }: Pick<IntegrationRecord, 'displayName' | 'name'>): string {
  return displayName === '' ? name : displayName
}

interface Shown {
  /** It needs secrets and the vault is not open. */
  locked: boolean
  /** With those of a REST API. */
  tools: boolean
  oauth: OAuthStatus | null
}

/** As the API tells it. */
export function toIntegration(held: HeldIntegration, { locked, tools, oauth }: Shown): Integration {
  const { record } = held
  return {
    name: record.name,
    display_name: record.displayName,
    description: record.description,
    logo_url: record.logoUrl,
    logo: record.logo === null ? null : logoPath(record.logo),
    category: record.category,
    source: record.system === null ? 'custom' : 'system',
    protocol: record.protocol,
    status: record.status,
    mcp: record.protocol === 'mcp' ? record.mcp : null,
    rest: record.protocol === 'rest' && record.rest.base_url !== '' ? shownRest(record.rest, tools) : null,
    auth_type: record.authType,
    auth_header_prefix: record.authHeaderPrefix,
    auth: record.auth,
    oauth,
    credentials: held.masked,
    enabled_tools: record.enabledTools,
    disabled_tools: record.disabledTools,
    on_definition_change: record.onDefinitionChange,
    unapproved_tools: held.pins.review.unapproved.size,
    revision: held.revision,
    connection: connectionOf(held, { locked, oauth }),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}

/** A system integration that is not set up: what the registry says of it, and nothing that could be used yet. */
export function toSystemIntegration(entry: SystemEntry, workspaceCreatedAt: string, revision = 0): Integration {
  const { name, display_name, description, category } = entry
  return {
    name,
    display_name,
    description,
    category,
    logo_url: '',
    logo: null,
    source: 'system',
    protocol: 'rest',
    status: 'disabled',
    mcp: null,
    rest: null,
    auth_type: 'none',
    auth_header_prefix: 'Bearer',
    auth: {},
    oauth: null,
    credentials: {},
    enabled_tools: [],
    disabled_tools: [],
    on_definition_change: 'hold',
    unapproved_tools: 0,
    revision,
    connection: notConnected('needs_setup', workspaceCreatedAt, 0),
    created_at: workspaceCreatedAt,
    updated_at: workspaceCreatedAt,
  }
}

/** Tools may be megabytes: only who asks for one integration gets them. */
function shownRest(rest: StoredRest, withTools: boolean): ShownRestSettings {
  const { tools, ...settings } = rest
  return withTools ? { ...settings, tools } : settings
}

function connectionOf(
  { record, offer, upstream }: HeldIntegration,
  { locked, oauth }: Pick<Shown, 'locked' | 'oauth'>,
): Connection {
  if (upstream === undefined) return notConnected('disabled', record.updatedAt, offer.tools.tools.length)
  const { connection } = upstream
  if (locked) return { ...connection, state: 'locked', error: errorOf('vault_locked'), next_retry_at: null }
  // The next call would find it out: nothing new can be asked with a grant that has ended.
  if (oauth?.state !== 'ended' || connection.state !== 'connected') return connection
  const error = errorOf('authorization_required', oauth.problem?.message)
  return { ...connection, state: 'needs_auth', error, next_retry_at: null }
}

function errorOf(code: ErrorCode, message: string = errorTable[code].message): Connection['error'] {
  return { code, message }
}

function notConnected(state: Connection['state'], since: string, toolCount: number): Connection {
  return {
    state,
    error: null,
    protocol_version: null,
    server_info: null,
    tool_count: toolCount,
    warnings: [],
    since,
    next_retry_at: null,
  }
}
