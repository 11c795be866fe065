import type { Severity } from '../../../shared/contract/incidents.ts'
import { classes } from '../../ui/classes.ts'
import { severityWords } from './severity-words.ts'

/** Severity as icon, word and colour. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  const { word, icon: Icon, ink } = severityWords[severity]
  return (
    <span className={classes('flex min-w-0 items-center gap-1.5', ink)}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
      <span className="truncate">{word}</span>
    </span>
  )
}
