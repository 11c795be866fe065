import { MAX_DOCUMENT_BYTES } from '../../../shared/contract/words.ts'
import { describesApi, DOCUMENT_FILE, MAX_DOCUMENT_FILES } from '../../../shared/document-files.ts'
import { sizeWords } from '../playground/run-words.ts'
import type { PlacedFile } from './dropped-files.ts'

/** A text that was dropped, with its path beside the others. */
export interface SpecText {
  path: string
  text: string
}

/** What was dropped: the document and what it refers to; or several documents, of which one has to be chosen. */
export interface Spec {
  name: string
  text: string
  /** By path, the document itself included; none if it is alone. */
  files: Record<string, string>
}

/** A sentence for a person about what was dropped. */
class SpecFilesError extends Error {
  override readonly name = 'SpecFilesError'
}

/** Reads what was dropped; an archive is unpacked. Alone a file may have any name; among others only documents count. */
export async function readSpecTexts(placed: readonly PlacedFile[]): Promise<SpecText[]> {
  const [first] = placed
  if (!first) throw new SpecFilesError('There is no file in what was dropped.')
  if (placed.length === 1 && /\.zip$/i.test(first.path)) return await unpack(first.file)
  const wanted = placed.length === 1 ? placed : placed.filter(({ path }) => DOCUMENT_FILE.test(path))
  if (wanted.length === 0) throw new SpecFilesError('There is no JSON or YAML file in what was dropped.')
  if (wanted.length > MAX_DOCUMENT_FILES) {
    throw new SpecFilesError(`${wanted.length.toLocaleString('en')} files were dropped. Drop at most 2,000 together.`)
  }
  checkSize(
    wanted.length === 1 ? first.file.name : 'What was dropped',
    wanted.map(({ file }) => file.size),
  )
  return await Promise.all(wanted.map(async ({ path, file }) => ({ path, text: textOfBytes(await bytesOf(file)) })))
}

/** Which of them describe an API: only they have the field that says so at the top. */
export function documentsAmong(texts: readonly SpecText[]): SpecText[] {
  if (texts.length === 1) return [...texts]
  return texts.filter(({ text }) => describesApi(text))
}

/** The document with all files beside it. It is one of them: that tells its place, to which references are relative. */
export function specOf(root: SpecText, texts: readonly SpecText[]): Spec {
  return {
    name: root.path.split('/').at(-1) ?? root.path,
    text: root.text,
    files: texts.length === 1 ? {} : Object.fromEntries(texts.map(({ path, text }) => [path, text])),
  }
}

/** UTF-8 unless its first bytes say UTF-16, as some tools on Windows write it. */
export function textOfBytes(bytes: Uint8Array): string {
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

function checkSize(what: string, sizes: readonly number[]): void {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total <= MAX_DOCUMENT_BYTES) return
  throw new SpecFilesError(
    `${what} is ${sizeWords(total)} large. A document may have 32 MiB, with all files beside it.`,
  )
}

async function unpack(file: File): Promise<SpecText[]> {
  checkSize(file.name, [file.size])
  const { unzipDocuments } = await import('../../../shared/unzip-documents.ts')
  return unzipDocuments(await bytesOf(file)).map(({ path, bytes }) => ({ path, text: textOfBytes(bytes) }))
}

async function bytesOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch (cause) {
    throw new SpecFilesError(
      `${file.name} could not be read. It may have been moved or changed since it was dropped.`,
      { cause },
    )
  }
}
