import { TriangleAlert } from 'lucide-react'
import type { ToolChange, ToolFlag } from '../../../shared/contract/tools.ts'

const flagWords: Record<ToolFlag['kind'], string> = {
  hidden_characters: 'Hidden characters',
  long_description: 'Long description',
  names_other_tool: 'Names another tool',
}
const changeWords: Record<ToolChange['kind'], string> = { changed: 'Changed', new: 'New' }

/** What a person should notice about a tool in passing: that it waits for approval, and what was found in its texts. */
export function ToolMarks({ flags, change }: { flags: readonly ToolFlag[]; change?: ToolChange | null | undefined }) {
  const kinds = [...new Set(flags.map(({ kind }) => kind))]
  return (
    <>
      {change && (
        <span className="flex-none self-center rounded-control bg-warn-soft px-1.5 text-meta font-medium text-warn">
          {changeWords[change.kind]}
        </span>
      )}
      {kinds.map((kind) => (
        <span
          key={kind}
          title={flags.find((flag) => flag.kind === kind)?.message}
          className="flex flex-none items-center gap-1 self-center text-meta text-warn"
        >
          <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
          {flagWords[kind]}
        </span>
      ))}
    </>
  )
}
