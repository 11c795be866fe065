import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const tones = {
  warn: ['bg-warn-soft', 'text-warn'],
  err: ['bg-err-soft', 'text-err'],
  info: ['bg-info-soft', 'text-info'],
} as const

/** A line over the whole screen about the gateway itself. */
export function Banner({
  tone,
  icon: Icon,
  title,
  children,
  action,
  spinning,
}: {
  tone: keyof typeof tones
  icon: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
  spinning?: boolean
}) {
  const [fill, ink] = tones[tone]
  return (
    <div role="status" className={classes('flex min-h-10 items-center gap-2 px-6 py-1', fill)}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className={classes('flex-none', ink, spinning && 'spin')} />
      <p className="min-w-0 flex-1">
        <span className={classes('font-medium', ink)}>{title}</span>
        {children && <span className="ml-2">{children}</span>}
      </p>
      {action}
    </div>
  )
}
