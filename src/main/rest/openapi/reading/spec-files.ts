import type { ImportWarning } from '../../../../shared/contract/openapi.ts'
import { joinedPath, normalisedPath } from '../../../../shared/spec-paths.ts'
import { isObject } from '../../../base/is-object.ts'
import { messageOf } from '../../../base/message-of.ts'
import { readText } from './read-text.ts'

export interface SpecFiles {
  /** Of the document among the files; empty: it is not among them. */
  path: string
  parsed: Map<string, unknown>
  warnings: ImportWarning[]
}

/**
 * Of all files that were dropped with a document, those that it refers to, directly or by way of others. The rest is not even
 * parsed: a whole repository may have been dropped. A file that can't be read counts as not given, with a warning.
 */
export function readFiles(root: unknown, text: string, given: Readonly<Record<string, string>>): SpecFiles {
  const texts = new Map(Object.entries(given).map(([path, content]) => [normalisedPath(path), content]))
  const path = [...texts].find(([, content]) => content === text)?.[0] ?? ''
  const parsed = new Map<string, unknown>()
  const warnings: ImportWarning[] = []
  const known = new Set([path])
  const waiting: [path: string, value: unknown][] = texts.size === 0 ? [] : [[path, root]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [from, value] = next
    for (const reference of referencesIn(value)) {
      const target = joinedPath(from, reference)
      const content = target === undefined ? undefined : texts.get(target)
      if (target === undefined || content === undefined || known.has(target)) continue
      known.add(target)
      try {
        const read = readText(content)
        parsed.set(target, read.value)
        waiting.push([target, read.value])
        for (const message of read.warnings) warnings.push(warningOf(target, message))
      } catch (error) {
        warnings.push(warningOf(target, messageOf(error)))
      }
    }
  }
  return { path, parsed, warnings }
}

/** The files that texts at `$ref` name, and the mappings of discriminators. Some may be data: then a file is read for nothing. */
function referencesIn(root: unknown): Set<string> {
  const references = new Set<string>()
  const seen = new Set<unknown>()
  const waiting = [root]
  const add = (reference: unknown) => {
    const [file] = typeof reference === 'string' ? reference.split('#', 1) : []
    if (file !== undefined && file !== '') references.add(file)
  }
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (isObject(value)) {
      add(value.$ref)
      if (isObject(value.mapping)) Object.values(value.mapping).forEach(add)
    }
    for (const member of Object.values(value)) waiting.push(member)
  }
  return references
}

function warningOf(path: string, message: string): ImportWarning {
  return { message: `${path}: ${message}`, pointer: '', operation: null }
}
