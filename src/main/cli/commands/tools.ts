import type { CommandContext } from '../command-context.ts'
import { firstLine, table } from '../table.ts'
import { withClient } from '../with-client.ts'

export async function tools(context: CommandContext, query: string | undefined): Promise<number> {
  const { terminal } = context
  const answer = await withClient(context, (client) => client.tools.list(query === undefined ? {} : { query }))
  if (answer.items.length === 0) terminal.note(query === undefined ? 'No tools are served yet.' : 'No tool matches.')
  if (answer.items.length > 0 || terminal.json) {
    terminal.answer(answer, () =>
      table(
        answer.items.map((tool) => [terminal.styled('bold', tool.gateway_name), firstLine(tool.description)]),
        terminal.columns,
      ),
    )
  }
  return 0
}
