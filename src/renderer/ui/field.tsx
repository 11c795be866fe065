import { CircleAlert } from 'lucide-react'
import { type ComponentPropsWithRef, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

export const controlLook = classes(
  'w-full rounded-control border bg-surface px-2.5 placeholder:text-subtle',
  'focus-visible:-outline-offset-1',
  'read-only:bg-sunken disabled:opacity-60',
)

export interface FieldProps {
  label: string
  error?: string | undefined
  hint?: ReactNode
  /** At the right end of the label's line. */
  aside?: ReactNode
  className?: string
}

export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="mt-1 flex gap-1.5 text-err">
      <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  )
}

/** A label, a control, and what is wrong with its value; the three are tied together for screen readers. */
export function Field({
  label,
  error,
  hint,
  aside,
  className,
  children,
}: FieldProps & { children: (control: ControlProps) => ReactNode }) {
  const id = useId()
  const described = [hint !== undefined && `${id}hint`, error && `${id}error`].filter(Boolean).join(' ')
  return (
    <div className={className}>
      <div className="mb-1 flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': described || undefined,
        className: classes(controlLook, error ? 'border-err' : 'border-line-strong'),
      })}
      {error && <FieldError id={`${id}error`}>{error}</FieldError>}
      {hint !== undefined && (
        <div id={`${id}hint`} className="mt-1 text-meta text-muted">
          {hint}
        </div>
      )}
    </div>
  )
}

interface ControlProps {
  id: string
  'aria-invalid': true | undefined
  'aria-describedby': string | undefined
  className: string
}

export type TextFieldProps = FieldProps & { mono?: boolean } & Omit<ComponentPropsWithRef<'input'>, 'id' | 'className'>

export function TextField({ label, error, hint, aside, className, mono, ...input }: TextFieldProps) {
  return (
    <Field label={label} error={error} hint={hint} aside={aside} {...(className ? { className } : {})}>
      {(control) => (
        <input
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...input}
          {...control}
          className={classes(control.className, 'h-8', mono && 'font-mono text-code')}
        />
      )}
    </Field>
  )
}

export type TextAreaFieldProps = FieldProps & {
  mono?: boolean
  /** As high as its text: `rows` lines at least, one by default, and at most eight. */
  grows?: boolean
} & Omit<ComponentPropsWithRef<'textarea'>, 'id' | 'className'>

export function TextAreaField({ label, error, hint, aside, className, mono, grows, ...area }: TextAreaFieldProps) {
  return (
    <Field label={label} error={error} hint={hint} aside={aside} {...(className ? { className } : {})}>
      {(control) => (
        <textarea
          autoComplete="off"
          spellCheck={false}
          rows={3}
          {...area}
          {...control}
          // `rows` means nothing to a field that is sized by its content; 14 px are its padding and border.
          {...(grows ? { style: { minHeight: `calc(${area.rows ?? 1}lh + 14px)` } } : {})}
          className={classes(
            control.className,
            'py-1.5',
            grows ? 'field-sizing-content max-h-43.5 resize-none' : 'resize-y',
            mono && 'font-mono text-code',
          )}
        />
      )}
    </Field>
  )
}
