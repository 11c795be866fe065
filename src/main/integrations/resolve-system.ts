import type { IntegrationRecord, SystemSettings } from '../store/integration-rows.ts'
import type { RestRecord } from '../store/integrations-store.ts'
import type { SystemEntry } from '../system/registry-schema.ts'
import { withDefaults } from '../system/setup-defaults.ts'
import { belongs } from '../system/setup-fields.ts'
import type { SystemAdapter } from '../system/system-adapter.ts'
import { systemConnection } from '../system/system-connection.ts'
import { placeOfField, type SystemRecord } from './system-records.ts'

interface Parts {
  entry: SystemEntry
  adapter: SystemAdapter | undefined
  settings: SystemSettings
  /** The places of its secrets. */
  sealed: Iterable<string>
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
