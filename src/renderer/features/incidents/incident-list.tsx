import { useState } from 'react'
import type { Incident, IncidentCounts } from '../../../shared/contract/incidents.ts'
import type { ShownPages } from '../../stores/use-paged-feed.ts'
import { ToStartButton } from '../../ui/to-start-button.tsx'
import { type Above, PagedList } from '../../ui/paged-list.tsx'
import { IncidentPane } from './incident-pane.tsx'
import { IncidentRow } from './incident-row.tsx'

export interface IncidentsFound {
  items: Incident[]
  next_cursor: string | null
  total: number
  counts: IncidentCounts
}

/**
 * The incidents, and beside them the one that is open. What changes is shown in its row at once; new ones come in at the
 * top, but the rows in view stay where the reader looks at them, and a button says how many there are above.
 */
export function IncidentList({
  shown,
  open,
  onOpen,
}: {
  shown: ShownPages<IncidentsFound>
  open: string | undefined
  onOpen: (id: string | undefined) => void
}) {
  return (
    <PagedList
      label="Incidents"
      shown={shown}
      open={open}
      onOpen={onOpen}
      row={(incident, now) => <IncidentRow incident={incident} now={now} />}
      pane={(id, known, close) => <IncidentPane key={id} id={id} known={known} onClose={close} />}
      above={NewAbove}
    />
  )
}

function NewAbove({ rows, atStart, held, toStart }: Above<Incident>) {
  const above = useCountAbove(rows, held, atStart)
  if (above === 0) return null
  return <ToStartButton onClick={toStart}>{above.toLocaleString('en')} new</ToStartButton>
}

/** How many came in above the rows since the reader last saw the start of the list. */
function useCountAbove(rows: readonly Incident[], held: boolean, atStart: boolean): number {
  const first = rows[0]?.id
  const [seen, setSeen] = useState(first)
  // At the start everything has been seen, unless the list holds its place under the reader.
  if (atStart && seen !== first && (!held || rows.findIndex(({ id }) => id === seen) < 0)) setSeen(first)
  if (atStart) return 0
  return Math.max(
    0,
    rows.findIndex(({ id }) => id === seen),
  )
}
