import type { KeyboardEvent, ReactNode } from 'react'
import type { Problem } from '../stores/problem.ts'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import { focusScreen } from './focus-screen.ts'

/** How wide it has to be for both beside each other; in less the pane stands in the place of the list. */
const sides = {
  from660: { list: 'hidden @min-[660px]:flex', pane: '@min-[660px]:max-w-160 @min-[660px]:border-l' },
  from760: { list: 'hidden @min-[760px]:flex', pane: '@min-[760px]:max-w-150 @min-[760px]:border-l' },
} as const

/** A long list, and beside it what is open of it; Escape closes that, and the list has the focus again. */
export function ListWithPane({
  label,
  side,
  children,
  older,
  pane,
  onClose,
  onPointerMove,
}: {
  /** Of the list, for what is said about it. */
  label: string
  side: keyof typeof sides
  children: ReactNode
  /** More of it could not be loaded. */
  older: { problem: Problem | null; load: () => void }
  /** Undefined while nothing is open. */
  pane: ((close: () => void) => ReactNode) | undefined
  onClose: () => void
  onPointerMove?: (target: EventTarget) => void
}) {
  const look = sides[side]
  const close = (): void => {
    onClose()
    focusScreen()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || !pane) return
    event.preventDefault()
    close()
  }
  return (
    <div className="@container flex min-h-0 flex-1 border-t border-line" onKeyDown={onKeyDown}>
      <div
        data-pane
        className={classes('relative flex min-w-0 flex-1 flex-col', pane && look.list)}
        onPointerMove={({ target }) => onPointerMove?.(target)}
      >
        {children}
        {older.problem && (
          <p role="alert" className="flex flex-none items-center gap-3 border-t border-line bg-err-soft px-6 py-1.5">
            <span className="min-w-0 flex-1">
              Older {label.toLowerCase()} could not be loaded: {older.problem.message}
            </span>
            <Button size="small" onClick={older.load}>
              Retry
            </Button>
          </p>
        )}
      </div>
      {pane && <div className={classes('min-w-0 flex-1 border-line', look.pane)}>{pane(close)}</div>}
    </div>
  )
}
