import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * How another program starts `gatehouse` of this package, whatever its own PATH is. The Node that the package brings
 * along stays where it is; the one that runs us may belong to a version manager.
 */
export function launcherOf(packageRoot: string): { command: string; args: string[] } {
  const pinned = join(packageRoot, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const own = 'electron' in process.versions ? 'node' : process.execPath
  return { command: existsSync(pinned) ? pinned : own, args: [join(packageRoot, 'bin', 'gatehouse.mjs')] }
}
