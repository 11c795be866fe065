import type { ReactNode } from 'react'
import { ConfirmDialog } from './dialog.tsx'

interface LeaveDialogProps {
  /** What `useBlocker` answers `withResolver`. */
  blocker: { status: 'blocked' | 'idle'; proceed?: (() => void) | undefined; reset?: (() => void) | undefined }
  title: string
  /** What would be lost. */
  children: ReactNode
}

/** Asks before a screen is left with something in it that is not stored. */
export function LeaveDialog({ blocker, title, children }: LeaveDialogProps) {
  return (
    <ConfirmDialog
      open={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
      title={title}
      confirm="Leave"
      cancel="Stay"
    >
      {children}
    </ConfirmDialog>
  )
}
