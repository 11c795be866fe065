import { changeDiff } from '../../../shared/change-diff.ts'
import type { Tool, ToolChange } from '../../../shared/contract/tools.ts'
import { colouredDiff } from '../coloured-diff.ts'
import type { CommandContext } from '../command-context.ts'
import { visible } from '../visible.ts'
import { withClient } from '../with-client.ts'
import { counted } from '../words.ts'

export interface ApproveOptions {
  diff?: boolean
  yes?: boolean
}

type ChangedTool = Tool & { change: ToolChange }

/** A text that is compared for longer is shown as a whole, before and after. */
const DIFF_LIMIT_MS = 2_000

/** Approves tools as their server describes them now; asks a person first, and shows what differs. */
export async function approve(
  context: CommandContext,
  name: string,
  names: string[],
  options: ApproveOptions,
): Promise<number> {
  const { terminal, signal } = context
  await withClient(context, async (client) => {
    const { items } = await client.tools.of_integration({ name })
    const waiting = items.filter(
      (tool): tool is ChangedTool => tool.change !== null && (names.length === 0 || names.includes(tool.name)),
    )
    const shown = () => waiting.map((tool) => colouredDiff(diffOf(tool), (style, line) => terminal.styled(style, line)))
    if (options.diff) {
      const changes = waiting.map((tool) => ({ name: tool.name, ...tool.change, flags: tool.flags }))
      terminal.answer({ items: changes }, () => shown().join('\n\n') || 'No tool waits for approval.')
      return
    }
    if (terminal.interactive && !options.yes && waiting.length > 0) {
      for (const tool of waiting) {
        terminal.note(colouredDiff(diffOf(tool), (style, line) => terminal.styledNote(style, line)))
      }
      if (!(await terminal.confirm(`Approve ${counted(waiting.length, 'tool')} of ${name}?`, signal))) {
        terminal.note('Nothing was approved.')
        return
      }
    }
    // What was shown, and nothing that came after it.
    const seen = Object.fromEntries(waiting.map((tool) => [tool.name, tool.change.sha256]))
    await client.tools.approve({ name, names: names.length > 0 ? names : waiting.map((tool) => tool.name), seen })
    const approved = waiting.map((tool) => tool.name)
    terminal.answer({ approved }, () =>
      approved.length === 0 ? 'No tool waits for approval.' : `Approved ${approved.map(visible).join(', ')}.`,
    )
  })
  return 0
}

/** What was approved and what would be, with everything visible that a model would read. */
function diffOf({ name, change: { before, after } }: ChangedTool): string {
  const from = before === null ? null : visible(before)
  const heading = before === null ? 'nothing was approved' : 'approved'
  const label = visible(name)
  return `--- ${label}\t${heading}\n+++ ${label}\tnow\n${changeDiff(from, visible(after), DIFF_LIMIT_MS)}`
}
