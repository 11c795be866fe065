import { unzipSync } from 'fflate/browser'
import { MAX_DOCUMENT_BYTES } from './contract/rest.ts'
import { DOCUMENT_FILE, MAX_DOCUMENT_FILES, SKIPPED_FOLDER } from './document-files.ts'

/**
 * The documents in an archive, by their paths in it. What they unpack to is counted before anything is unpacked, and the
 * library writes no more of a file than it said it would have: an archive cannot grow without end. Throws a sentence for a
 * person.
 */
export function unzipDocuments(archive: Uint8Array): { path: string; bytes: Uint8Array }[] {
  let total = 0
  let count = 0
  const wanted = (name: string): boolean => DOCUMENT_FILE.test(name) && !SKIPPED_FOLDER.test(name)
  const unpacked = unzip(archive, ({ name, originalSize }) => {
    if (!wanted(name)) return false
    total += originalSize
    count += 1
    if (total > MAX_DOCUMENT_BYTES) throw new TooMuch('The files in this archive have more than 32 MiB together.')
    if (count > MAX_DOCUMENT_FILES) throw new TooMuch('There are more than 2,000 files in this archive.')
    return true
  })
  const files = Object.entries(unpacked).map(([path, bytes]) => ({ path: path.replace(/^\/+/, ''), bytes }))
  if (files.length === 0) throw new Error('There is no JSON or YAML file in this archive.')
  return files
}

class TooMuch extends Error {}

function unzip(
  archive: Uint8Array,
  filter: (file: { name: string; originalSize: number }) => boolean,
): Record<string, Uint8Array> {
  try {
    return unzipSync(archive, { filter })
  } catch (cause) {
    if (cause instanceof TooMuch) throw cause
    throw new Error('This is no zip archive, or it is damaged.', { cause })
  }
}
