import { TriangleAlert } from 'lucide-react'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { hasHidden, withoutHidden } from '../../../shared/hidden-characters.ts'
import { traitsOf } from './tool-kinds.ts'

/** What a tool is called and does, in one line, with what a person should notice about it. */
export function ToolName({ tool, name }: { tool: ToolSummary; name: string }) {
  return (
    <>
      <span className="max-w-full flex-none truncate font-mono text-code font-medium @min-[640px]:max-w-[60%]">
        {withoutHidden(name)}
      </span>
      {(hasHidden(tool.description) || hasHidden(tool.name)) && (
        <span className="flex flex-none items-center gap-1 self-center text-meta text-warn">
          <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
          Hidden characters
        </span>
      )}
      {traitsOf(tool.annotations).map(
        ({ word, loud }) =>
          loud && (
            <span key={word} className="flex-none text-meta text-warn">
              {word}
            </span>
          ),
      )}
      <span className="hidden truncate text-muted @min-[640px]:inline">
        {firstLine(tool.title ?? '') || firstLine(tool.description)}
      </span>
    </>
  )
}

/** What is hidden is shown when the row is open; here it must not turn the line around. */
function firstLine(text: string): string {
  return withoutHidden(text.trimStart().split('\n', 1)[0]?.slice(0, 300) ?? '')
}
