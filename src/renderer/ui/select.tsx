import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { useLayers } from './layers.tsx'

export interface SelectOption<Value extends string> {
  value: Value
  label: ReactNode
  /** Shown at the right, for example how many there are. */
  hint?: string
}

export interface SelectProps<Value extends string> {
  label: string
  value: Value
  options: readonly SelectOption<Value>[]
  onChange: (value: Value) => void
  /** Shown before the value: "Status: All". */
  prefix?: string
  className?: string
}

export function Select<Value extends string>({
  label,
  value,
  options,
  onChange,
  prefix,
  className,
}: SelectProps<Value>) {
  const container = useLayers()
  return (
    <Base.Root<Value> value={value} onValueChange={(next) => next !== null && onChange(next)} items={[...options]}>
      <Base.Trigger
        aria-label={label}
        className={classes(
          'inline-flex h-8 items-center justify-between gap-2 rounded-control border border-line-strong bg-surface px-2.5 select-none hover:bg-sunken',
          className,
        )}
      >
        <span className="truncate">
          {prefix && <span className="text-muted">{prefix} </span>}
          <Base.Value />
        </span>
        <Base.Icon className="flex-none text-muted">
          <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal container={container}>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-10">
          <Base.Popup className="floating max-h-80 min-w-(--anchor-width) overflow-y-auto rounded-panel p-1 outline-none">
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                className="flex h-8 items-center gap-2 rounded-control pr-2 pl-1.5 outline-none select-none data-highlighted:bg-sunken"
              >
                <span className="flex w-4 flex-none">
                  <Base.ItemIndicator>
                    <Check size={16} strokeWidth={1.75} aria-hidden />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText>{option.label}</Base.ItemText>
                {option.hint !== undefined && (
                  <span className="ml-auto pl-4 text-muted tabular-nums">{option.hint}</span>
                )}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
