import { readdirSync, readFileSync } from 'node:fs'
import { join, parse as partsOf } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { issueDetails } from '../base/issue-details.ts'
import { messageOf } from '../base/message-of.ts'
import { brokenFile } from './broken-file.ts'
import { entryProblems } from './registry-problems.ts'
import { SystemEntry } from './registry-schema.ts'

/** Findings of one file that are named; more of them help nobody. */
const MOST_NAMED = 5

/** The entries of a folder as people write them, checked. Throws AppError that names the first broken file. */
export function writtenEntries(directory: string): SystemEntry[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'))
  return files.map((file) => readEntry(join(directory, file)))
}

function readEntry(path: string): SystemEntry {
  try {
    return parseEntry(contentOf(path), partsOf(path).name)
  } catch (cause) {
    throw brokenFile(path, faultOf(cause), cause)
  }
}

/** What a file says, unchecked. With merge keys: ways have much in common. */
function contentOf(path: string): unknown {
  return withoutShared(parseYaml(readFileSync(path, 'utf8'), { merge: true }))
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
