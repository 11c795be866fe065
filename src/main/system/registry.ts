import { readdirSync, readFileSync } from 'node:fs'
import { join, parse as partsOf } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { issueDetails } from '../base/issue-details.ts'
import { messageOf } from '../base/message-of.ts'
import { entryProblems } from './registry-problems.ts'
import { SystemEntry } from './registry-schema.ts'

export type { SystemEntry } from './registry-schema.ts'

/** Findings of one file that are named; more of them help nobody. */
const MOST_NAMED = 5

/** The integrations that every workspace has. Their names are reserved. */
export class SystemRegistry {
  /** Ordered by name. */
  readonly entries: readonly SystemEntry[]
  readonly #byName: ReadonlyMap<string, SystemEntry>

  private constructor(entries: SystemEntry[]) {
    this.entries = entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]))
  }

  /**
   * Reads the folder once: YAML as it is written, or JSON as a build makes of it. A broken file is a broken installation: it
   * is named, and nothing starts.
   */
  static load(directory: string): SystemRegistry {
    const files = readdirSync(directory).filter((file) => /\.(yaml|json)$/.test(file))
    return new SystemRegistry(files.map((file) => readEntry(join(directory, file))))
  }

  find(name: string): SystemEntry | undefined {
    return this.#byName.get(name)
  }
}

function readEntry(path: string): SystemEntry {
  try {
    return parseEntry(contentOf(path), partsOf(path).name)
  } catch (cause) {
    throw new AppError('internal', {
      message: `The registry file ${path} is not valid: ${faultOf(cause)} Install Gatehouse again.`,
      cause,
    })
  }
}

/** What a file says, unchecked. To read YAML takes memory and time that a start has better uses for: a build does it. */
export function contentOf(path: string): unknown {
  const text = readFileSync(path, 'utf8')
  if (partsOf(path).ext === '.json') return JSON.parse(text)
  // With merge keys: ways have much in common.
  return withoutShared(parseYaml(text, { merge: true }))
}

function parseEntry(content: unknown, name: string): SystemEntry {
  const entry = SystemEntry.parse(content)
  const problems =
    entry.name === name ? [] : [{ path: 'name', message: `The file has to be called ${entry.name}.yaml.` }]
  const all = [...problems, ...entryProblems(entry)]
  if (all.length > 0) throw new Error(all.slice(0, MOST_NAMED).map(sentence).join(' '))
  return entry
}

/** Members that begin with `x-` are anchors for the rest of the file, and nothing by themselves. */
function withoutShared(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')))
}

function faultOf(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return `${messageOf(cause).replace(/\.$/, '')}.`
  return issueDetails(cause.issues).slice(0, MOST_NAMED).map(sentence).join(' ')
}

function sentence({ path, message }: { path: string; message: string }): string {
  return path === '' ? message : `${path}: ${message}`
}
