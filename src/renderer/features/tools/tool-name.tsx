import type { ToolChange, ToolSummary } from '../../../shared/contract/tools.ts'
import { withoutHidden } from '../../../shared/hidden-characters.ts'
import { traitsOf } from './tool-kinds.ts'
import { ToolMarks } from './tool-marks.tsx'

/** What a tool is called and does, in one line, with what a person should notice about it. */
export function ToolName({ tool, name }: { tool: ToolSummary & { change?: ToolChange | null }; name: string }) {
  return (
    <>
      <span className="max-w-full flex-none truncate font-mono text-code font-medium @min-[640px]:max-w-[60%]">
        {withoutHidden(name)}
      </span>
      <ToolMarks flags={tool.flags} change={tool.change} />
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
