import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writtenEntries } from '../src/main/system/registry-files.ts'
import { root } from './paths.mjs'

const written = join(root, 'resources', 'registry')
const built = join(root, 'out', 'resources', 'registry')

/** A file of the registry that is not valid would keep every installation from starting, so none is built with one. */
try {
  const entries = writtenEntries(written)
  rmSync(built, { recursive: true, force: true })
  mkdirSync(built, { recursive: true })
  for (const entry of entries) writeFileSync(join(built, `${entry.name}.json`), JSON.stringify(entry))
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
