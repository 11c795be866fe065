import { type ReactNode, type RefObject, useEffect } from 'react'

/** A form, and beside it, or below where there is no room, what it leads to. */
export function EditorBody({
  label,
  form,
  aside,
  place,
  isNew,
}: {
  label: string
  form: ReactNode
  aside: ReactNode
  /** Where the form is. */
  place: RefObject<HTMLDivElement | null>
  /** Then the first text that has to be entered gets the focus. */
  isNew: boolean
}) {
  useEffect(() => {
    if (!isNew) return
    const texts = place.current?.querySelectorAll<HTMLInputElement>('input[placeholder]:not([type=password]), textarea')
    Array.from(texts ?? [])
      .find(({ value }) => value === '')
      ?.focus()
  }, [place, isNew])
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto border-t border-line" tabIndex={0} aria-label={label}>
      <div className="grid gap-8 px-6 py-5 @min-[820px]:grid-cols-[minmax(0,560px)_minmax(300px,1fr)]">
        <div ref={place} className="min-w-0">
          {form}
        </div>
        <div className="min-w-0 @min-[820px]:sticky @min-[820px]:top-5 @min-[820px]:self-start">{aside}</div>
      </div>
    </div>
  )
}

/** What can be done with the form, in view however long it is. */
export function EditorFooter({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-none flex-wrap items-center gap-2 border-t border-line bg-surface px-6 py-3">
      {children}
    </div>
  )
}
