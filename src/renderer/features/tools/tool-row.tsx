import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import type { Tool } from '../../../shared/contract/tools.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { ExposureCell } from './exposure.tsx'
import { rowButton, ToolDetails } from './tool-details.tsx'
import type { Choice, Verdict } from './tool-filter.ts'
import { ToolChangeView } from './tool-change-view.tsx'
import { ToolName } from './tool-name.tsx'
import { verdictWords } from './verdict-words.ts'

const columns =
  'grid grid-cols-[24px_16px_minmax(0,1fr)_156px_72px] items-center gap-2 pr-6 pl-4 @min-[640px]:grid-cols-[24px_16px_minmax(0,1fr)_156px_200px] @min-[640px]:gap-3'

const choices: { choice: Choice; label: string }[] = [
  { choice: 'default', label: 'Default' },
  { choice: 'allow', label: 'Allow' },
  { choice: 'block', label: 'Block' },
]

const ownActions = [
  { action: 'duplicate', label: 'Duplicate' },
  { action: 'remove', label: 'Delete' },
] as const

export interface ToolRowProps {
  tool: Tool
  choice: Choice
  verdict: Verdict
  selected: boolean
  open: boolean
  active: boolean
  height: number
  blocked: string | undefined
  /** It is made here: it can be changed and deleted. */
  own: boolean
}

/** One tool: what it is called and does, what was chosen for it, and whether agents see it and why. */
export const ToolRow = memo(function ToolRow(props: ToolRowProps) {
  const { tool, choice, verdict, selected, open, active, height, blocked, own } = props
  const stop = active ? 0 : -1
  const Chevron = open ? ChevronDown : ChevronRight
  const exposed = verdict.state === 'allowed'
  const why = verdictWords(verdict)
  const line = (
    <div
      role="presentation"
      style={{ height: open ? height - 1 : height }}
      className={open ? columns : `${columns} border-b border-line`}
    >
      {/* The whole cell is the hit area; one click, whichever of the two it meets. */}
      <span role="gridcell" data-action="select" className="flex size-6 items-center justify-center">
        <input
          type="checkbox"
          aria-label={`Select ${tool.name}`}
          tabIndex={stop}
          readOnly
          checked={selected}
          className="size-4"
        />
      </span>
      <Chevron size={16} strokeWidth={1.75} aria-hidden className="text-subtle" />
      <span role="gridcell" aria-expanded={open} className="flex min-w-0 items-baseline gap-2.5">
        <ToolName tool={tool} name={tool.name} />
      </span>
      <span role="gridcell">
        <span role="group" aria-label={`Filter for ${tool.name}`} className="flex rounded-control bg-sunken p-0.5">
          {choices.map(({ choice: own, label }) => (
            <button
              key={own}
              type="button"
              tabIndex={stop}
              data-action={own}
              aria-pressed={own === choice}
              disabled={blocked !== undefined}
              title={blocked}
              className="h-6 rounded-[5px] px-2 text-meta text-muted hover:text-ink disabled:opacity-60 aria-pressed:bg-surface aria-pressed:font-medium aria-pressed:text-ink aria-pressed:ring-1 aria-pressed:ring-line"
            >
              {label}
            </button>
          ))}
        </span>
      </span>
      <ExposureCell exposed={exposed} why={why} />
    </div>
  )
  // A closed row is one element less: there are many of them.
  if (!open) return line
  return (
    <div role="presentation" className="border-b border-line">
      {line}
      <ToolDetails
        tool={tool}
        why={`${exposed ? 'Exposed' : 'Hidden'} - ${why}`}
        head={tool.change && <ToolChangeView name={tool.name} change={tool.change} stop={stop} blocked={blocked} />}
      >
        <dt className="text-muted">Parameters</dt>
        <dd>
          <pre
            tabIndex={0}
            aria-label={`Parameters of ${tool.name}`}
            className="max-h-60 overflow-auto rounded-control bg-sunken p-2 font-mono whitespace-pre-wrap break-words"
          >
            <ForeignText>{JSON.stringify(tool.input_schema, null, 2)}</ForeignText>
          </pre>
        </dd>
        <dt className="sr-only">Open it</dt>
        <dd className="col-span-2 flex flex-wrap gap-2 pt-2">
          {own && (
            <button type="button" tabIndex={stop} data-action="edit" className={rowButton}>
              Edit
            </button>
          )}
          <button type="button" tabIndex={stop} data-action="playground" className={rowButton}>
            Open in Playground
          </button>
          {own &&
            ownActions.map(({ action, label }) => (
              <button
                key={action}
                type="button"
                tabIndex={stop}
                data-action={action}
                disabled={blocked !== undefined}
                title={blocked}
                className={rowButton}
              >
                {label}
              </button>
            ))}
        </dd>
      </ToolDetails>
    </div>
  )
})
