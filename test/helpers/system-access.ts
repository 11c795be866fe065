import { restSecrets } from '../../src/main/integrations/credentials.ts'
import { placeOfField } from '../../src/main/integrations/system-records.ts'
import { Access, SystemClients } from '../../src/main/system/access.ts'
import { SystemRegistry } from '../../src/main/system/registry.ts'
import { writtenEntries } from '../../src/main/system/registry-files.ts'
import { withDefaults } from '../../src/main/system/setup-defaults.ts'
import type { SystemAccess } from '../../src/main/system/system-adapter.ts'
import { systemConnection } from '../../src/main/system/system-connection.ts'
import type { RestRecord } from '../../src/main/store/integrations-store.ts'

interface Given {
  values?: Record<string, unknown>
  credentials?: Record<string, string>
}

/** A system integration as if it were set up with this, by the registry that ships. */
export function systemAccess(
  name: string,
  { values = {}, credentials = {} }: Given,
): SystemAccess & { close(): Promise<void> } {
  const entry = new SystemRegistry(writtenEntries('resources/registry')).find(name)
  const [way] = entry?.ways ?? []
  if (entry === undefined || way === undefined) throw new Error(`There is no system integration ${name}.`)
  const all = withDefaults(way.fields, values)
  const { origins, ...connection } = systemConnection(entry, way, all, new Set(Object.keys({ ...all, ...credentials })))
  const system = { way: way.id, values }
  const record = {
    id: name,
    workspace: 'default',
    name,
    system,
    protocol: 'rest',
    ...connection,
  } as unknown as RestRecord
  const fields = new Map(
    Object.entries(credentials).map(([field, value]) => {
      const place = way.fields.find((one) => one.name === field)
      return [placeOfField(place ?? { name: field }), value]
    }),
  )
  const clients = new SystemClients({ connectTimeoutMs: 5_000 })
  const access = new Access(
    {
      record,
      way,
      origins,
      secrets: () => restSecrets(record, fields),
      secret: (field) => credentials[field],
      redact: (text) => Object.values(credentials).reduce((clean, secret) => clean.replaceAll(secret, '••••'), text),
    },
    clients,
  )
  return Object.assign(access, { close: () => clients.closeAll() })
}
