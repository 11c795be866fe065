import { writeFile } from 'node:fs/promises'
import { AppError } from '../../base/app-error.ts'
import type { CommandContext } from '../command-context.ts'
import { withClient } from '../with-client.ts'

/** Prints the configuration of the workspace, or writes it to a file that must not be there yet unless `force`. */
export async function exportDocument(
  context: CommandContext,
  path: string | undefined,
  { force = false }: { force?: boolean },
): Promise<number> {
  const { terminal } = context
  const answer = await withClient(context, (client) => client.transfer.export())
  if (path === undefined) {
    terminal.answer(answer, () => answer.document.trimEnd())
    return 0
  }
  try {
    await writeFile(path, answer.document, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const reason = isThere ? 'it is there already. Use --force to replace it.' : String(error)
    throw new AppError('invalid_input', { message: `${path} can't be written: ${reason}`, cause: error })
  }
  terminal.answer({ written: path }, () => `Wrote ${path}. It holds no secrets.`)
  return 0
}
