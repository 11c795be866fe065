import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** What a state is called and how it looks: never by colour alone. */
export interface StateLook {
  word: string
  icon: LucideIcon
  /** The class of its colour. */
  ink: string
}

/** A state as icon, word and colour; what is given inside stands in place of the word alone. */
export function StateBadge({
  look: { word, icon: Icon, ink },
  spins = false,
  title,
  children = word,
}: {
  look: StateLook
  spins?: boolean
  title?: string | undefined
  children?: ReactNode
}) {
  return (
    <span className={classes('flex min-w-0 items-center gap-1.5', ink)} title={title}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className={classes('flex-none', spins && 'spin')} />
      <span className="truncate tabular-nums">{children}</span>
    </span>
  )
}
