import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { Slug } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'

/** One integration that ships with Gatehouse: a YAML file in `resources/registry`. */
const SystemEntry = z.strictObject({
  name: Slug,
  display_name: z.string().min(1),
  description: z.string().min(1),
  category: z.string().min(1),
})
export type SystemEntry = z.infer<typeof SystemEntry>

/** The integrations that every workspace has. Their names are reserved. */
export class SystemRegistry {
  /** Ordered by name. */
  readonly entries: readonly SystemEntry[]

  private constructor(entries: SystemEntry[]) {
    this.entries = entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Reads the folder once. A broken file is a broken installation: it is named, and nothing starts. */
  static load(directory: string): SystemRegistry {
    const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'))
    return new SystemRegistry(files.map((file) => readEntry(join(directory, file))))
  }

  find(name: string): SystemEntry | undefined {
    return this.entries.find((entry) => entry.name === name)
  }
}

function readEntry(path: string): SystemEntry {
  try {
    return SystemEntry.parse(parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new AppError('internal', {
      message: `The registry file ${path} is not valid. Install Gatehouse again.`,
      cause,
    })
  }
}
