import type { CommandContext } from '../command-context.ts'
import { withClient } from '../with-client.ts'

export async function remove(context: CommandContext, name: string, { yes }: { yes?: boolean }): Promise<number> {
  const { terminal, signal } = context
  await withClient(context, async (client) => {
    // Before the question: nobody should confirm what does not exist.
    await client.integrations.get({ name })
    if (!yes && terminal.interactive && !(await terminal.confirm(`Remove ${name} with its secrets?`, signal))) {
      terminal.note('Nothing was removed.')
      return
    }
    await client.integrations.remove({ name })
    terminal.answer({ removed: name }, () => `Removed ${name} with its secrets.`)
  })
  return 0
}
