import { useMemo } from 'react'
import { changeDiff } from '../../../shared/change-diff.ts'
import type { ToolChange } from '../../../shared/contract/tools.ts'
import { DiffView } from '../../ui/diff-view.tsx'
import { rowButton } from './tool-details.tsx'

/** The page waits for it. */
const DIFF_LIMIT_MS = 500

/** What differs from what was approved, in red and green, and the way to approve it: a native button that the list hears. */
export function ToolChangeView({
  name,
  change,
  stop,
  blocked,
}: {
  name: string
  change: ToolChange
  stop: number
  blocked: string | undefined
}) {
  const diff = useMemo(() => changeDiff(change.before, change.after, DIFF_LIMIT_MS), [change])
  const words = change.kind === 'new' ? 'The server has added this tool' : 'The server has changed this tool'
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-medium text-warn">{words} since you approved its tools.</span>
        <button
          type="button"
          tabIndex={stop}
          data-action="approve"
          disabled={blocked !== undefined}
          title={blocked}
          className={rowButton}
        >
          Approve {change.kind === 'new' ? 'it' : 'the change'}
        </button>
      </p>
      <DiffView diff={diff} label={`What changed in ${name}`} prose />
    </div>
  )
}
