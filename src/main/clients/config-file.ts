import { createHash } from 'node:crypto'
import { readFile, realpath, readlink, stat } from 'node:fs/promises'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'

/** Far more than any configuration has; parsing more would hold up the gateway. */
const MAX_BYTES = 10 * 1024 * 1024
const BOM = '\uFEFF'

/** A configuration as it stands on the disk. */
export interface ConfigFile {
  /** As the client knows it. */
  path: string
  /** Where links lead. */
  target: string
  /** Undefined where there is no such file yet. */
  bytes: Buffer | undefined
  /** Permissions, undefined where there is no such file yet. */
  mode: number | undefined
  /** Names the content. */
  revision: string
}

/** Reads a configuration as bytes; whatever is in the way is an error that says what to do. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  try {
    const target = await realpath(path)
    const found = await stat(target)
    if (!found.isFile()) throw unusable(path, 'it is not a file', 'Move it out of the way')
    if (found.size > MAX_BYTES) throw tooLarge(path)
    const bytes = await readFile(target)
    if (bytes.length > MAX_BYTES) throw tooLarge(path)
    return { path, target, bytes, mode: found.mode & 0o777, revision: revisionOf(bytes) }
  } catch (error) {
    if (error instanceof AppError) throw error
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw unusable(path, reasonOf(error), 'Make it readable')
    const leadsTo = await readlink(path).catch(() => undefined)
    if (leadsTo === undefined)
      return { path, target: path, bytes: undefined, mode: undefined, revision: revisionOf(undefined) }
    throw unusable(path, `it is a link to ${leadsTo}, which does not exist`, 'Make that file or remove the link')
  }
}

/** The text of a configuration, without the mark that some editors put in front of it. */
export function textOf({ path, bytes }: ConfigFile): string {
  if (bytes === undefined) return ''
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    throw unusable(path, isUtf16 ? 'it is UTF-16' : 'it is not UTF-8', 'Save it as UTF-8', error)
  }
}

/** The bytes of a changed text, with that mark where it was. */
export function bytesOf({ bytes }: ConfigFile, text: string): Buffer {
  const marked = bytes?.toString('utf8', 0, 3) === BOM
  return Buffer.from(marked ? BOM + text : text)
}

export function revisionOf(bytes: Buffer | undefined): string {
  return bytes === undefined ? 'none' : createHash('sha256').update(bytes).digest('hex')
}

export function unusable(path: string, reason: string, advice: string, cause?: unknown): AppError {
  return new AppError('invalid_input', {
    message: `${path} can't be used: ${reason}. ${advice}, then try again.`,
    cause,
  })
}

export function changedSinceRead(path: string): AppError {
  return new AppError('in_use', {
    message: `${path} changed since it was read. Look at the change again and repeat it.`,
  })
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

export function reasonOf(error: unknown): string {
  if (hasCode(error, 'EACCES', 'EPERM')) return 'this user has no permission'
  if (hasCode(error, 'ELOOP')) return 'its links lead in a circle'
  if (hasCode(error, 'EROFS')) return 'it is on a read-only disk'
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) return 'the disk is full'
  if (hasCode(error, 'EBUSY')) return 'another program holds it'
  return messageOf(error)
}

function tooLarge(path: string): AppError {
  return unusable(path, `it is larger than ${MAX_BYTES / 1024 / 1024} MiB`, 'Clean it up')
}
