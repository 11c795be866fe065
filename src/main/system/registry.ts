import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokenFile } from './broken-file.ts'
import type { SystemEntry } from './registry-schema.ts'

export type { SystemEntry } from './registry-schema.ts'

/** The integrations that every workspace has. Their names are reserved. */
export class SystemRegistry {
  /** Ordered by name. */
  readonly entries: readonly SystemEntry[]
  readonly #byName: ReadonlyMap<string, SystemEntry>

  constructor(entries: readonly SystemEntry[]) {
    this.entries = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]))
  }

  /**
   * Reads the folder once: JSON as a build has checked and written it, or YAML as it is written, which takes memory and time
   * that a start has better uses for. A broken file is a broken installation: it is named, and nothing starts.
   */
  static async load(directory: string): Promise<SystemRegistry> {
    const files = readdirSync(directory)
    const built = files.filter((file) => file.endsWith('.json')).map((file) => builtEntry(join(directory, file)))
    if (!files.some((file) => file.endsWith('.yaml'))) return new SystemRegistry(built)
    const { writtenEntries } = await import('./registry-files.ts')
    return new SystemRegistry([...built, ...writtenEntries(directory)])
  }

  find(name: string): SystemEntry | undefined {
    return this.#byName.get(name)
  }
}

function builtEntry(path: string): SystemEntry {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as SystemEntry
  } catch (cause) {
    throw brokenFile(path, 'It is no JSON.', cause)
  }
}
