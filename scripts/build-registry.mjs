import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writtenEntries } from '../src/main/system/registry-files.ts'
import { root } from './paths.mjs'

const written = join(root, 'resources', 'registry')
/** In the folder of the build that is named. */
const built = join(process.argv[2], 'resources', 'registry')

/** A file of the registry that is not valid would keep every installation from starting, so none is built with one. */
try {
  const entries = writtenEntries(written)
  mkdirSync(built, { recursive: true })
  for (const entry of entries) writeFileSync(join(built, `${entry.name}.json`), JSON.stringify(entry))
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
