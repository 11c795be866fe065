import { join } from 'node:path'
import { SystemRegistry } from '../src/main/system/registry.ts'
import { root } from './paths.mjs'

/** A file of the registry that is not valid would keep every installation from starting, so none is built with one. */
try {
  SystemRegistry.load(join(root, 'resources', 'registry'))
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
