import { Gunzip, strFromU8, unzipSync } from 'fflate'
import { MAX_DOCUMENT_BYTES } from './contract/rest.ts'
import { normalisedPath } from './spec-paths.ts'

const MAX_FILES = 2000
/** Each may unpack to a thousand times as much. */
const CHUNK = 4 * 1024
const TEXT_FILE = /\.(json|ya?ml)$/i
/** What a Mac and version control put beside files. */
const HIDDEN = /(^|\/)(\.[^/]+|__MACOSX|node_modules)(\/|$)/

/** An API document and what was dropped with it, by path. The document is among them, so that references lead back to it. */
export interface SpecFileSet {
  /** The path of the document. */
  main: string
  text: string
  files: Record<string, string>
  /** Documents among the files, the likeliest first: where there are several, somebody has to choose. */
  candidates: string[]
}

/** What can't be unpacked, with a sentence for a person. */
export class SpecFilesError extends Error {
  override readonly name = 'SpecFilesError'
}

/**
 * Reads a file as it was dropped: a zip archive, gzip, or plain text. Threat: an archive that unpacks without end (sizes are
 * bounded while it is unpacked, whatever it says of itself) or names paths outside (paths are only names here, and those
 * are left out).
 */
export function unpackSpecFiles(bytes: Uint8Array, name = ''): SpecFileSet {
  if (startsWith(bytes, 'PK\x03\x04')) return specFileSet(unzipped(bytes))
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const text = strFromU8(isGzip ? gunzipped(bytes) : bytes)
  const path = normalisedPath(name.replaceAll('\\', '/').replace(/\.gz$/i, '')) || 'openapi'
  return { main: path, text, files: { [path]: text }, candidates: [path] }
}

/** Of files that were dropped together, as texts by path. Throws where none of them is an API document. */
export function specFileSet(files: Readonly<Record<string, string>>): SpecFileSet {
  const given = Object.entries(files).map(([path, text]): [string, string] => [normalisedPath(path), text])
  const candidates = given
    .filter(([, text]) => isSpec(text))
    .map(([path]) => path)
    .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
  const [main] = candidates
  const all = Object.fromEntries(given)
  const text = main === undefined ? undefined : all[main]
  if (main === undefined || text === undefined) {
    throw new SpecFilesError('None of these files is an OpenAPI or Swagger document (.json, .yaml or .yml).')
  }
  return { main, text, files: all, candidates }
}

function unzipped(bytes: Uint8Array): Record<string, string> {
  let size = 0
  let count = 0
  let entries: Record<string, Uint8Array>
  try {
    entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const path = pathIn(name)
        if (path === undefined || !TEXT_FILE.test(path) || HIDDEN.test(path)) return false
        count++
        // The library writes no more than this of an entry, though there be more in it.
        size += originalSize
        if (count > MAX_FILES) throw new SpecFilesError(`This archive has more than ${MAX_FILES} files. Take some out.`)
        if (size > MAX_DOCUMENT_BYTES) throw tooLarge()
        return true
      },
    })
  } catch (error) {
    if (error instanceof SpecFilesError) throw error
    throw new SpecFilesError('This zip archive can not be unpacked: it is damaged, or protected by a password.')
  }
  return Object.fromEntries(
    Object.entries(entries).map(([name, content]) => [pathIn(name) ?? name, strFromU8(content)]),
  )
}

/** Undefined: it leads outside of the archive. */
function pathIn(name: string): string | undefined {
  const slashed = name.replaceAll('\\', '/')
  if (slashed.startsWith('/') || /^[a-z]:/i.test(slashed)) return undefined
  const path = normalisedPath(slashed)
  return path === '' || path.startsWith('../') || path === '..' ? undefined : path
}

function gunzipped(bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = []
  let size = 0
  const gunzip = new Gunzip((chunk) => {
    size += chunk.length
    if (size > MAX_DOCUMENT_BYTES) throw tooLarge()
    chunks.push(chunk)
  })
  try {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      gunzip.push(bytes.subarray(at, at + CHUNK), at + CHUNK >= bytes.length)
    }
  } catch (error) {
    if (error instanceof SpecFilesError) throw error
    throw new SpecFilesError('This gzip archive can not be unpacked: it is damaged.')
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** Whether a text looks like a document of its own, without parsing it: the version is a member of the root. */
function isSpec(text: string): boolean {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text
  if (!/^\s*\{/.test(plain)) return /^["']?(openapi|swagger)["']?[ \t]*:/m.test(plain)
  if (!/"(openapi|swagger)"\s*:/.test(plain)) return false
  try {
    const root = JSON.parse(plain) as Record<string, unknown>
    return root.openapi !== undefined || root.swagger !== undefined
  } catch {
    return true
  }
}

/** Near the top and with a usual name comes first. */
function rank(path: string): number {
  const depth = path.split('/').length
  const isUsual = /(^|\/)(openapi|swagger|api|index|main|root|spec)\.[a-z]+$/i.test(path)
  return 2 * depth - (isUsual ? 1 : 0)
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Array.from(text).every((character, index) => bytes[index] === character.charCodeAt(0))
}

function tooLarge(): SpecFilesError {
  return new SpecFilesError(
    `Unpacked this is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB, the most that is read.`,
  )
}
