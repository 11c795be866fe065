import { useId } from 'react'
import type { LucideIcon } from 'lucide-react'
import { classes } from './classes.ts'

export interface SegmentedProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string; icon?: LucideIcon }[]
  onChange: (value: Value) => void
  /** Icons only; the words stay as names and titles. */
  iconsOnly?: boolean
  hideLabel?: boolean
  disabled?: boolean
}

/** One of a few: native radio buttons, drawn as one control. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
  iconsOnly,
  hideLabel,
  disabled,
}: SegmentedProps<Value>) {
  const name = useId()
  return (
    <fieldset disabled={disabled ?? false} className="disabled:opacity-55">
      <legend className={hideLabel ? 'sr-only' : 'mb-1 font-medium'}>{label}</legend>
      <div className="inline-flex rounded-control border border-line bg-sunken p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            title={iconsOnly ? option.label : undefined}
            className={classes(
              'relative flex items-center justify-center gap-1.5 rounded-[5px] text-muted select-none hover:text-ink',
              'has-checked:bg-surface has-checked:text-ink has-checked:font-medium has-checked:ring-1 has-checked:ring-line',
              'has-focus-visible:outline-2 has-focus-visible:outline-accent',
              iconsOnly ? 'size-6.5' : 'h-6.5 px-3',
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="absolute inset-0 opacity-0"
            />
            {option.icon && <option.icon size={14} strokeWidth={1.75} aria-hidden />}
            <span className={classes(iconsOnly && 'sr-only')}>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
