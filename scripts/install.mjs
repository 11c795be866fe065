import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './paths.mjs'
import { run, step } from './progress.mjs'

/** Installs what package-lock.json asks for when that is not what node_modules holds. */
export async function ensureInstalled() {
  if (isInstalled()) return
  await step('Installing packages', () =>
    // npm is a .cmd file on Windows, which needs a shell there; the arguments are constants.
    run(process.platform === 'win32' ? 'npm.cmd ci' : 'npm', process.platform === 'win32' ? [] : ['ci'], {
      cwd: root,
      quiet: true,
      shell: process.platform === 'win32',
    }),
  )
}

/**
 * npm writes what it has installed to node_modules/.package-lock.json at the very end: an interrupted install has none.
 * Contents are compared, not times: a checkout of another branch touches the lock file without changing it.
 */
function isInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedFile)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (path === '') return true
    const found = installed[path]
    // An optional package that is absent is meant for another platform.
    return found ? found.version === version : Boolean(optional || devOptional || peer)
  })
}
