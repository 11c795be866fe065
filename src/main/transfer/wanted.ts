import type { z } from 'zod'
import type { NewIntegration, NewMcpIntegration, NewRestIntegration } from '../../shared/contract/integrations.ts'
import type { NewProfile } from '../../shared/contract/profiles.ts'
import { integrationOfEntry } from '../clients/integration-of-entry.ts'
import { readServerEntry } from '../clients/server-entry.ts'
import { slugOf } from '../clients/slug-of.ts'
import { issueDetails } from '../base/issue-details.ts'
import {
  ExportedAgent,
  ExportedIntegration,
  ExportedProfile,
  ExportedSettings,
  readExport,
  type ExportDocument,
} from './document.ts'

/** One thing that a document asks for, or why that part of it can't be used. */
export type Wanted<Value> = { name: string; value: Value } | { name: string; problem: string }

export interface WantedIntegration {
  input: NewIntegration
  /** What the document says something about; everything else of an integration that exists stays. */
  covers: readonly CoveredField[]
  status: 'active' | 'disabled' | undefined
  secrets: readonly string[]
}

export type CoveredField = Exclude<
  keyof NewMcpIntegration | keyof NewRestIntegration,
  'name' | 'protocol' | 'credentials'
>

export interface WantedParts {
  integrations: Wanted<WantedIntegration>[]
  profiles: Wanted<NewProfile>[]
  agents: Wanted<ExportedAgent>[]
  settings: Wanted<ExportedSettings>[]
}

/** A client's configuration speaks of connections; names, filters and whether it is on are the admin's own. */
const CONNECTION: readonly CoveredField[] = ['auth_type', 'auth_header_prefix', 'auth']
const OF_A_CLIENT: readonly CoveredField[] = ['mcp', ...CONNECTION]
const OF_AN_EXPORT: readonly CoveredField[] = [
  ...CONNECTION,
  'display_name',
  'description',
  'logo_url',
  'category',
  'enabled_tools',
  'disabled_tools',
  'on_definition_change',
]

/** What a document asks for: an export of ours, or the `{"mcpServers": …}` object of MCP clients. */
export function readWanted(value: unknown): WantedParts {
  if (typeof value === 'object' && value !== null && 'mcpServers' in value) return ofClient(value.mcpServers)
  return ofExport(readExport(value))
}

function ofClient(servers: unknown): WantedParts {
  const entries = typeof servers === 'object' && servers !== null ? Object.entries(servers) : []
  const serverBySlug = new Map<string, string>()
  const integrations = entries.map(([server, entry]): Wanted<WantedIntegration> => {
    const name = slugOf(server)
    const other = serverBySlug.get(name)
    if (other !== undefined) {
      return { name: server, problem: `"${other}" and "${server}" would both be named ${name}. Rename one.` }
    }
    serverBySlug.set(name, server)
    const read = readServerEntry(entry)
    if ('problem' in read) return { name: server, problem: read.problem }
    // What stands in a document is meant as it stands: it must not pull values out of our environment.
    const place = { home: '', env: {}, platform: process.platform }
    const reading = integrationOfEntry(server, read.entry, { place, placeholders: 'none' })
    if ('problem' in reading) return { name: server, problem: reading.problem }
    return { name, value: { input: reading.input, covers: OF_A_CLIENT, status: undefined, secrets: [] } }
  })
  return { integrations, profiles: [], agents: [], settings: [] }
}

function ofExport(document: ExportDocument): WantedParts {
  return {
    integrations: withoutDoubles(
      readAll('integrations', document.integrations, ExportedIntegration, ({ status, secrets, ...input }) => ({
        input,
        covers: [input.protocol, ...OF_AN_EXPORT],
        status,
        secrets,
      })),
    ),
    profiles: withoutDoubles(readAll('profiles', document.profiles, ExportedProfile, (profile) => profile)),
    agents: withoutDoubles(readAll('agents', document.agents, ExportedAgent, (agent) => agent)),
    settings:
      document.settings === undefined
        ? []
        : readAll('settings', [document.settings], ExportedSettings, (settings) => settings).map((one) => ({
            ...one,
            name: 'settings',
          })),
  }
}

function readAll<Schema extends z.ZodType, Value>(
  list: string,
  items: readonly unknown[],
  schema: Schema,
  toValue: (parsed: z.output<Schema>) => Value,
): Wanted<Value>[] {
  return items.map((item, index) => {
    const given = typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined
    const name = typeof given === 'string' && given !== '' ? given.slice(0, 64) : `${list}.${index}`
    const parsed = schema.safeParse(item)
    if (parsed.success) return { name, value: toValue(parsed.data) }
    const facts = issueDetails(parsed.error.issues)
    return {
      name,
      problem: facts.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join(' '),
    }
  })
}

function withoutDoubles<Value>(items: Wanted<Value>[]): Wanted<Value>[] {
  const seen = new Set<string>()
  return items.map((item) => {
    if (!seen.has(item.name)) {
      seen.add(item.name)
      return item
    }
    return { name: item.name, problem: `The name ${item.name} stands twice in this document. Rename one.` }
  })
}
