import { TriangleAlert } from 'lucide-react'
import { classes } from '../../ui/classes.ts'
import { countWords } from '../../ui/words.ts'

const inks: Record<string, string> = {
  GET: 'bg-ok-soft text-ok',
  HEAD: 'bg-ok-soft text-ok',
  QUERY: 'bg-ok-soft text-ok',
  POST: 'bg-info-soft text-info',
  PUT: 'bg-warn-soft text-warn',
  PATCH: 'bg-warn-soft text-warn',
  DELETE: 'bg-err-soft text-err',
}

export function MethodBadge({ method }: { method: string }) {
  return (
    <span
      className={classes(
        'inline-block max-w-full truncate rounded-[4px] px-1.5 font-mono text-meta font-medium',
        inks[method] ?? 'bg-sunken text-muted',
      )}
    >
      {method}
    </span>
  )
}

export function WarningCount({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <span className="flex flex-none items-center gap-1 text-meta text-warn" title={countWords(count, 'warning')}>
      <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
      {count}
      <span className="sr-only">{count === 1 ? ' warning' : ' warnings'}</span>
    </span>
  )
}

export function DeprecatedMark() {
  return <span className="flex-none rounded-[4px] bg-sunken px-1.5 text-meta text-muted">deprecated</span>
}
