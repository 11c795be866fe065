import { Eye, EyeOff } from 'lucide-react'
import { type ComponentPropsWithRef, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { classes } from './classes.ts'
import { Field } from './field.tsx'

export interface SecretFieldProps extends Omit<ComponentPropsWithRef<'input'>, 'id' | 'className' | 'type'> {
  label: string
  /** The masked value that is stored ("••••" and at most four characters), while it is kept. */
  stored?: string | undefined
  /** Starts replacing what is stored. */
  onReplace?: () => void
  replaceLabel?: string
  error?: string | undefined
  hint?: ReactNode
  /** A text of several lines, such as a key in PEM form: an input would join them. */
  lines?: number
}

/**
 * A secret on its way in. What is stored can be replaced, never read: the field then says "Stored" and holds no value at
 * all. What is being typed can be looked at, because a person checks what they pasted.
 */
export function SecretField({
  label,
  stored,
  onReplace,
  replaceLabel = 'Replace',
  error,
  hint,
  lines,
  ...input
}: SecretFieldProps) {
  const [shown, setShown] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const replaces = useRef(false)
  useEffect(() => {
    if (!replaces.current || stored !== undefined) return
    replaces.current = false
    place.current?.querySelector<HTMLElement>('input, textarea')?.focus()
  }, [stored])
  if (stored !== undefined) {
    return (
      <div role="group" aria-label={label}>
        <p className="mb-1 font-medium">{label}</p>
        <div className="flex h-8 items-center gap-2 rounded-control border border-line bg-sunken pr-1 pl-2.5">
          <span className="text-muted">Stored</span>
          <span className="truncate font-mono text-code text-muted">{stored}</span>
          {onReplace && (
            <Button
              size="small"
              look="quiet"
              className="ml-auto"
              onClick={() => {
                replaces.current = true
                onReplace()
              }}
              aria-label={`${replaceLabel} ${label}`}
            >
              {replaceLabel}
            </Button>
          )}
        </div>
        {hint !== undefined && <div className="mt-1 text-meta text-muted">{hint}</div>}
      </div>
    )
  }
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <div ref={place} className="relative">
          {lines === undefined ? (
            <input
              {...input}
              {...control}
              type={shown ? 'text' : 'password'}
              // Password managers offer to keep what is typed into password fields; this belongs to the vault alone.
              autoComplete="new-password"
              data-1p-ignore
              spellCheck={false}
              className={classes(control.className, 'h-8 pr-9 font-mono text-code')}
            />
          ) : (
            <textarea
              {...(input as ComponentPropsWithRef<'textarea'>)}
              {...control}
              rows={lines}
              autoComplete="off"
              spellCheck={false}
              className={classes(
                control.className,
                'resize-y py-1.5 pr-9 font-mono text-code',
                !shown && '[-webkit-text-security:disc]',
              )}
            />
          )}
          <IconButton
            icon={shown ? EyeOff : Eye}
            label={shown ? `Hide ${label}` : `Show ${label}`}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            size="small"
            className="absolute top-1 right-1"
          />
        </div>
      )}
    </Field>
  )
}
