import { Unzip, UnzipInflate } from 'fflate/browser'
import { MAX_DOCUMENT_BYTES } from './contract/words.ts'
import { DOCUMENT_FILE, MAX_DOCUMENT_FILES, SKIPPED_FOLDER } from './document-files.ts'

/** Unpacked at a time: a thousand times as much comes out of it at most. */
const CHUNK_BYTES = 64 * 1024

/**
 * The documents in an archive, by their paths in it. Threat: an archive of a few KiB that becomes gigabytes. What it says of
 * its sizes may be wrong, and its list may name the same bytes as many files: so it is unpacked from its start to its end,
 * and what comes out is counted; what it says is only good for being refused sooner. Throws a sentence for a person.
 */
export function unzipDocuments(archive: Uint8Array): { path: string; bytes: Uint8Array }[] {
  const unpacked = unzip(archive, (name) => DOCUMENT_FILE.test(name) && !SKIPPED_FOLDER.test(name))
  const files = [...unpacked].map(([path, chunks]) => ({ path: path.replace(/^\/+/, ''), bytes: joined(chunks) }))
  if (files.length === 0) throw new Error('There is no JSON or YAML file in this archive.')
  return files
}

class TooMuch extends Error {}

function unzip(archive: Uint8Array, isWanted: (name: string) => boolean): ReadonlyMap<string, Uint8Array[]> {
  const files = new Map<string, Uint8Array[]>()
  const tooMuch = () => new TooMuch('The files in this archive have more than 32 MiB together.')
  let announced = 0
  let total = 0
  let open = 0
  const reader = new Unzip((file) => {
    if (!isWanted(file.name)) return
    const chunks: Uint8Array[] = []
    files.set(file.name, chunks)
    if (files.size > MAX_DOCUMENT_FILES) throw new TooMuch('There are more than 2,000 files in this archive.')
    announced += file.originalSize ?? 0
    if (announced > MAX_DOCUMENT_BYTES) throw tooMuch()
    file.ondata = (error, chunk, isLast) => {
      if (error !== null) throw error
      total += chunk.length
      if (total > MAX_DOCUMENT_BYTES) throw tooMuch()
      chunks.push(chunk)
      if (isLast) open--
    }
    open++
    file.start()
  })
  reader.register(UnzipInflate)
  try {
    if (archive[0] !== 0x50 || archive[1] !== 0x4b) throw new Error('it does not begin as archives do')
    for (let at = 0; at < archive.length; at += CHUNK_BYTES) {
      reader.push(archive.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= archive.length)
    }
    if (open > 0) throw new Error('it ends within a file')
  } catch (cause) {
    if (cause instanceof TooMuch) throw cause
    throw new Error('This is no zip archive, or it is damaged.', { cause })
  }
  return files
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
