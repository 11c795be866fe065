import type { CommandContext } from '../command-context.ts'
import { withClient } from '../with-client.ts'
import { writeNewFile } from '../write-new-file.ts'

/** Prints a REST integration as an OpenAPI 3.1 document, or writes it to a file that must not be there yet unless `force`. */
export async function exportOpenApi(
  context: CommandContext,
  name: string,
  path: string | undefined,
  { force = false }: { force?: boolean },
): Promise<number> {
  const { terminal } = context
  const document = await withClient(context, (client) => client.openapi.export({ name }))
  const text = JSON.stringify(document, null, 2)
  if (path === undefined) {
    terminal.answer(document, () => text)
    return 0
  }
  await writeNewFile(context, path, `${text}\n`, force)
  terminal.answer({ written: path }, () => `Wrote ${path}. It holds no secrets.`)
  return 0
}
