import type { LucideIcon } from 'lucide-react'
import type { ComponentPropsWithRef, MouseEvent } from 'react'
import { classes } from './classes.ts'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'

const looks: Record<Look, string> = {
  primary: 'bg-accent text-accent-fg font-medium hover:opacity-90',
  secondary: 'bg-surface text-ink border border-line hover:bg-sunken',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
  danger: 'bg-err text-bg font-medium hover:opacity-90',
}

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  look?: Look
  size?: 'normal' | 'small'
  icon?: LucideIcon
  /** The words of the key that does the same, for example "⌘⏎". */
  keys?: string
  /** Not possible now: stays focusable, does nothing, says why in its title and to screen readers. */
  blocked?: string | false | undefined
  busy?: boolean
}

export function Button({
  look = 'secondary',
  size = 'normal',
  icon: Icon,
  keys,
  blocked,
  busy,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  const stopped = Boolean(blocked) || busy
  return (
    <button
      type="button"
      {...rest}
      {...(stopped ? { 'aria-disabled': true } : {})}
      {...(blocked ? { title: blocked } : {})}
      onClick={(event: MouseEvent<HTMLButtonElement>) => {
        if (stopped) event.preventDefault()
        else onClick?.(event)
      }}
      className={classes(
        'inline-flex flex-none items-center justify-center gap-1.5 rounded-control whitespace-nowrap select-none',
        'transition-opacity aria-disabled:opacity-55 disabled:opacity-55',
        size === 'small' ? 'h-6 px-2 text-meta' : 'h-8 px-3',
        looks[look],
        className,
      )}
    >
      {Icon && (
        <Icon size={size === 'small' ? 14 : 16} strokeWidth={1.75} aria-hidden className={classes(busy && 'spin')} />
      )}
      {children}
      {keys && (
        <kbd aria-hidden className="font-sans text-meta opacity-75">
          {keys}
        </kbd>
      )}
      {blocked && <span className="sr-only">({blocked})</span>}
    </button>
  )
}

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children'> {
  size?: 'normal' | 'small'
  icon: LucideIcon
  /** What it does; there is no other text. */
  label: string
}

export function IconButton({ icon: Icon, label, size = 'normal', className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classes(
        'inline-flex flex-none items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-ink',
        size === 'small' ? 'size-6' : 'size-8',
        'disabled:opacity-55',
        className,
      )}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
    </button>
  )
}
