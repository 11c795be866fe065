import { agents } from './agents.ts'
import { audit } from './audit.ts'
import { calls } from './calls.ts'
import { channels } from './channels.ts'
import { clients } from './clients.ts'
import { deliveries } from './deliveries.ts'
import { hookTokens } from './hook-tokens.ts'
import { events, incidents } from './incident-operations.ts'
import { integrations } from './integrations.ts'
import { openapi } from './openapi.ts'
import { profiles } from './profiles.ts'
import { prometheus } from './prometheus.ts'
import { rules } from './rules.ts'
import { settings } from './settings.ts'
import { setup } from './setup.ts'
import { consoleSession, system } from './system.ts'
import { tools } from './tools.ts'
import { transfer } from './transfer.ts'
import { vault } from './vault.ts'
import { workspaces } from './workspaces.ts'

/** Every operation of Gatehouse, once. The window's port, the HTTP API, its OpenAPI document and the CLI come from this. */
export const contract = {
  system,
  integrations,
  setup,
  tools,
  openapi,
  agents,
  profiles,
  clients,
  calls,
  incidents,
  events,
  channels,
  rules,
  deliveries,
  hook_tokens: hookTokens,
  prometheus,
  audit,
  vault,
  workspaces,
  settings,
  transfer,
  console: consoleSession,
}
