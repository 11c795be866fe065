import type {
  AuthType,
  Integration,
  McpSettings,
  OnDefinitionChange,
  RestSettings,
} from '../../shared/contract/integrations.ts'
import type { RestSource, RestTool } from '../../shared/contract/rest.ts'
import type { Schema } from './schema.ts'

/** A REST API as stored; of what its tools were imported from only the facts. Never changed in place: what is kept is compared by identity. */
export type StoredRest = Omit<RestSettings, 'source'> & { source: RestSource | null }

/** By which way of its registry entry a system integration was set up, and what was given there that is not secret. */
export interface SystemSettings {
  way: string
  values: Record<string, unknown>
}

interface RecordFields {
  id: string
  workspace: string
  name: string
  displayName: string
  description: string
  logoUrl: string
  /** Which of the stored logos it is. Null: there is none, or it was not fetched yet. */
  logo: string | null
  category: string
  status: Integration['status']
  authType: AuthType
  authHeaderPrefix: string
  auth: Integration['auth']
  enabledTools: string[]
  disabledTools: string[]
  onDefinitionChange: OnDefinitionChange
  /** Of a system integration: how it was set up. Null: it is a custom one. */
  system: SystemSettings | null
  createdAt: string
  updatedAt: string
}

export type McpRecord = RecordFields & { protocol: 'mcp'; mcp: McpSettings }
export type RestRecord = RecordFields & { protocol: 'rest'; rest: StoredRest }

/** A custom integration as stored, without its secrets. */
export type IntegrationRecord = McpRecord | RestRecord

/** What is apart from the row of a REST API. */
export interface RestParts {
  tools: RestTool[]
  source: RestSource | null
}

export function toRow(record: IntegrationRecord): Omit<Schema['integrations'], 'deleted_at'> {
  return {
    id: record.id,
    workspace: record.workspace,
    name: record.name,
    display_name: record.displayName,
    description: record.description,
    logo_url: record.logoUrl,
    logo: record.logo,
    category: record.category,
    status: record.status,
    protocol: record.protocol,
    connection: JSON.stringify(connectionOf(record)),
    auth_type: record.authType,
    auth_header_prefix: record.authHeaderPrefix,
    auth: JSON.stringify(record.auth),
    enabled_tools: JSON.stringify(record.enabledTools),
    disabled_tools: JSON.stringify(record.disabledTools),
    on_definition_change: record.onDefinitionChange,
    system: record.system === null ? null : JSON.stringify(record.system),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    ...(record.system !== null && SAID_BY_REGISTRY),
  }
}

/** What the registry says of a system integration is not stored: a newer Gatehouse may say it otherwise. */
const SAID_BY_REGISTRY = {
  display_name: '',
  description: '',
  category: '',
  connection: '{}',
  auth_type: 'none',
  auth_header_prefix: '',
  auth: '{}',
}

function connectionOf(record: IntegrationRecord): object {
  if (record.protocol === 'mcp') return record.mcp
  const { tools: _tools, source: _source, ...settings } = record.rest
  return settings
}

/** The casts are sound: only `toRow` writes these columns, and STRICT and CHECK hold the rest. */
export function toRecord(row: Schema['integrations'], parts: RestParts | undefined): IntegrationRecord {
  const fields: RecordFields = {
    id: row.id,
    workspace: row.workspace,
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    logoUrl: row.logo_url,
    logo: row.logo,
    category: row.category,
    status: row.status as RecordFields['status'],
    authType: row.auth_type as AuthType,
    authHeaderPrefix: row.auth_header_prefix,
    auth: JSON.parse(row.auth) as RecordFields['auth'],
    enabledTools: JSON.parse(row.enabled_tools) as string[],
    disabledTools: JSON.parse(row.disabled_tools) as string[],
    onDefinitionChange: row.on_definition_change as OnDefinitionChange,
    system: row.system === null ? null : (JSON.parse(row.system) as SystemSettings),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
  if (row.protocol === 'rest') {
    const settings = JSON.parse(row.connection) as Omit<StoredRest, keyof RestParts>
    return { ...fields, protocol: 'rest', rest: { ...settings, tools: [], source: null, ...parts } }
  }
  // What was stored before agents could have connections of their own.
  const mcp = { isolation: 'shared', ...(JSON.parse(row.connection) as Partial<McpSettings>) } as McpSettings
  return { ...fields, protocol: 'mcp', mcp }
}
