import { Menu as Base } from '@base-ui/react/menu'
import { ChevronDown, Ellipsis, type LucideIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import { screenTarget } from './focus-screen.ts'
import { useLayers } from './layers.tsx'

export type MenuEntry = 'separator' | MenuAction

interface MenuAction {
  label: string
  icon: LucideIcon
  onSelect: () => void
  /** The words of the key that does the same. */
  keys?: string
  danger?: boolean
  disabled?: boolean
}

export const menuPopup = 'floating min-w-44 origin-(--transform-origin) rounded-panel p-1 outline-none'
export const menuItem =
  'flex h-8 items-center gap-2 rounded-control px-2 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-sunken'

function Entries({ entries }: { entries: readonly MenuEntry[] }) {
  return entries.map((entry, index) =>
    entry === 'separator' ? (
      <Base.Separator key={`separator ${index}`} className="mx-2 my-1 h-px bg-line" />
    ) : (
      <Base.Item
        key={entry.label}
        disabled={entry.disabled ?? false}
        onClick={entry.onSelect}
        className={classes(menuItem, entry.danger && 'text-err')}
      >
        <entry.icon size={16} strokeWidth={1.75} aria-hidden />
        {entry.label}
        {entry.keys && (
          <kbd aria-hidden className="ml-auto pl-4 font-sans text-meta text-muted">
            {entry.keys}
          </kbd>
        )}
      </Base.Item>
    ),
  )
}

/** A dialog that an entry opened has the focus already: the menu must not take it back. */
function isModalOpen(): boolean {
  return document.querySelector('[data-modal]') !== null
}

/** What opens below a button, its right edge at the button's. */
function EndAligned({ entries }: { entries: readonly MenuEntry[] }) {
  const container = useLayers()
  return (
    <Base.Portal container={container}>
      <Base.Positioner align="end" sideOffset={4} className="z-10">
        <Base.Popup className={menuPopup} finalFocus={() => !isModalOpen()}>
          <Entries entries={entries} />
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  )
}

/** The "…" button of a page with its menu. */
export function OverflowMenu({ label, entries }: { label: string; entries: readonly MenuEntry[] }) {
  return (
    <Base.Root>
      <Base.Trigger
        aria-label={label}
        className="inline-flex size-8 flex-none items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-ink data-popup-open:bg-sunken"
      >
        <Ellipsis size={16} strokeWidth={1.75} aria-hidden />
      </Base.Trigger>
      <EndAligned entries={entries} />
    </Base.Root>
  )
}

/** The button again; or the list, when its row is gone and a list that fills its rows anew has given it to another. */
function focusAfterwards(opener: { anchor: HTMLElement; label: string } | undefined): HTMLElement | null {
  if (!opener?.anchor.isConnected || opener.anchor.getAttribute('aria-label') !== opener.label) return screenTarget()
  return opener.anchor
}

/** A button that offers several ways to do what it says. */
export function MenuButton({
  label,
  icon: Icon,
  entries,
  blocked,
}: {
  label: string
  icon: LucideIcon
  entries: readonly MenuEntry[]
  /** Not possible now: stays focusable, opens nothing, says why. */
  blocked?: string | undefined
}) {
  const look = (
    <>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      {label}
      <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
    </>
  )
  if (blocked !== undefined) {
    return (
      <Button look="primary" blocked={blocked}>
        {look}
      </Button>
    )
  }
  return (
    <Base.Root>
      <Base.Trigger render={<Button look="primary" />}>{look}</Base.Trigger>
      <EndAligned entries={entries} />
    </Base.Root>
  )
}

/** One menu for a whole list, shown at the button of the row that asked for it. */
export function AnchoredMenu({
  anchor,
  label,
  entries,
  onClose,
}: {
  anchor: HTMLElement | null
  /** The accessible name of the menu and of its button. */
  label: string
  entries: readonly MenuEntry[]
  onClose: () => void
}) {
  const container = useLayers()
  const popupElement = useRef<HTMLDivElement>(null)
  const opener = useRef<{ anchor: HTMLElement; label: string }>(undefined)
  useEffect(() => {
    if (anchor) opener.current = { anchor, label }
  }, [anchor, label])
  useEffect(() => {
    // Opened by a key: the first entry has the focus, as in any menu that its own button opens.
    if (!anchor?.matches(':focus-visible')) return
    const frame = requestAnimationFrame(() =>
      popupElement.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus(),
    )
    return () => cancelAnimationFrame(frame)
  }, [anchor])
  return (
    <Base.Root open={anchor !== null} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal container={container}>
        <Base.Positioner anchor={anchor} align="end" sideOffset={4} className="z-10">
          <Base.Popup
            ref={popupElement}
            className={menuPopup}
            aria-label={label}
            finalFocus={() => !isModalOpen() && focusAfterwards(opener.current)}
          >
            <Entries entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
