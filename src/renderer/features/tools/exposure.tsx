import { Eye, EyeOff } from 'lucide-react'
import { classes } from '../../ui/classes.ts'

/** Whether agents see a tool, and why; narrow lists have room for the first only. */
export function Exposure({ exposed, why }: { exposed: boolean; why: string }) {
  const Icon = exposed ? Eye : EyeOff
  return (
    <span className={classes('flex items-center gap-1.5 text-meta', exposed ? 'text-ok' : 'text-muted')} title={why}>
      <Icon size={14} strokeWidth={1.75} aria-hidden className="flex-none" />
      <span className="truncate">
        {exposed ? 'Exposed' : 'Hidden'}
        <span className="hidden @min-[640px]:inline"> - {why}</span>
      </span>
    </span>
  )
}
