import { writeFile } from 'node:fs/promises'
import { AppError } from '../base/app-error.ts'
import type { CommandContext } from './command-context.ts'

/** Writes a file that must not be there yet, unless `force`. */
export async function writeNewFile(
  { resolvePath }: CommandContext,
  path: string,
  text: string,
  force: boolean,
): Promise<void> {
  try {
    await writeFile(resolvePath(path), text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const reason = isThere ? 'it is there already. Use --force to replace it.' : String(error)
    throw new AppError('invalid_input', { message: `${path} can't be written: ${reason}`, cause: error })
  }
}
