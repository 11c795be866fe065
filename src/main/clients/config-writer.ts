import { rm } from 'node:fs/promises'
import type { Logger } from '../base/log.ts'
import type { Backups } from './backups.ts'
import { readConfigFile, revisionOf, type ConfigFile } from './config-file.ts'
import { ensureReplaceable, replaceFile } from './replace-file.ts'

/** What others may do with a file. */
const OTHERS = 0o077

/** Replaces configurations: a copy first, and a way back. */
export class ConfigWriter {
  readonly #backups: Backups
  readonly #log: Logger

  constructor(backups: Backups, log: Logger) {
    this.#backups = backups
    this.#log = log
  }

  /**
   * Keeps a copy and replaces the content; answers how to take that back. The same content is not written. With a token in
   * it, it is `private` from then on: other users of this machine reach the gateway as well, if they can read the token.
   */
  async write(
    file: ConfigFile,
    content: Buffer,
    { private: isPrivate = false }: { private?: boolean } = {},
  ): Promise<() => Promise<void>> {
    if (revisionOf(content) === file.revision) return () => Promise.resolve()
    await ensureReplaceable(file)
    const backup = await this.#backups.keep(file)
    try {
      const { mode } = file
      await replaceFile(isPrivate && mode !== undefined ? { ...file, mode: mode & ~OTHERS } : file, content)
    } catch (error) {
      await this.#backups.discard(backup)
      throw error
    }
    this.#log.info({ path: file.path, backup }, 'a client configuration was changed')
    return () => this.#takeBack(file, content, backup)
  }

  /** Only what is still ours is taken back: who changed it since keeps that, and the copy. */
  async #takeBack(file: ConfigFile, content: Buffer, backup: string | undefined): Promise<void> {
    try {
      const written = { ...file, bytes: content, revision: revisionOf(content) }
      if (file.bytes !== undefined) await replaceFile(written, file.bytes)
      else if ((await readConfigFile(file.path)).revision === written.revision) await rm(file.target)
      await this.#backups.discard(backup)
    } catch (error) {
      this.#log.warn({ error, path: file.path, backup }, 'a client configuration could not be put back')
    }
  }
}
