import type { AdapterTool, SystemAccess } from '../system/system-adapter.ts'
import { adapterTools } from '../system/adapter-tools.ts'
import type { RegistryWay, SystemEntry } from '../system/registry-schema.ts'
import { offerOf } from '../rest/rest-offer.ts'
import type { RestRecord } from '../store/integrations-store.ts'
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

/** Where the secret of a field is kept. */
export function placeOfField({ name, credential }: { name: string; credential?: string | undefined }): string {
  return credential ?? `${OWN}${name}`
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
