import { createTwoFilesPatch } from 'diff'
import type { Tool, ToolChange } from '../../../shared/contract/tools.ts'
import { revealHidden } from '../../../shared/hidden-characters.ts'
import { colouredDiff } from '../coloured-diff.ts'
import type { CommandContext } from '../command-context.ts'
import { withClient } from '../with-client.ts'
import { counted } from '../words.ts'

export interface ApproveOptions {
  diff?: boolean
  yes?: boolean
}

type ChangedTool = Tool & { change: ToolChange }

/** Lines that are the same on both sides, around one that changed. */
const CONTEXT_LINES = 3
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
  const [from, to] = [visible(before ?? ''), visible(after)]
  const label = visible(name)
  const headings = [before === null ? 'nothing was approved' : 'approved', 'now'] as const
  const options = { context: CONTEXT_LINES, timeout: DIFF_LIMIT_MS }
  const patch = createTwoFilesPatch(label, label, `${from}\n`, `${to}\n`, ...headings, options)
  return patch?.replace(/^=+\n/, '') ?? `--- ${label}\n${signed('-', from)}\n+++ ${label}\n${signed('+', to)}`
}

function signed(sign: string, text: string): string {
  return text
    .split('\n')
    .map((line) => sign + line)
    .join('\n')
}

/** `⟨U+200B⟩` where a character cannot be seen. */
function visible(text: string): string {
  return revealHidden(text)
    .map((part) => (part.hidden ? `⟨${part.text}⟩` : part.text))
    .join('')
}
