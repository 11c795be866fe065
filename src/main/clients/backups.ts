import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import { hasCode, reasonOf, type ConfigFile } from './config-file.ts'

const KEPT = 5
const MARK = '.gatehouse-backup-'

/** Copies of configurations as they were before we wrote, beside them, readable by their owner alone. */
export class Backups {
  readonly #now: () => Date

  constructor(now: () => Date = () => new Date()) {
    this.#now = now
  }

  /** The newest copy; undefined where there is none. */
  async newest(path: string): Promise<string | undefined> {
    return (await this.#list(path)).at(-1)
  }

  async read(path: string, backup: string): Promise<Buffer> {
    try {
      return await readFile(backup)
    } catch (error) {
      throw new AppError('invalid_input', {
        message: `The copy ${backup} of ${path} can't be read: ${reasonOf(error)}.`,
      })
    }
  }

  /** Keeps what was read, and of all copies the newest five. Answers undefined where there was nothing to keep. */
  async keep({ path, bytes }: ConfigFile): Promise<string | undefined> {
    if (bytes === undefined) return undefined
    const backup = await this.#write(path, bytes)
    const old = (await this.#list(path)).filter((known) => known !== backup).slice(0, -(KEPT - 1))
    await Promise.all(old.map((known) => rm(known, { force: true })))
    return backup
  }

  async discard(backup: string | undefined): Promise<void> {
    if (backup !== undefined) await rm(backup, { force: true })
  }

  async #write(path: string, bytes: Buffer): Promise<string> {
    // Two in one millisecond: the second one is named a millisecond later.
    for (let time = this.#now().getTime(); ; time++) {
      const backup = `${path}${MARK}${new Date(time).toISOString().replaceAll(/[-:.]/g, '')}`
      try {
        await writeFile(backup, bytes, { mode: 0o600, flag: 'wx', flush: true })
        return backup
      } catch (error) {
        if (hasCode(error, 'EEXIST')) continue
        await rm(backup, { force: true }).catch(() => undefined)
        throw new AppError('invalid_input', {
          message: `No copy of ${path} could be kept (${reasonOf(error)}), so it was left as it is.`,
          cause: error,
        })
      }
    }
  }

  /** Oldest first: their names sort by time. */
  async #list(path: string): Promise<string[]> {
    const folder = dirname(path)
    const names = await readdir(folder).catch(() => [])
    const start = basename(path) + MARK
    return names
      .filter((name) => name.startsWith(start) && /^\d{8}T\d{9}Z$/.test(name.slice(start.length)))
      .sort()
      .map((name) => join(folder, name))
  }
}
