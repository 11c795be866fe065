import { CircleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Problem } from '../stores/problem.ts'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import { CopyButton } from './copy-button.tsx'

const SKELETON_AFTER_MS = 150

/** Rows in the shape of what is coming. Nothing at first: most answers come before anybody could read a skeleton. */
export function SkeletonRows({ rows = 6, height = 44 }: { rows?: number; height?: number }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      {shown &&
        Array.from({ length: rows }, (_, index) => (
          <div key={index} style={{ height }} className="flex items-center gap-3 border-b border-line px-6">
            <div className="skeleton size-7" />
            <div className="skeleton h-3 w-40" />
            <div className="skeleton ml-auto h-3 w-24" />
          </div>
        ))}
    </div>
  )
}

/** One sentence and at most one action. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center text-muted">
      <p className="max-w-100 text-balance wrap-anywhere">{children}</p>
      {action}
    </div>
  )
}

/** What failed, the cause's own words, and what to do. */
export function ErrorState({
  title,
  problem,
  onRetry,
  flush,
}: {
  title: string
  problem: Problem
  onRetry?: () => void
  /** Without a margin: it stands among other things. */
  flush?: boolean
}) {
  return (
    <div role="alert" className={classes('flex gap-3 rounded-panel bg-err-soft p-4', !flush && 'm-6')}>
      <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none text-err" />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-err">{title}</p>
        <p className="break-words">{problem.message}</p>
        <div className="mt-3 flex gap-2">
          {onRetry && (
            <Button size="small" onClick={onRetry}>
              Retry
            </Button>
          )}
          <CopyButton size="small" text={`${title}\n${problem.code}: ${problem.message}`}>
            Copy details
          </CopyButton>
        </div>
      </div>
    </div>
  )
}
