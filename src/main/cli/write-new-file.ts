import { writeFile } from 'node:fs/promises'
import { AppError } from '../base/app-error.ts'

/** Writes a file that must not be there yet, unless `force`. */
export async function writeNewFile(path: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const reason = isThere ? 'it is there already. Use --force to replace it.' : String(error)
    throw new AppError('invalid_input', { message: `${path} can't be written: ${reason}`, cause: error })
  }
}
