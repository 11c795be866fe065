import type { ReactNode } from 'react'

/** The title of a screen, its counts, and at the right what can be done. */
export function PageHeader({
  title,
  meta,
  back,
  children,
}: {
  title: ReactNode
  meta?: ReactNode
  /** The way to the screen above this one. */
  back?: ReactNode
  children?: ReactNode
}) {
  return (
    <header className="flex-none px-6 py-3">
      {back}
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-page font-semibold">{title}</h1>
        {meta !== undefined && <div className="text-muted">{meta}</div>}
        <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
      </div>
    </header>
  )
}
