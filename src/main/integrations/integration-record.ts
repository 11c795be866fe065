import { randomUUID } from 'node:crypto'
import type { IntegrationChanges, NewIntegration } from '../../shared/contract/integrations.ts'
import type { IntegrationRecord } from '../store/integrations-store.ts'

/** What a new integration is stored as, its secrets apart. */
export function newRecord(workspace: string, input: NewIntegration): IntegrationRecord {
  const now = new Date().toISOString()
  return {
    id: randomUUID(),
    workspace,
    name: input.name,
    displayName: input.display_name,
    description: input.description,
    logoUrl: input.logo_url,
    logo: null,
    category: input.category,
    status: 'active',
    mcp: input.mcp,
    authType: input.auth_type,
    authHeaderPrefix: input.auth_header_prefix,
    auth: input.auth,
    enabledTools: input.enabled_tools,
    disabledTools: input.disabled_tools,
    onDefinitionChange: input.on_definition_change,
    createdAt: now,
    updatedAt: now,
  }
}

/** What is not named in `changes` stays; `mcp`, `auth` and lists are replaced as a whole. */
export function changedRecord(record: IntegrationRecord, changes: IntegrationChanges): IntegrationRecord {
  return {
    ...record,
    displayName: changes.display_name ?? record.displayName,
    description: changes.description ?? record.description,
    logoUrl: changes.logo_url ?? record.logoUrl,
    logo: (changes.logo_url ?? record.logoUrl) === record.logoUrl ? record.logo : null,
    category: changes.category ?? record.category,
    mcp: changes.mcp ?? record.mcp,
    authType: changes.auth_type ?? record.authType,
    authHeaderPrefix: changes.auth_header_prefix ?? record.authHeaderPrefix,
    auth: changes.auth ?? record.auth,
    enabledTools: changes.enabled_tools ?? record.enabledTools,
    disabledTools: changes.disabled_tools ?? record.disabledTools,
    onDefinitionChange: changes.on_definition_change ?? record.onDefinitionChange,
    updatedAt: new Date().toISOString(),
  }
}
