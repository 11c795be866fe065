import type { ReactNode } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FieldError } from '../../ui/field.tsx'

/** The scrolling body of one part of the settings. */
export function SettingsBody({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5" tabIndex={0} aria-label={label}>
      <div className="flex max-w-160 flex-col gap-8">{children}</div>
    </div>
  )
}

export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-1 text-section font-semibold">{title}</h2>
      <dl className="border-t border-line">{children}</dl>
    </section>
  )
}

/** A name, its value or control, what it means, and what went wrong when it was changed. */
export function Row({
  name,
  hint,
  error,
  children,
}: {
  name: string
  hint?: ReactNode
  error?: string | undefined
  children: ReactNode
}) {
  return (
    <div className="grid min-h-11 grid-cols-[180px_minmax(0,1fr)] items-center gap-x-4 border-b border-line py-2">
      <dt className="self-start py-1.5 text-muted">{name}</dt>
      <dd className="min-w-0">
        <div className="flex min-h-8 min-w-0 flex-wrap items-center justify-between gap-x-3 gap-y-1">{children}</div>
        {hint !== undefined && <p className="mt-0.5 text-meta text-muted">{hint}</p>}
        <div aria-live="polite">{error !== undefined && <FieldError>{error}</FieldError>}</div>
      </dd>
    </div>
  )
}

/** A value of the machine that a person may want elsewhere. */
export function Value({ text }: { text: string }) {
  return (
    <>
      <span className="min-w-0 flex-1 font-mono text-code break-all">{text}</span>
      <CopyButton size="small" look="quiet" text={text} />
    </>
  )
}
