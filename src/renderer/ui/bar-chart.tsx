import { lazy, Suspense } from 'react'
import { classes } from './classes.ts'

const Bars = lazy(() => import('./bars.tsx'))

/** How much there was, and how much of it failed. */
export interface Bar {
  total: number
  failed: number
}

/** A picture of figures. Its label says what they come to, and the same stands beside it as text. */
export function BarChart({
  label,
  bars,
  height,
  className,
}: {
  label: string
  bars: readonly Bar[]
  height: number
  className?: string
}) {
  return (
    <div role="img" aria-label={label} className={classes('border-b border-line', className)} style={{ height }}>
      <Suspense>
        <Bars bars={bars} height={height - 1} />
      </Suspense>
    </div>
  )
}
