import { ChevronDown, ChevronRight, CircleAlert } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import type { PreviewTool } from '../../../shared/contract/openapi.ts'
import { withoutHidden } from '../../../shared/hidden-characters.ts'
import { TriStateBox } from '../../ui/tri-state-box.tsx'
import { countWords } from '../../ui/words.ts'
import { DeprecatedMark, MethodBadge, WarningCount } from './operation-marks.tsx'

const columns =
  'grid items-center gap-2 pr-6 pl-4 grid-cols-[24px_16px_60px_minmax(0,1fr)_56px] @min-[640px]:grid-cols-[24px_16px_60px_minmax(0,1.1fr)_minmax(0,1fr)_64px] @min-[640px]:gap-3'

/** A tag with how much of it is selected. */
export const TagRow = memo(function TagRow({
  tag,
  total,
  selected,
  share,
  open,
  active,
  height,
}: {
  tag: string
  total: number
  selected: number
  share: 'all' | 'some' | 'none'
  open: boolean
  active: boolean
  height: number
}) {
  const Chevron = open ? ChevronDown : ChevronRight
  const words = tag === '' ? 'Without a tag' : withoutHidden(tag)
  return (
    <div
      role="presentation"
      style={{ height }}
      className="grid grid-cols-[24px_16px_minmax(0,1fr)_auto] items-center gap-2 border-b border-line bg-bg pr-6 pl-4 @min-[640px]:gap-3"
    >
      <span role="gridcell" data-action="select" className="flex size-6 items-center justify-center">
        <TriStateBox share={share} aria-label={`Select all of ${words}`} tabIndex={active ? 0 : -1} readOnly />
      </span>
      <Chevron size={16} strokeWidth={1.75} aria-hidden className="text-subtle" />
      <span role="gridcell" className="truncate font-semibold" title={words}>
        {words}
      </span>
      <span role="gridcell" className="text-meta text-muted tabular-nums">
        {selected.toLocaleString('en')} of {total.toLocaleString('en')}
      </span>
    </div>
  )
})

/** One operation: where it is, what the tool is called and does, and what it costs. `details` stand below it while it is open. */
export const OperationRow = memo(function OperationRow({
  tool,
  name,
  tokens,
  problem,
  selected,
  active,
  height,
  details,
}: {
  tool: PreviewTool
  name: string
  tokens: number
  problem: string | undefined
  selected: boolean
  active: boolean
  height: number
  details?: ReactNode
}) {
  const open = details !== undefined
  const Chevron = open ? ChevronDown : ChevronRight
  const path = withoutHidden(tool.operation?.path ?? tool.path)
  const line = (
    <div
      role="presentation"
      style={{ height: open ? height - 1 : height }}
      className={open ? columns : `${columns} border-b border-line`}
    >
      <span role="gridcell" data-action="select" className="flex size-6 items-center justify-center">
        <input
          type="checkbox"
          aria-label={`Select ${tool.method} ${path}`}
          tabIndex={active ? 0 : -1}
          readOnly
          checked={selected}
          className="size-4"
        />
      </span>
      <Chevron size={16} strokeWidth={1.75} aria-hidden className="text-subtle" />
      <span role="gridcell" className="flex">
        <MethodBadge method={tool.method} />
      </span>
      <span role="gridcell" aria-expanded={open} className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-mono text-code" title={path}>
          {path}
        </span>
        {tool.operation?.deprecated && <DeprecatedMark />}
        <WarningCount count={tool.warnings.length} />
      </span>
      <span role="gridcell" className="hidden min-w-0 items-center gap-1.5 @min-[640px]:flex">
        {problem !== undefined && (
          <span className="flex-none text-err" title={problem}>
            <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
            <span className="sr-only">{problem}</span>
          </span>
        )}
        <span className="max-w-full flex-none truncate font-mono text-code font-medium" title={name}>
          {name}
        </span>
        <span className="hidden truncate text-muted @min-[900px]:inline">{summaryOf(tool)}</span>
      </span>
      <span
        role="gridcell"
        className="text-right text-meta text-muted tabular-nums"
        title={`About ${countWords(tokens, 'token')} in an agent's context`}
      >
        {tokens.toLocaleString('en')}
        <span className="sr-only"> tokens</span>
      </span>
    </div>
  )
  // A closed row is one element less: there are many of them.
  if (!open) return line
  return (
    <div role="presentation" className="border-b border-line">
      {line}
      <div role="gridcell" data-action="none" className="px-13 pt-1 pb-5">
        {details}
      </div>
    </div>
  )
})

/** What is hidden is shown when the row is open; here it must not turn the line around. */
function summaryOf(tool: PreviewTool): string {
  const text = tool.title ?? tool.description
  return withoutHidden(text.trimStart().split('\n', 1)[0]?.slice(0, 300) ?? '')
}
