import type { CommandContext } from '../command-context.ts'
import { withClient } from '../with-client.ts'
import { writeNewFile } from '../write-new-file.ts'

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
  await writeNewFile(context, path, answer.document, force)
  terminal.answer({ written: path }, () => `Wrote ${path}. It holds no secrets.`)
  return 0
}
