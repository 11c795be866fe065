import { randomBytes } from 'node:crypto'
import { access, constants, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import { changedSinceRead, readConfigFile, reasonOf, unusable, type ConfigFile } from './config-file.ts'

/** A configuration with a token in it is its owner's alone. */
const NEW_FILE_MODE = 0o600
const NEW_FOLDER_MODE = 0o700
const ANY_WRITE_BIT = 0o222

/**
 * Whether it may be replaced. Renaming over a file asks the folder alone, so a file that its owner protects against
 * writing is respected here.
 */
export async function ensureReplaceable({ path, target, bytes, mode = NEW_FILE_MODE }: ConfigFile): Promise<void> {
  try {
    if (bytes !== undefined) {
      if ((mode & ANY_WRITE_BIT) === 0) throw unusable(path, 'it is read-only', 'Make it writable')
      await access(target, constants.W_OK)
    }
    const folder = await nearestFolder(dirname(target))
    const { mode: folderMode } = await stat(folder)
    // Windows keeps no such permissions of folders.
    if (process.platform !== 'win32' && (folderMode & ANY_WRITE_BIT) === 0) {
      throw unusable(path, `the folder ${folder} is read-only`, 'Make it writable')
    }
    await access(folder, constants.W_OK)
  } catch (error) {
    throw error instanceof AppError ? error : unusable(path, reasonOf(error), 'Make it writable')
  }
}

/**
 * Puts other content in the place of what was read: written aside, flushed and renamed, so that neither a reader nor a
 * power cut meets half of it. Throws `in_use` where the file is no longer what was read. Links stay links.
 */
export async function replaceFile(file: ConfigFile, content: Buffer): Promise<void> {
  const folder = dirname(file.target)
  const aside = join(folder, `.${basename(file.target)}.gatehouse-${randomBytes(6).toString('hex')}`)
  try {
    await ensureReplaceable(file)
    if (file.bytes === undefined) await mkdir(folder, { recursive: true, mode: NEW_FOLDER_MODE })
    await writeFlushed(aside, content, file.mode ?? NEW_FILE_MODE)
    if ((await readConfigFile(file.path)).revision !== file.revision) throw changedSinceRead(file.path)
    await rename(aside, file.target)
    await flushFolder(folder)
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined)
    throw error instanceof AppError ? error : unusable(file.path, reasonOf(error), 'Remove the cause')
  }
}

async function writeFlushed(path: string, content: Buffer, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode)
  try {
    // The mode at opening is narrowed by the umask of this process.
    await handle.chmod(mode)
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** After this the new name survives a power cut too. Windows opens no folders. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The folder itself, or the one that it would be made in. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    await stat(folder)
    return folder
  } catch (error) {
    const parent = dirname(folder)
    if (parent === folder) throw error
    return await nearestFolder(parent)
  }
}
