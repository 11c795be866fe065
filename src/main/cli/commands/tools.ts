import type { CommandContext } from '../command-context.ts'
import { firstLine, table } from '../table.ts'
import { visible } from '../visible.ts'
import { withClient } from '../with-client.ts'
import { counted } from '../words.ts'

export interface ToolsOptions {
  held?: boolean
}

export async function tools(
  context: CommandContext,
  query: string | undefined,
  { held: onlyHeld = false }: ToolsOptions,
): Promise<number> {
  const { terminal } = context
  const all = await withClient(context, (client) =>
    client.tools.list({ hidden: true, ...(query !== undefined && { query }) }),
  )
  const held = all.items.filter(({ state }) => state === 'held')
  const items = onlyHeld ? held : all.items.filter(({ state }) => state === 'allowed')
  if (items.length === 0) terminal.note(nothingWords(query, onlyHeld))
  if (items.length > 0 || terminal.json) {
    terminal.answer({ ...all, items }, () =>
      table(
        items.map((tool) => [terminal.styled('bold', tool.gateway_name), visible(firstLine(tool.description))]),
        terminal.columns,
      ),
    )
  }
  if (!onlyHeld) {
    for (const [integration, count] of countHeld(held)) {
      const verb = count === 1 ? 'is' : 'are'
      terminal.note(
        `${counted(count, 'tool')} of ${integration} ${verb} held until you approve: gatehouse approve ${integration}`,
      )
    }
  }
  return 0
}

function nothingWords(query: string | undefined, onlyHeld: boolean): string {
  if (onlyHeld) return 'No tool is held.'
  return query === undefined ? 'No tools are served yet.' : 'No tool matches.'
}

function countHeld(held: readonly { integration: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { integration } of held) counts.set(integration, (counts.get(integration) ?? 0) + 1)
  return counts
}
