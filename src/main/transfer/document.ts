import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { AgentName, DiscoveryMode } from '../../shared/contract/agents.ts'
import { NewIntegration, type Integration } from '../../shared/contract/integrations.ts'
import { NewProfile, type Profile } from '../../shared/contract/profiles.ts'
import { SettingsChanges, type Settings } from '../../shared/contract/settings.ts'
import { EXPORT_VERSION } from '../../shared/contract/transfer.ts'
import { looksSecret } from '../../shared/secret-names.ts'
import { AppError } from '../base/app-error.ts'
import { issueDetails } from '../base/issue-details.ts'

/** An integration as it stands in an export: everything but its secrets, of which the names are kept. */
export const ExportedIntegration = z.strictObject({
  ...NewIntegration.omit({ credentials: true, protocol: true }).shape,
  status: z.enum(['active', 'disabled']).default('active'),
  /** Places of secrets that it needs: `api_token`, `api_key`, `env.NAME`, `headers.NAME`. */
  secrets: z.array(z.string().max(300)).max(1000).default([]),
})
export type ExportedIntegration = z.output<typeof ExportedIntegration>

export const ExportedProfile = NewProfile
export const ExportedAgent = z.strictObject({
  name: AgentName,
  /** By its name; null: every tool. */
  profile: z.string().nullable().default(null),
  discovery_mode: DiscoveryMode.nullable().default(null),
})
export type ExportedAgent = z.output<typeof ExportedAgent>
/** What belongs to a machine (port, start at login) is not part of an export. */
export const ExportedSettings = SettingsChanges.pick({
  discovery_mode: true,
  record_bodies: true,
  call_retention_days: true,
})
export type ExportedSettings = z.output<typeof ExportedSettings>

/** The outside of a document; what is in its lists is judged one by one, so that each problem has its place. */
const Outside = z.strictObject({
  gatehouse: z.int(),
  integrations: z.array(z.unknown()).max(10_000).default([]),
  profiles: z.array(z.unknown()).max(10_000).default([]),
  agents: z.array(z.unknown()).max(10_000).default([]),
  settings: z.unknown().optional(),
})
export type ExportDocument = z.output<typeof Outside>

/** Aliases make a small text a huge value ("billion laughs"); the parser stops at this many. */
const MAX_ALIASES = 100

/** Reads YAML, or JSON, which is YAML. Throws `invalid_input` with line and column. */
export function parseDocument(text: string): unknown {
  try {
    return parse(text, { schema: 'core', maxAliasCount: MAX_ALIASES, prettyErrors: false }) as unknown
  } catch (error) {
    throw refusal(`This is neither JSON nor YAML: ${placed(text, error)}`)
  }
}

/** The parts of an export of ours. Throws `invalid_input` for one of a newer version and for anything else. */
export function readExport(value: unknown): ExportDocument {
  const version = typeof value === 'object' && value !== null && 'gatehouse' in value ? value.gatehouse : undefined
  if (typeof version === 'number' && version > EXPORT_VERSION) {
    throw refusal(
      `This export was made by a newer Gatehouse (format ${version}; this one reads ${EXPORT_VERSION}). Update Gatehouse.`,
    )
  }
  if (version !== EXPORT_VERSION) {
    throw refusal(
      `This is neither a Gatehouse export ("gatehouse: ${EXPORT_VERSION}") nor a configuration with "mcpServers".`,
    )
  }
  const parsed = Outside.safeParse(value)
  if (parsed.success) return parsed.data
  const details = issueDetails(parsed.error.issues)
  throw new AppError('invalid_input', { message: `The export is not valid. ${said(details[0])}`, details })
}

/** The text of an export: what was left at its default is left out. */
export function writeExport(parts: {
  integrations: readonly Integration[]
  profiles: readonly Profile[]
  agents: readonly ExportedAgent[]
  settings: Settings
}): string {
  const { discovery_mode, record_bodies, call_retention_days } = parts.settings
  const document = {
    gatehouse: EXPORT_VERSION,
    integrations: parts.integrations.map(exportedIntegration).map(withoutDefaults(ExportedIntegration)),
    profiles: parts.profiles
      .map(({ name, integrations, enabled_tools, disabled_tools }) => ({
        name,
        integrations,
        enabled_tools,
        disabled_tools,
      }))
      .map(withoutDefaults(ExportedProfile)),
    agents: parts.agents.map(withoutDefaults(ExportedAgent)),
    settings: { discovery_mode, record_bodies, call_retention_days },
  }
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
}

/**
 * A plain variable or header that looks like a secret is one that its admin kept in the open; an export goes further than
 * that, so its value stays here and its name joins the secrets.
 */
export function exportedIntegration(integration: Integration): ExportedIntegration {
  const { mcp, status, credentials } = integration
  if (mcp === null) throw new AppError('internal', { message: `${integration.name} has no connection to export.` })
  const place = mcp.transport === 'stdio' ? 'env' : 'headers'
  const values = Object.entries(mcp.transport === 'stdio' ? mcp.env : mcp.headers)
  const open = Object.fromEntries(values.filter(([name, value]) => !looksSecret(name, value)))
  const hidden = values.filter(([name, value]) => looksSecret(name, value)).map(([name]) => `${place}.${name}`)
  return {
    name: integration.name,
    display_name: integration.display_name,
    description: integration.description,
    logo_url: integration.logo_url,
    category: integration.category,
    mcp: { ...mcp, [place]: open },
    auth_type: integration.auth_type,
    auth_header_prefix: integration.auth_header_prefix,
    auth: integration.auth,
    enabled_tools: integration.enabled_tools,
    disabled_tools: integration.disabled_tools,
    status,
    secrets: [...secretPlaces(credentials), ...hidden].sort(),
  }
}

/** The places of stored secrets, read off their masks. */
export function secretPlaces(credentials: Integration['credentials']): string[] {
  return Object.entries(credentials).flatMap(([key, value]) =>
    typeof value === 'string' ? [key] : Object.keys(value).map((name) => `${key}.${name}`),
  )
}

/** Leaves out what parsing would put back. */
function withoutDefaults<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  return (value: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(value).filter(([key, member]) => {
        const field = schema.shape[key] as z.ZodType | undefined
        const absent = field?.safeParse(undefined)
        return !(absent?.success === true && JSON.stringify(absent.data) === JSON.stringify(member))
      }),
    )
}

function said(detail: { path: string; message: string } | undefined): string {
  return detail === undefined ? '' : `${detail.path}: ${detail.message}`
}

function refusal(message: string): AppError {
  return new AppError('invalid_input', { message, details: [{ path: 'document', message }] })
}

/** The parser's words with the place; without its excerpt of the text, which may hold anything. */
function placed(text: string, error: unknown): string {
  const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
  const offset =
    typeof error === 'object' && error !== null && 'pos' in error && Array.isArray(error.pos)
      ? Number(error.pos[0])
      : undefined
  if (offset === undefined) return reason
  const before = text.slice(0, offset).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${reason}`
}
