import { ChevronDown, ChevronRight, Eye, EyeOff, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import type { Tool } from '../../../shared/contract/tools.ts'
import { isPattern } from '../../../shared/tool-filter.ts'
import { classes } from '../../ui/classes.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { hasHidden, withoutHidden } from '../../ui/hidden-characters.ts'
import { type Choice, type Verdict } from './tool-filter.ts'
import { traitsOf } from './tool-traits.ts'

const choices: { choice: Choice; label: string }[] = [
  { choice: 'default', label: 'Default' },
  { choice: 'allow', label: 'Allow' },
  { choice: 'block', label: 'Block' },
]

export interface ToolRowProps {
  tool: Tool
  choice: Choice
  verdict: Verdict
  open: boolean
  active: boolean
  height: number
  blocked: string | undefined
}

/** One tool: what it is called and does, what was chosen for it, and whether agents see it and why. */
export const ToolRow = memo(function ToolRow({ tool, choice, verdict, open, active, height, blocked }: ToolRowProps) {
  const stop = active ? 0 : -1
  const Chevron = open ? ChevronDown : ChevronRight
  const hidden = hasHidden(tool.description) || hasHidden(tool.name)
  return (
    <div role="presentation" className="border-b border-line">
      <div
        role="presentation"
        style={{ height: height - 1 }}
        className="grid grid-cols-[16px_minmax(0,1fr)_156px_72px] items-center gap-3 px-6 @min-[640px]:grid-cols-[16px_minmax(0,1fr)_156px_190px]"
      >
        <Chevron size={16} strokeWidth={1.75} aria-hidden className="text-subtle" />
        <span role="gridcell" aria-expanded={open} className="flex min-w-0 items-baseline gap-2.5">
          <span className="max-w-full flex-none truncate font-mono text-code font-medium @min-[640px]:max-w-[60%]">
            {tool.name}
          </span>
          {hidden && (
            <span className="flex flex-none items-center gap-1 self-center text-meta text-warn">
              <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
              Hidden characters
            </span>
          )}
          {traitsOf(tool.annotations)
            .filter(({ loud }) => loud)
            .map(({ word }) => (
              <span key={word} className="flex-none text-meta text-warn">
                {word}
              </span>
            ))}
          <span className="hidden truncate text-muted @min-[640px]:inline">
            {firstLine(tool.title ?? '') || firstLine(tool.description)}
          </span>
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
        <span role="gridcell" className="min-w-0">
          <Effect verdict={verdict} />
        </span>
      </div>
      {open && <ToolDetails tool={tool} verdict={verdict} />}
    </div>
  )
})

function Effect({ verdict }: { verdict: Verdict }) {
  const exposed = verdict.state === 'allowed'
  const Icon = exposed ? Eye : EyeOff
  const why = reason(verdict)
  return (
    <span className={classes('flex items-center gap-1.5 text-meta', exposed ? 'text-ok' : 'text-muted')} title={why}>
      <Icon size={14} strokeWidth={1.75} aria-hidden className="flex-none" />
      <span className="truncate">
        {exposed ? 'Exposed' : 'Hidden'}
        <span className="hidden @min-[640px]:inline"> - {why}</span>
      </span>
    </span>
  )
}

function ToolDetails({ tool, verdict }: { tool: Tool; verdict: Verdict }) {
  const traits = traitsOf(tool.annotations)
  return (
    <div role="gridcell" className="flex flex-col gap-3 px-13 pt-1 pb-4">
      <p className="max-w-160">
        {tool.description ? (
          <ForeignText>{tool.description}</ForeignText>
        ) : (
          <span className="text-muted">The server gives no description.</span>
        )}
      </p>
      <dl className="grid max-w-200 grid-cols-[130px_minmax(0,1fr)] gap-x-4 gap-y-1 text-meta">
        <dt className="text-muted">Name for agents</dt>
        <dd className="font-mono break-all">{tool.gateway_name}</dd>
        <dt className="text-muted">Filter</dt>
        <dd>
          {verdict.state === 'allowed' ? 'Exposed' : 'Hidden'} - {reason(verdict)}
        </dd>
        {traits.length > 0 && (
          <>
            <dt className="text-muted">The server says</dt>
            <dd>{traits.map(({ word }) => word).join(', ')}</dd>
          </>
        )}
        <dt className="text-muted">Parameters</dt>
        <dd>
          <pre
            tabIndex={-1}
            className="max-h-60 overflow-auto rounded-control bg-sunken p-2 font-mono whitespace-pre-wrap break-words"
          >
            <ForeignText>{JSON.stringify(tool.input_schema, null, 2)}</ForeignText>
          </pre>
        </dd>
      </dl>
    </div>
  )
}

function reason({ state, by }: Verdict): string {
  switch (state) {
    case 'not_in_enabled_tools':
      return 'not in allow list'
    case 'in_disabled_tools':
      return by !== undefined && isPattern(by) ? `blocked by ${by}` : 'blocked'
    case 'allowed':
      if (by === undefined) return 'by default'
      return isPattern(by) ? `allowed by ${by}` : 'in allow list'
  }
}

/** What is hidden is shown when the row is open; here it must not turn the line around. */
function firstLine(text: string): string {
  return withoutHidden(text.trimStart().split('\n', 1)[0]?.slice(0, 300) ?? '')
}
