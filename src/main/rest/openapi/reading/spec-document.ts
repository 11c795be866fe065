import type { ImportWarning } from '../../../../shared/contract/openapi.ts'
import { MAX_DOCUMENT_BYTES, MAX_REST_TOOLS } from '../../../../shared/contract/words.ts'
import { joinedPath } from '../../../../shared/spec-paths.ts'
import { AppError } from '../../../base/app-error.ts'
import { isObject } from '../../../base/is-object.ts'
import { escapeSegment, valueAtPointer } from '../json-pointer.ts'
import { readText } from './read-text.ts'
import { readFiles } from './spec-files.ts'
import { formatOf, type SpecFormat } from './spec-format.ts'
import { unreadable } from './unreadable.ts'

/** An OpenAPI or Swagger document that is read, with those of the files beside it that it refers to. */
export interface SpecDocument {
  root: Record<string, unknown>
  format: SpecFormat
  /** `OpenAPI 3.1.0`, `Swagger 2.0`. */
  formatName: string
  /** What it refers to, parsed, by normalised path. The root is among them where it was given as one of the files. */
  files: ReadonlyMap<string, unknown>
  /** Of the root among the files; empty: its name is not known. */
  path: string
  /** What was found wrong on the way, for example a file that could not be read. */
  warnings: ImportWarning[]
}

/** What a reference leads to, and where that stands: the base of the references in it. */
export interface Referred {
  value: unknown
  path: string
  /** JSON Pointer (RFC 6901) in the file `path`. */
  pointer: string
}

/** References to references. Past it they go in a circle, or may as well. */
const MAX_HOPS = 64
const METHOD = /^(get|put|post|delete|options|head|patch|trace|query)$/i
/** What may stand beside a `$ref` without meaning anything for what is referred to. */
const BESIDE_REF = /^(\$ref|summary|description|x-.*)$/

/**
 * Reads the text of a document: JSON, or YAML. `files` is what it may refer to, by path beside it; nothing else is ever
 * looked at. If the document is among them itself, references are relative to its own path. Throws `invalid_input` with a
 * sentence that says what is wrong, and where.
 */
export function readDocument(text: string, files: Readonly<Record<string, string>> = {}): SpecDocument {
  requireSize(text, files)
  const read = readText(text)
  const { format, formatName } = formatOf(read.value)
  const root = read.value as Record<string, unknown>
  requireCount(root)
  const { path, parsed, warnings } = readFiles(root, text, files)
  const own = read.warnings.map((message) => ({ message, pointer: '', operation: null }))
  return { root, format, formatName, files: parsed, path, warnings: [...own, ...warnings] }
}

/** The document counts once, whether or not it is among the files. */
function requireSize(text: string, files: Readonly<Record<string, string>>): void {
  const texts = [text, ...Object.values(files).filter((file) => file !== text)]
  if (texts.reduce((sum, each) => sum + Buffer.byteLength(each), 0) <= MAX_DOCUMENT_BYTES) return
  const what = texts.length === 1 ? 'The document is' : 'The document and its files together are'
  const message = `${what} larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB, the most that is read. Split it.`
  throw new AppError('too_large', { message, details: [{ path: 'spec', message }] })
}

function requireCount({ paths }: Record<string, unknown>): void {
  if (!isObject(paths)) return
  let operations = 0
  for (const item of Object.values(paths)) {
    if (isObject(item)) for (const key of Object.keys(item)) if (METHOD.test(key)) operations++
  }
  if (operations <= MAX_REST_TOOLS) return
  const [found, most] = [operations, MAX_REST_TOOLS].map((count) => count.toLocaleString('en'))
  throw unreadable(`This document has ${found} operations. The most that is read is ${most}: split it.`)
}

/**
 * What `ref`, which stands in the file `fromPath`, leads to; by way of further references where nothing but these stands in
 * its place. Undefined: nowhere, or in a circle, or outside of the document and its files.
 */
export function resolveRef(document: SpecDocument, fromPath: string, ref: string): Referred | undefined {
  let path = fromPath
  let next = ref
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    const found = referredBy(document, path, next)
    if (found === undefined) return undefined
    const further = loneRefIn(found.value)
    if (further === undefined) return found
    path = found.path
    next = further
  }
  return undefined
}

/** The file or URL that `ref` leads to, if that is none of the document's files: to be named, and never to be fetched. */
export function outsideFile(document: SpecDocument, fromPath: string, ref: string): string | undefined {
  return fileOf(document, fromPath, ref) === undefined ? ref.split('#', 1)[0] : undefined
}

function referredBy(document: SpecDocument, fromPath: string, ref: string): Referred | undefined {
  const file = fileOf(document, fromPath, ref)
  if (file === undefined) return undefined
  const hash = ref.indexOf('#')
  const fragment = hash === -1 ? '' : decoded(ref.slice(hash + 1))
  const pointer = fragment.startsWith('/') || fragment === '' ? fragment : anchorIn(file.value, fragment)
  if (pointer === undefined) return undefined
  const value = valueAtPointer(file.value, pointer)
  return value === undefined ? undefined : { value, path: file.path, pointer }
}

function fileOf({ root, path, files }: SpecDocument, fromPath: string, ref: string) {
  const [address = ''] = ref.split('#', 1)
  const target =
    address === '' || address === root.$self ? (address === '' ? fromPath : path) : joinedPath(fromPath, address)
  if (target === undefined) return undefined
  if (target === path) return { value: root, path }
  return files.has(target) ? { value: files.get(target), path: target } : undefined
}

/** The pointer to the schema with this `$anchor` (JSON Schema 2020-12, 8.2.2). */
function anchorIn(root: unknown, anchor: string): string | undefined {
  const waiting: [value: unknown, pointer: string][] = [[root, '']]
  const seen = new Set<unknown>()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, pointer] = next
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (isObject(value) && value.$anchor === anchor) return pointer
    for (const [key, member] of Object.entries(value)) waiting.push([member, `${pointer}/${escapeSegment(key)}`])
  }
  return undefined
}

function loneRefIn(value: unknown): string | undefined {
  if (!isObject(value) || typeof value.$ref !== 'string') return undefined
  return Object.keys(value).every((key) => BESIDE_REF.test(key)) ? value.$ref : undefined
}

/** Without its percent-encoding (RFC 6901, section 6). What is encoded wrongly stays as it is. */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
