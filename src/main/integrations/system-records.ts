import type { SystemAdapter } from '../system/system-adapter.ts'
import type { AdapterTool, SystemAccess } from '../system/system-adapter.ts'
import { adapterTools } from '../system/adapter-tools.ts'
import type { RegistryWay, SystemEntry } from '../system/registry-schema.ts'
import { withDefaults } from '../system/setup-values.ts'
import { belongs, systemConnection } from '../system/system-connection.ts'
import { offerOf } from '../rest/rest-offer.ts'
import type { RestRecord } from '../store/integrations-store.ts'
import type { IntegrationRecord, SystemSettings } from '../store/integration-rows.ts'
import type { Offer } from '../upstream/offer.ts'
import type { OwnTools } from '../upstream/own-tools.ts'

/** Before the name of a secret that only the adapter asks for. */
const OWN = 'system.'

/** A system integration of a workspace, with all that the registry says of it. */
export interface SystemRecord {
  record: RestRecord
  entry: SystemEntry
  way: RegistryWay
  origins: readonly string[]
  /** The adapter's tools that belong to this setup. */
  tools: readonly AdapterTool[]
}

interface Parts {
  entry: SystemEntry
  adapter: SystemAdapter | undefined
  settings: SystemSettings
  /** The places of its secrets. */
  sealed: Iterable<string>
}

/** Where the secret of a field is kept. */
export function placeOfField({ name, credential }: { name: string; credential?: string | undefined }): string {
  return credential ?? `${OWN}${name}`
}

/** The stored record as it is served: what the registry says is never stored. Throws where it does not fit any more. */
export function systemRecord(stored: IntegrationRecord, { entry, adapter, settings, sealed }: Parts): SystemRecord {
  const way = entry.ways.find(({ id }) => id === settings.way)
  if (way === undefined) throw new Error(`The registry has no way ${settings.way}.`)
  const values = withDefaults(way.fields, settings.values)
  const places = new Set(sealed)
  const withSecrets = way.fields.filter((field) => field.kind === 'secret' && places.has(placeOfField(field)))
  const given = new Set([...Object.keys(values), ...withSecrets.map(({ name }) => name)])
  const { origins, ...connection } = systemConnection(entry, way, values, given)
  const record: RestRecord = {
    ...stored,
    displayName: entry.display_name,
    description: entry.description,
    category: entry.category,
    logoUrl: '',
    logo: null,
    system: settings,
    protocol: 'rest',
    ...connection,
  }
  const tools = adapter?.tools.filter((tool) => belongs(tool, way, given)) ?? []
  return { record, entry, way, origins, tools }
}

/** What agents see of it. */
export function systemOffer({ record, tools }: Pick<SystemRecord, 'record' | 'tools'>): Offer {
  return offerOf(
    record.rest.tools,
    tools.map(({ definition }) => definition),
  )
}

/** Its tools in code. Undefined: all of its tools are requests. */
export function systemTools({ tools }: SystemRecord, access: () => SystemAccess): OwnTools | undefined {
  return tools.length === 0 ? undefined : adapterTools(tools, access)
}
