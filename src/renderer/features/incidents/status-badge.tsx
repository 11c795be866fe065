import type { IncidentStatus } from '../../../shared/contract/incidents.ts'
import { classes } from '../../ui/classes.ts'
import { statusWords } from './incident-words.ts'

/** How far an incident is, as icon, word and colour. */
export function StatusBadge({ status }: { status: IncidentStatus }) {
  const { word, icon: Icon, ink } = statusWords[status]
  return (
    <span className={classes('flex min-w-0 items-center gap-1.5', ink)}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
      <span className="truncate">{word}</span>
    </span>
  )
}
