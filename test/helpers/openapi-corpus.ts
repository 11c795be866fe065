import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'

const FOLDER = join(import.meta.dirname, '../data/openapi')

export interface CorpusEntry {
  id: string
  /** Below test/data/openapi. */
  file: string
  /** `either`: a clear error, or every operation that can be used. */
  expect: 'tools' | 'error' | 'either'
  /** As the document has it; `-`: none that is known. */
  version: string
  /** Undefined where the document can't be used. */
  operations: number | undefined
  notes: string
}

/** All of INDEX.tsv. */
export const corpus: readonly CorpusEntry[] = readFileSync(join(FOLDER, 'INDEX.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [file = '', id = '', expect = '', , version = '', , operations = '', notes = ''] = line.split('\t')
    const count = operations === '-' ? undefined : Number(operations)
    return { id, file: stored(file), expect: expect as CorpusEntry['expect'], version, operations: count, notes }
  })

/** One document by its id, with its path among the files of its folder where it came with others; both are as dropped. */
export function corpusSpec(id: string): { text: string; files: Record<string, string> } {
  const entry = corpus.find((each) => each.id === id)
  if (entry === undefined) throw new Error(`There is no document ${id} in the corpus.`)
  const [folder = ''] = entry.file.split('/')
  return { text: textOf(entry.file), files: entry.file.includes('/') ? filesIn(folder) : {} }
}

function stored(file: string): string {
  return existsSync(join(FOLDER, file)) ? file : `${file}.gz`
}

function textOf(file: string): string {
  const bytes = readFileSync(join(FOLDER, file))
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

/** By path below the folder, the document itself among them. */
function filesIn(folder: string): Record<string, string> {
  const top = join(FOLDER, folder)
  const found = readdirSync(top, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  const paths = found.map((file) => relative(top, join(file.parentPath, file.name)).replaceAll('\\', '/'))
  return Object.fromEntries(paths.map((path) => [path, textOf(join(folder, path))]))
}
