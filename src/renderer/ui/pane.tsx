import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { usePaneFocus } from './use-pane-focus.ts'

/** What is open beside a list: its name, a way to close it, and what is known of it. It takes the focus when it opens. */
export function Pane({
  label,
  title,
  close,
  onClose,
  children,
}: {
  label: string
  title: ReactNode
  /** The words of the button that closes it. */
  close: string
  onClose: () => void
  children: ReactNode
}) {
  const pane = usePaneFocus()
  return (
    <section
      ref={pane}
      tabIndex={-1}
      data-pane
      aria-label={label}
      className="flex h-full min-h-0 flex-col gap-4 overflow-y-auto px-5 py-3 outline-none"
    >
      <div className="flex flex-none items-start gap-2">
        <h2 className="min-w-0 flex-1 pt-1 text-strong font-semibold wrap-anywhere">{title}</h2>
        <IconButton icon={X} label={close} onClick={onClose} />
      </div>
      {children}
    </section>
  )
}
