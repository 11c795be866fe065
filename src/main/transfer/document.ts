import { isScalar, parseDocument as parse, stringify, visit, type Document } from 'yaml'
import { z } from 'zod'
import { AgentName, DiscoveryMode } from '../../shared/contract/agents.ts'
import {
  NewMcpIntegration,
  NewRestIntegration,
  RestSettings,
  type Integration,
} from '../../shared/contract/integrations.ts'
import { NewProfile, Profile } from '../../shared/contract/profiles.ts'
import { RestParameter, RestTool } from '../../shared/contract/rest.ts'
import { SettingsChanges, type Settings } from '../../shared/contract/settings.ts'
import { EXPORT_VERSION } from '../../shared/contract/transfer.ts'
import { AppError } from '../base/app-error.ts'
import { issueDetails } from '../base/issue-details.ts'
import { withoutOpenSecrets, type OpenTarget } from './open-secrets.ts'

const exported = {
  status: z.enum(['active', 'disabled']).default('active'),
  /** Places of secrets that it needs: `api_token`, `api_key`, `env.NAME`, `headers.NAME`. */
  secrets: z.array(z.string().max(300)).max(10_000).default([]),
}
const ExportedMcpIntegration = z.strictObject({ ...NewMcpIntegration.omit({ credentials: true }).shape, ...exported })
/** With its tools, and without the document that they were imported from: that one is compared with where it is. */
const ExportedRestIntegration = z.strictObject({
  ...NewRestIntegration.omit({ credentials: true }).shape,
  rest: RestSettings.omit({ source: true }),
  ...exported,
})
/** An integration as it stands in an export: everything but its secrets, of which the names are kept. */
export const ExportedIntegration = z.discriminatedUnion('protocol', [ExportedMcpIntegration, ExportedRestIntegration])
export type ExportedIntegration = z.output<typeof ExportedIntegration>

/** One that blocks nothing says so by leaving it out. */
export const ExportedProfile = NewProfile.extend({ disabled_tools: Profile.shape.disabled_tools.default([]) })
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
  merge_instructions: true,
  record_bodies: true,
  call_retention_days: true,
  max_message_mib: true,
  agent_concurrency: true,
  agent_calls_per_minute: true,
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
/** Lines, items and names together: reading more would keep agents waiting. Thousands of integrations have fewer. */
const MAX_PARTS = 200_000
const PART = /[\n,[{]|[-?:]\s/g

/** Reads YAML, or JSON, which is YAML. Throws `invalid_input` with line and column. */
export function parseDocument(text: string): unknown {
  if (partsOf(text) > MAX_PARTS) {
    throw refusal(
      `This document has more than ${MAX_PARTS.toLocaleString('en')} lines and values, the most that is read.`,
    )
  }
  try {
    // The parser compares each name with all before it, which takes a minute for a few thousand: that is done below.
    const options = { schema: 'core', prettyErrors: false, uniqueKeys: false } as const
    const document = parse(text, options)
    const fault = document.errors[0] ?? doubleIn(document)
    if (fault !== undefined) throw fault
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown
  } catch (error) {
    throw refusal(`This is neither JSON nor YAML: ${placed(text, error)}`)
  }
}

function partsOf(text: string): number {
  let parts = 0
  PART.lastIndex = 0
  while (parts <= MAX_PARTS && PART.test(text)) parts++
  return parts
}

/** A name that stands twice in one place: which of the two is meant? */
function doubleIn(document: Document): Error | undefined {
  let fault: Error | undefined
  visit(document, {
    Map: (_key, { items }) => {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key
        if (seen.has(name)) {
          fault = Object.assign(new Error('Map keys must be unique'), { pos: isScalar(key) ? key.range : undefined })
          return visit.BREAK
        }
        seen.add(name)
      }
      return undefined
    },
  })
  return fault
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
  /** Those that are set up, by name. */
  system: readonly string[]
  /** Replaces every secret that the vault knows. */
  redact: (text: string) => string
}): string {
  const document = {
    gatehouse: EXPORT_VERSION,
    integrations: parts.integrations
      .map((integration) => exportedIntegration(integration, parts.redact))
      .map((integration) =>
        integration.protocol === 'mcp'
          ? withoutDefaults(ExportedMcpIntegration)(integration)
          : { ...withoutDefaults(ExportedRestIntegration)(integration), rest: shortRest(integration.rest) },
      ),
    profiles: parts.profiles
      .map(({ name, integrations, enabled_tools, disabled_tools }) => ({
        name,
        integrations,
        enabled_tools,
        disabled_tools,
      }))
      .map(withoutDefaults(ExportedProfile)),
    agents: parts.agents.map(withoutDefaults(ExportedAgent)),
    settings: z.object(ExportedSettings.shape).parse(parts.settings),
  }
  // Some secret may also have been written where none belongs, for example into a description.
  return parts.redact(note(parts.system) + stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
}

/** Their setup ends in a verified connection, which a text can not have: whoever applies it is told what is left to do. */
function note(system: readonly string[]): string {
  if (system.length === 0) return ''
  return `# System integrations are not in it: ${system.join(', ')}. Set them up where this is applied.\n`
}

/** What the vault keeps and what only looks like a secret are named, and their values stay here. */
function exportedIntegration(integration: Integration, redact: (text: string) => string): ExportedIntegration {
  const { status, credentials } = integration
  const target = targetOf(integration)
  if (target === undefined) {
    throw new AppError('internal', { message: `${integration.name} has no connection to export.` })
  }
  const { target: shown, hidden } = withoutOpenSecrets(target, redact)
  return {
    name: integration.name,
    display_name: integration.display_name,
    description: integration.description,
    logo_url: integration.logo_url,
    category: integration.category,
    ...shown,
    auth_type: integration.auth_type,
    auth_header_prefix: integration.auth_header_prefix,
    auth: integration.auth,
    enabled_tools: integration.enabled_tools,
    disabled_tools: integration.disabled_tools,
    on_definition_change: integration.on_definition_change,
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

/** What an integration of the API leads to, its tools included. Undefined: a system one that is not set up. */
export function targetOf({ mcp, rest }: Pick<Integration, 'mcp' | 'rest'>): OpenTarget | undefined {
  if (mcp !== null) return { protocol: 'mcp', mcp }
  if (rest === null) return undefined
  const { source: _source, tools = [], ...settings } = rest
  return { protocol: 'rest', rest: { ...settings, tools } }
}

/** Its tools as well without what parsing would put back: there may be thousands. */
function shortRest(rest: z.output<typeof ExportedRestIntegration>['rest']): Record<string, unknown> {
  return withoutDefaults(ExportedRestIntegration.shape.rest)({
    ...rest,
    tools: rest.tools.map((tool) => ({
      ...withoutDefaults(RestTool)(tool),
      ...(tool.parameters.length > 0 && { parameters: tool.parameters.map(withoutDefaults(RestParameter)) }),
    })),
  })
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
