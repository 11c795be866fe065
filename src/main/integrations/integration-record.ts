import { randomUUID } from 'node:crypto'
import type { IntegrationChanges, NewIntegration, RestChanges } from '../../shared/contract/integrations.ts'
import type { RestSource } from '../../shared/contract/rest.ts'
import type { IntegrationRecord, StoredRest } from '../store/integrations-store.ts'
import { refuse } from './refuse.ts'

/** What a new integration is stored as, its secrets apart. `source`: what `rest.source` is kept as. */
export function newRecord(workspace: string, input: NewIntegration, source?: RestSource): IntegrationRecord {
  const now = new Date().toISOString()
  const fields = {
    id: randomUUID(),
    workspace,
    name: input.name,
    displayName: input.display_name,
    description: input.description,
    logoUrl: input.logo_url,
    logo: null,
    category: input.category,
    status: 'active' as const,
    authType: input.auth_type,
    authHeaderPrefix: input.auth_header_prefix,
    auth: input.auth,
    enabledTools: input.enabled_tools,
    disabledTools: input.disabled_tools,
    onDefinitionChange: input.on_definition_change,
    system: null,
    createdAt: now,
    updatedAt: now,
  }
  if (input.protocol === 'mcp') return { ...fields, protocol: 'mcp', mcp: input.mcp }
  const { source: _given, ...rest } = input.rest
  return { ...fields, protocol: 'rest', rest: { ...rest, source: source ?? null } }
}

/**
 * What is not named in `changes` stays; `mcp`, `rest`, `auth` and lists are replaced as a whole. Throws `invalid_input` for
 * the settings of the other protocol.
 */
export function changedRecord(
  record: IntegrationRecord,
  changes: IntegrationChanges,
  source?: RestSource,
): IntegrationRecord {
  const fields = {
    displayName: changes.display_name ?? record.displayName,
    description: changes.description ?? record.description,
    logoUrl: changes.logo_url ?? record.logoUrl,
    logo: (changes.logo_url ?? record.logoUrl) === record.logoUrl ? record.logo : null,
    category: changes.category ?? record.category,
    authType: changes.auth_type ?? record.authType,
    authHeaderPrefix: changes.auth_header_prefix ?? record.authHeaderPrefix,
    auth: changes.auth ?? record.auth,
    enabledTools: changes.enabled_tools ?? record.enabledTools,
    disabledTools: changes.disabled_tools ?? record.disabledTools,
    onDefinitionChange: changes.on_definition_change ?? record.onDefinitionChange,
    updatedAt: new Date().toISOString(),
  }
  if (record.protocol === 'mcp') {
    if (changes.rest !== undefined) refuse([otherProtocol('rest', 'This is an MCP server. Give mcp in its place.')])
    return { ...record, ...fields, mcp: changes.mcp ?? record.mcp }
  }
  if (changes.mcp !== undefined) refuse([otherProtocol('mcp', 'This is a REST API. Give rest in its place.')])
  return { ...record, ...fields, rest: changedRest(record.rest, changes.rest, source) }
}

/** `tools` and `source` that are left out stay; the rest is replaced as a whole. */
function changedRest(stored: StoredRest, changes: RestChanges | undefined, source?: RestSource): StoredRest {
  if (changes === undefined) return stored
  const { tools = stored.tools, source: _given, ...settings } = changes
  return { ...settings, tools, source: source ?? stored.source }
}

function otherProtocol(path: 'mcp' | 'rest', message: string) {
  return { path, message: `${message} What an integration is does not change: add another one.` }
}
