import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { ExposureCell } from './exposure.tsx'
import { rowButton, ToolDetails } from './tool-details.tsx'
import { ToolName } from './tool-name.tsx'
import { type Mend, mendLabels } from './why-hidden.ts'

const columns =
  'grid grid-cols-[16px_minmax(0,1fr)_72px_92px] items-center gap-3 px-6 @min-[640px]:grid-cols-[16px_minmax(0,1fr)_76px_minmax(150px,250px)_88px]'

export interface KnownToolRowProps {
  tool: ToolSummary
  words: string
  exposed: boolean
  mend: Mend | undefined
  open: boolean
  active: boolean
  height: number
  /** Why its integration cannot be enabled now. */
  blocked: string | undefined
}

/** One tool of the workspace: what it is, what it costs, whether agents see it, and the way to change that. */
export const KnownToolRow = memo(function KnownToolRow(props: KnownToolRowProps) {
  const { tool, words, exposed, mend, open, active, height, blocked } = props
  const stop = active ? 0 : -1
  const Chevron = open ? ChevronDown : ChevronRight
  const line = (
    <div
      role="presentation"
      style={{ height: open ? height - 1 : height }}
      className={open ? columns : `${columns} border-b border-line`}
    >
      <Chevron size={16} strokeWidth={1.75} aria-hidden className="text-subtle" />
      <span role="gridcell" aria-expanded={open} className="flex min-w-0 items-baseline gap-2.5">
        <ToolName tool={tool} name={tool.gateway_name} />
      </span>
      <span role="gridcell" className="hidden text-right text-meta text-muted tabular-nums @min-[640px]:block">
        {tool.tokens.toLocaleString('en')} tokens
      </span>
      <ExposureCell exposed={exposed} why={words} />
      <span role="gridcell">
        {mend && (
          <button
            type="button"
            tabIndex={stop}
            data-action={mend}
            disabled={mend === 'enable' && blocked !== undefined}
            title={mend === 'enable' ? (blocked ?? `Enable ${tool.integration}`) : undefined}
            className={rowButton}
          >
            {mendLabels[mend]}
          </button>
        )}
      </span>
    </div>
  )
  // A closed row is one element less: there are many of them.
  if (!open) return line
  return (
    <div role="presentation" className="border-b border-line">
      {line}
      <ToolDetails tool={tool} why={`${exposed ? 'Exposed' : 'Hidden'} - ${words}`}>
        <dt className="sr-only">Open it</dt>
        <dd className="col-span-2 flex gap-2 pt-2">
          <button type="button" tabIndex={stop} data-action="playground" className={rowButton}>
            Open in Playground
          </button>
          <button type="button" tabIndex={stop} data-action="filter" className={rowButton}>
            Edit filter of {tool.integration}
          </button>
        </dd>
      </ToolDetails>
    </div>
  )
})
