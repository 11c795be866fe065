import type { Generated } from 'kysely'
import type { IncidentSchema } from './incident-schema.ts'

/** Where the secrets table keeps what came of a sign-in with OAuth. */
export type OAuthField = 'oauth.client' | 'oauth.grant' | 'oauth.pending'

/** The tables as Kysely sees them. docs/storage.md says why each exists. Times are ISO 8601 text, lists and objects JSON text. */
export interface Schema extends IncidentSchema {
  meta: { key: string; value: string }
  workspaces: { name: string; plan: string; created_at: string }
  integrations: IntegrationTable
  secrets: SecretTable
  agents: AgentTable
  profiles: ProfileTable
  audit: AuditTable
  offers: OfferTable
  rest_tools: { integration_id: string; tools: string }
  rest_sources: RestSourceTable
  tool_pins: {
    integration_id: string
    name: string
    sha256: string
    definition: string
    is_new: number
    approved_at: string
  }
}

interface IntegrationTable {
  id: string
  workspace: string
  name: string
  display_name: string
  description: string
  logo_url: string
  logo: string | null
  category: string
  status: string
  protocol: string
  connection: string
  auth_type: string
  auth_header_prefix: string
  auth: string
  enabled_tools: string
  disabled_tools: string
  on_definition_change: string
  created_at: string
  updated_at: string
  /** Set while a deletion can still be undone. */
  deleted_at: string | null
  /** Of a system integration: by which way and with which values it was set up. Null: it is a custom one. */
  system: string | null
}

interface OfferTable {
  integration_id: string
  tools: string
  prompts: string
  resources: string
  templates: string
  capabilities: string
  instructions: string | null
  updated_at: string
}

interface RestSourceTable {
  integration_id: string
  kind: string
  name: string | null
  url: string | null
  sha256: string
  format: string
  imported_at: string
  /** gzip of the text. */
  document: Buffer
  /** gzip of JSON: text by path. */
  files: Buffer | null
}

interface SecretTable {
  id: string
  integration_id: string
  field: string
  key_id: string
  nonce: Buffer
  ciphertext: Buffer
}

interface AgentTable {
  id: string
  workspace: string
  name: string
  token_sha256: Buffer
  created_at: string
  last_seen_at: string | null
  profile_id: string | null
  discovery_mode: string | null
}

interface ProfileTable {
  id: string
  workspace: string
  name: string
  integrations: string | null
  enabled_tools: string
  disabled_tools: string
  created_at: string
}

interface AuditTable {
  id: Generated<number>
  workspace: string
  at: string
  actor: string
  action: string
  target: string | null
  fields: string
  outcome: string
}
