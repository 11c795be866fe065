import { memo } from 'react'
import type { Incident } from '../../../shared/contract/incidents.ts'
import { classes } from '../../ui/classes.ts'
import { agoWords, timeWords } from '../../ui/words.ts'
import { durationOf, incidentSummary, placeOf } from './incident-words.ts'
import { SeverityBadge } from './severity-badge.tsx'
import { StatusBadge } from './status-badge.tsx'

/** Narrow lists, as beside an open incident, leave out how long it lasted, then when it began, and then where. */
const columns = classes(
  'grid h-full items-center gap-3 border-b border-line px-6',
  'grid-cols-[44px_88px_minmax(0,1fr)]',
  '@min-[480px]:grid-cols-[44px_88px_minmax(0,1fr)_120px]',
  '@min-[620px]:grid-cols-[44px_88px_minmax(0,1fr)_minmax(0,0.5fr)_120px]',
  '@min-[760px]:grid-cols-[44px_88px_minmax(0,1fr)_minmax(0,0.5fr)_120px_88px]',
  '@min-[860px]:grid-cols-[44px_88px_minmax(0,1.2fr)_minmax(0,0.5fr)_120px_88px_76px]',
)

/** One incident. Nothing in it is a control: the row itself opens. */
export const IncidentRow = memo(function IncidentRow({ incident, now }: { incident: Incident; now: number }) {
  return (
    <div role="presentation" className={columns} title={incidentSummary(incident)}>
      <span role="gridcell" className="truncate text-muted tabular-nums">
        #{incident.number}
      </span>
      <span role="gridcell" className="min-w-0">
        <SeverityBadge severity={incident.severity} />
      </span>
      <span
        role="gridcell"
        dir="auto"
        className={classes('truncate text-strong', incident.status === 'resolved' ? 'text-muted' : 'font-medium')}
      >
        {incident.title}
      </span>
      <span role="gridcell" className="hidden truncate text-muted @min-[620px]:block">
        {placeOf(incident)}
      </span>
      <span role="gridcell" className="hidden min-w-0 @min-[480px]:block">
        <StatusBadge status={incident.status} />
      </span>
      <span
        role="gridcell"
        className="hidden truncate text-right text-muted tabular-nums @min-[760px]:block"
        title={timeWords(incident.opened_at)}
      >
        {agoWords(incident.opened_at, now)}
      </span>
      <span role="gridcell" className="hidden truncate text-right text-muted tabular-nums @min-[860px]:block">
        {durationOf(incident, now)}
      </span>
    </div>
  )
})
