import type { CommandContext } from '../command-context.ts'
import { statusColour, statusWord, targetOf } from '../status-words.ts'
import { table } from '../table.ts'
import { withClient } from '../with-client.ts'

export async function list(context: CommandContext): Promise<number> {
  const { terminal } = context
  await withClient(context, async (client, core) => {
    const answer = await client.integrations.list()
    terminal.answer(answer, () => {
      const rows = answer.items.map((integration) => [
        integration.name,
        terminal.styled(statusColour(integration, core), statusWord(integration, core)),
        String(integration.connection.tool_count),
        targetOf(integration),
      ])
      const heads = ['NAME', 'STATUS', 'TOOLS', 'CONNECTS TO'].map((head) => terminal.styled('bold', head))
      return table([heads, ...rows], terminal.columns)
    })
  })
  return 0
}
