import { z } from 'zod'
import { Agent } from './agents.ts'
import { Channel } from './channels.ts'
import { DeliveryCounts } from './deliveries.ts'
import { IncidentCounts } from './incidents.ts'
import { Integration } from './integrations.ts'
import { Profile } from './profiles.ts'
import { Rule } from './rules.ts'
import { Settings } from './settings.ts'
import { VaultState } from './vault.ts'
import { CHANGED_TOOLS_NAMED } from './words.ts'
import { Workspace } from './workspaces.ts'

/**
 * What changed, as the API would return it: never a secret, and no work hangs on it. `resync` means that a slow reader
 * missed some: load the lists again.
 */
export const ChangeEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('integration_changed'), integration: Integration }),
  z.object({ type: z.literal('integration_removed'), name: z.string() }),
  z.object({ type: z.literal('tools_changed'), integration: z.string() }),
  /** Its server describes tools otherwise than approved, or has new ones. `held`: agents do not get them until approval. */
  z.object({
    type: z.literal('tool_definition_changed'),
    integration: z.string(),
    /** The tools' own names, the first of them. */
    names: z.array(z.string()).max(CHANGED_TOOLS_NAMED),
    count: z.int().positive(),
    held: z.boolean(),
  }),
  /**
   * A person has to sign in to an integration: it never did, the grant has ended, a tool needs more scopes, or a grant that
   * is not renewed by itself will end soon. `message` says what to do.
   */
  z.object({
    type: z.literal('authorization_needed'),
    integration: z.string(),
    reason: z.enum(['ended', 'scope', 'expires_soon']),
    message: z.string(),
  }),
  z.object({ type: z.literal('agent_changed'), agent: Agent }),
  z.object({ type: z.literal('agent_removed'), id: z.string() }),
  z.object({ type: z.literal('profile_changed'), profile: Profile }),
  z.object({ type: z.literal('profile_removed'), id: z.string() }),
  /** Incidents were opened or changed; `ids` are the first 100 of them. In a storm one event stands for many, at most four a second. */
  z.object({ type: z.literal('incidents_changed'), ids: z.array(z.string()).max(100), counts: IncidentCounts }),
  /** The same of deliveries. */
  z.object({ type: z.literal('deliveries_changed'), ids: z.array(z.string()).max(100), counts: DeliveryCounts }),
  z.object({ type: z.literal('channel_changed'), channel: Channel }),
  z.object({ type: z.literal('channel_removed'), id: z.string() }),
  z.object({ type: z.literal('rule_changed'), rule: Rule }),
  z.object({ type: z.literal('rule_removed'), id: z.string() }),
  z.object({ type: z.literal('hook_tokens_changed') }),
  /** A poll has ended, or stored queries are others. */
  z.object({ type: z.literal('prometheus_changed') }),
  /** Sent to every workspace: the settings belong to the installation. */
  z.object({ type: z.literal('settings_changed'), settings: Settings }),
  z.object({ type: z.literal('vault_changed'), vault: VaultState }),
  /** Sent to every workspace, as is the next one: a console may switch to any of them. */
  z.object({ type: z.literal('workspace_changed'), workspace: Workspace }),
  z.object({ type: z.literal('workspace_removed'), name: z.string() }),
  z.object({ type: z.literal('resync') }),
])
export type ChangeEvent = z.infer<typeof ChangeEvent>
