import { definitionOf } from '../rest/tool-definition.ts'
import type { SystemAdapters } from './adapters.ts'
import type { SystemEntry } from './registry-schema.ts'

/** The tools of an entry, with all its ways, of which nobody says that they only read. */
export async function sendingTools(entry: SystemEntry, adapters: SystemAdapters): Promise<string[]> {
  const own = (await adapters.of(entry))?.tools.map(({ definition }) => definition) ?? []
  const requests = entry.tools.map(({ needs: _needs, ways: _ways, ...tool }) => definitionOf(tool))
  return [...requests, ...own]
    .filter(({ annotations }) => annotations.readOnlyHint !== true)
    .map(({ name }) => name)
    .sort()
}
