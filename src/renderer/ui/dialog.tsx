import { Dialog as Base } from '@base-ui/react/dialog'
import { AlertDialog as AlertBase } from '@base-ui/react/alert-dialog'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import { screenTarget } from './focus-screen.ts'
import { useLayers } from './layers.tsx'

const popup =
  'floating fixed top-[12vh] left-1/2 -ml-(--half) w-(--width) max-h-[76vh] overflow-y-auto rounded-dialog p-6 outline-none'
const narrow = '[--width:min(440px,94vw)] [--half:min(220px,47vw)]'
const wide = '[--width:min(600px,94vw)] [--half:min(300px,47vw)]'

export interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  children: ReactNode
  wide?: boolean
  /** Gets the focus when the dialog opens; by default its first control. */
  initialFocus?: RefObject<HTMLElement | null>
  /** False: what it led to has the focus; by default what opened it gets that back. */
  givesFocusBack?: () => boolean
  /** Only its own buttons close it: for what is shown once. */
  persistent?: boolean
}

export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  wide: isWide,
  initialFocus,
  givesFocusBack,
  persistent,
}: DialogProps) {
  const container = useLayers()
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={persistent ?? false}
      onOpenChange={(next, details) => {
        if (next) return
        if (persistent && details.reason === 'escape-key') details.cancel()
        else onClose()
      }}
    >
      <Base.Portal container={container}>
        <Base.Backdrop className="backdrop fixed inset-0" />
        <Base.Popup
          data-modal
          className={classes(popup, isWide ? wide : narrow)}
          {...(initialFocus ? { initialFocus } : {})}
          {...(givesFocusBack ? { finalFocus: givesFocusBack } : {})}
        >
          <Base.Title className="text-section font-semibold">{title}</Base.Title>
          {description !== undefined && (
            <Base.Description className="mt-1 text-muted" render={<div />}>
              {description}
            </Base.Description>
          )}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-6 flex justify-end gap-2">{children}</div>
}

export interface ConfirmDialogProps {
  open: boolean
  onClose: () => void
  onConfirm: () => void
  title: string
  children: ReactNode
  confirm: string
  cancel?: string
  busy?: boolean
  /** `primary` where nothing is lost for good. */
  look?: 'danger' | 'primary'
  /** Gets the focus once it was confirmed; by default the list of the screen. */
  focusAfterwards?: () => HTMLElement | null
}

/** Asks before what cannot be undone, and names what would be lost. */
export function ConfirmDialog({
  open,
  onClose,
  onConfirm,
  title,
  children,
  confirm,
  cancel = 'Cancel',
  busy,
  look = 'danger',
  focusAfterwards = screenTarget,
}: ConfirmDialogProps) {
  const container = useLayers()
  const popupElement = useRef<HTMLDivElement>(null)
  const confirmed = useRef(false)
  useEffect(() => {
    if (open) confirmed.current = false
  }, [open])
  /** What opened it may be gone with what was confirmed; and a dialog that follows keeps the focus. */
  const finalFocus = (): HTMLElement | null | boolean => {
    if (!confirmed.current) return true
    const another = [...document.querySelectorAll('[data-modal]')].some((modal) => modal !== popupElement.current)
    return another ? false : focusAfterwards()
  }
  return (
    <AlertBase.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertBase.Portal container={container}>
        <AlertBase.Backdrop className="backdrop fixed inset-0" />
        <AlertBase.Popup ref={popupElement} data-modal className={classes(popup, narrow)} finalFocus={finalFocus}>
          <AlertBase.Title className="text-section font-semibold">{title}</AlertBase.Title>
          <AlertBase.Description className="mt-1 text-muted" render={<div />}>
            {children}
          </AlertBase.Description>
          <DialogActions>
            <Button onClick={onClose}>{cancel}</Button>
            <Button
              look={look}
              onClick={() => {
                confirmed.current = true
                onConfirm()
              }}
              busy={busy ?? false}
            >
              {confirm}
            </Button>
          </DialogActions>
        </AlertBase.Popup>
      </AlertBase.Portal>
    </AlertBase.Root>
  )
}
