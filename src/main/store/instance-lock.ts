import { AppError } from '../base/app-error.ts'
import type { DataDir } from '../base/data-dir.ts'
import { holdExclusively } from './database.ts'

/**
 * One running gateway for each data directory: two writers would undo each other's work. Keep the lock referenced: one
 * that is garbage-collected is released.
 */
export class InstanceLock {
  readonly release: () => void

  private constructor(release: () => void) {
    this.release = release
  }

  /** Takes the directory for this process, or says who has it. */
  static take(dataDir: DataDir, options: { nativeBinding?: string | undefined } = {}): InstanceLock {
    const release = holdExclusively(dataDir.lockFile, options)
    if (release !== undefined) return new InstanceLock(release)
    const run = dataDir.readRunFile()
    const who = run === undefined ? 'Another Gatehouse' : `Another Gatehouse (pid ${run.pid}, ${run.mcp_url})`
    throw new AppError('in_use', {
      message: `${who} is running on the data directory ${dataDir.path}. End it first, or choose another with --data-dir.`,
    })
  }
}
