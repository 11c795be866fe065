import { type ReactNode, useId } from 'react'
import { FieldError } from '../../ui/field.tsx'

/** Any number of a few things, by native checkboxes. */
export function CheckList<Value extends string>({
  label,
  options,
  chosen,
  error,
  inRow = false,
  onChange,
}: {
  label: string
  options: readonly { value: Value; label: ReactNode; hint?: ReactNode }[]
  chosen: readonly Value[]
  error?: string | undefined
  /** Beside each other: for words of a few letters. */
  inRow?: boolean
  onChange: (chosen: Value[]) => void
}) {
  const id = useId()
  return (
    <fieldset aria-describedby={error ? id : undefined} data-fault={error ? true : undefined}>
      <legend className="mb-1 font-medium">{label}</legend>
      <div className={inRow ? 'flex flex-wrap gap-x-4' : 'flex flex-col'}>
        {options.map(({ value, label: word, hint }) => (
          <label key={value} className="flex min-h-7 items-center gap-2">
            <input
              type="checkbox"
              className="size-4 flex-none"
              checked={chosen.includes(value)}
              onChange={(event) =>
                // In the order in which they are listed, however they were chosen.
                onChange(
                  options
                    .map((option) => option.value)
                    .filter((other) => (other === value ? event.target.checked : chosen.includes(other))),
                )
              }
            />
            <span className="min-w-0 wrap-anywhere">{word}</span>
            {hint !== undefined && <span className="ml-auto text-meta text-muted">{hint}</span>}
          </label>
        ))}
      </div>
      {error !== undefined && <FieldError id={id}>{error}</FieldError>}
    </fieldset>
  )
}
