import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { NewRestSource } from '../../shared/contract/rest.ts'
import { MAX_DOCUMENT_BYTES } from '../../shared/contract/words.ts'
import { describesApi, DOCUMENT_FILE, MAX_DOCUMENT_FILES, SKIPPED_FOLDER } from '../../shared/document-files.ts'
import { unzipDocuments } from '../../shared/unzip-documents.ts'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { CommandContext } from './command-context.ts'
import { UsageError } from './usage-error.ts'

const MIB = 1024 * 1024
const gunzipBytes = promisify(gunzip)

/** A file or folder that was named: as it was typed, and where it is. */
interface Named {
  typed: string
  path: string
}

/** A document that may be read: its bytes, and where it lies beside the others. */
interface Found {
  path: string
  bytes: Uint8Array
}

/**
 * What stands in a file, in a folder or a zip archive, on standard input (`-`). With it goes what was named by `--with`, and
 * nothing else: a document may come from anybody, and its references must not read the files of this machine.
 */
export async function readOpenApiFile(
  { terminal, resolvePath }: CommandContext,
  typed: string,
  others: readonly string[],
): Promise<NewRestSource> {
  const beside = others.map((other) => ({ typed: other, path: resolvePath(other) }))
  if (typed === '-') {
    const document = textOf(await terminal.readBytes(MAX_DOCUMENT_BYTES, 'Standard input'))
    return { kind: 'text', document, ...(beside.length > 0 && { files: await filesBeside(resolvePath('.'), beside) }) }
  }
  const named = { typed, path: resolvePath(typed) }
  const found = await existing(named)
  if (found.isDirectory()) {
    if (others.length > 0) throw new UsageError('A folder is read with all that is in it; --with goes with a file.')
    return rootOf(named, await folderFiles(named, named.path))
  }
  const bytes = await fileBytes(named, found.size)
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) {
    if (others.length > 0) throw new UsageError('An archive is read with all that is in it; --with goes with a file.')
    return rootOf(named, unzipped(named, bytes))
  }
  const document = { name: basename(named.path), text: textOf(await unpacked(named, bytes)) }
  const files = beside.length > 0 && { files: await filesBeside(dirname(named.path), beside, document) }
  return { kind: 'file', name: document.name, document: document.text, ...files }
}

/** The one of several files that describes an API. */
function rootOf(named: Named, found: readonly Found[]): NewRestSource {
  const texts = found.map((file) => ({ path: file.path, text: textOf(file.bytes) }))
  const roots = texts.filter(({ text }) => describesApi(text))
  const [root] = roots
  if (root === undefined) {
    throw unreadable(named, `none of its ${found.length} JSON and YAML files says "openapi" or "swagger" at its top`)
  }
  if (roots.length > 1) {
    const names = roots.slice(0, 10).map((file) => file.path)
    const more = roots.length > names.length ? ` and ${roots.length - names.length} more` : ''
    throw unreadable(named, `it holds several documents: ${names.join(', ')}${more}. Name one, and the rest by --with`)
  }
  const files = texts.length === 1 ? {} : { files: Object.fromEntries(texts.map((file) => [file.path, file.text])) }
  return { kind: 'file', name: basename(root.path), document: root.text, ...files }
}

/** Named by where they are from the document, as its references name them; the document is among them to tell its place. */
async function filesBeside(
  folder: string,
  others: readonly Named[],
  document?: { name: string; text: string },
): Promise<Record<string, string>> {
  const files = new Map<string, string>(document && [[document.name, document.text]])
  let bytes = document?.text.length ?? 0
  for (const other of others) {
    const found = await existing(other)
    const inside = found.isDirectory()
      ? await folderFiles(other, folder)
      : [{ path: pathFrom(folder, other.path), bytes: await fileBytes(other, found.size) }]
    for (const file of inside) {
      bytes += file.bytes.length
      if (bytes > MAX_DOCUMENT_BYTES) throw tooLarge('What is named by --with', bytes)
      files.set(file.path, textOf(file.bytes))
    }
  }
  if (files.size > MAX_DOCUMENT_FILES) throw new UsageError('At most 2,000 files can be given by --with.')
  return Object.fromEntries(files)
}

async function folderFiles(folder: Named, from: string): Promise<Found[]> {
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true })
  const paths = entries
    // No links: they lead anywhere.
    .filter((entry) => entry.isFile() && DOCUMENT_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !SKIPPED_FOLDER.test(pathFrom(folder.path, path)))
    .sort()
  if (paths.length === 0) throw unreadable(folder, 'there is no JSON or YAML file in it')
  if (paths.length > MAX_DOCUMENT_FILES) throw unreadable(folder, 'more than 2,000 files are in it')
  const sizes = await Promise.all(paths.map(async (path) => (await lstat(path)).size))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > MAX_DOCUMENT_BYTES) throw tooLarge(folder.typed, total)
  return await Promise.all(paths.map(async (path) => ({ path: pathFrom(from, path), bytes: await readFile(path) })))
}

function unzipped(named: Named, bytes: Uint8Array): Found[] {
  try {
    return unzipDocuments(bytes)
  } catch (error) {
    throw unreadable(named, messageOf(error).replace(/\.$/, ''))
  }
}

/** Its size is asked before it is read: a file of 100 MB is not taken into memory to be refused. */
async function fileBytes(named: Named, size: number): Promise<Uint8Array> {
  if (size > MAX_DOCUMENT_BYTES) throw tooLarge(named.typed, size)
  try {
    return await readFile(named.path)
  } catch (cause) {
    throw unreadable(named, messageOf(cause), cause)
  }
}

async function existing(named: Named) {
  try {
    return await stat(named.path)
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw unreadable(named, isMissing ? 'there is no such file' : messageOf(cause), cause)
  }
}

async function unpacked(named: Named, bytes: Uint8Array): Promise<Uint8Array> {
  if (!startsWith(bytes, [0x1f, 0x8b])) return bytes
  try {
    return await gunzipBytes(bytes, { maxOutputLength: MAX_DOCUMENT_BYTES })
  } catch (cause) {
    throw unreadable(named, `it can't be unpacked within 32 MiB (${messageOf(cause)})`, cause)
  }
}

/** UTF-8, unless its first bytes say UTF-16, as some tools on Windows write it. */
function textOf(bytes: Uint8Array): string {
  if (startsWith(bytes, [0xff, 0xfe])) return new TextDecoder('utf-16le').decode(bytes)
  return new TextDecoder(startsWith(bytes, [0xfe, 0xff]) ? 'utf-16be' : 'utf-8').decode(bytes)
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte)
}

function pathFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/')
}

function tooLarge(what: string, size: number): AppError {
  const message = `${what} has ${(size / MIB).toFixed(0)} MiB. A document may have 32 MiB, with all files beside it.`
  return new AppError('too_large', { message })
}

function unreadable({ typed }: Named, reason: string, cause?: unknown): AppError {
  return new AppError('invalid_input', { message: `${typed} can't be read: ${reason}.`, cause })
}
