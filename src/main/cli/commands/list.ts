import type { CommandContext } from '../command-context.ts'
import { statusColour, statusWord, targetOf } from '../status-words.ts'
import { table } from '../table.ts'
import { withClient } from '../with-client.ts'

export async function list(context: CommandContext): Promise<number> {
  const { terminal } = context
  const answer = await withClient(context, (client) => client.integrations.list())
  terminal.answer(answer, () => {
    const rows = answer.items.map((integration) => [
      integration.name,
      terminal.styled(statusColour(integration), statusWord(integration)),
      String(integration.connection.tool_count),
      targetOf(integration),
    ])
    const heads = ['NAME', 'STATUS', 'TOOLS', 'CONNECTS TO'].map((head) => terminal.styled('bold', head))
    return table([heads, ...rows], terminal.columns)
  })
  return 0
}
