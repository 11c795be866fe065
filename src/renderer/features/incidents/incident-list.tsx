import { ArrowUp } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Incident, IncidentCounts } from '../../../shared/contract/incidents.ts'
import { useRowHeight } from '../../stores/console.tsx'
import type { ShownPages } from '../../stores/use-paged-feed.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { focusScreen } from '../../ui/focus-screen.ts'
import { useNow } from '../../ui/use-now.ts'
import { type GridEnds, type GridHandle, type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { IncidentPane } from './incident-pane.tsx'
import { IncidentRow } from './incident-row.tsx'

export interface IncidentsFound {
  items: Incident[]
  next_cursor: string | null
  total: number
  counts: IncidentCounts
}

interface IncidentItem extends GridItem {
  incident: Incident
}

/**
 * The incidents, and beside them the one that is open. What changes is shown in its row at once; new ones come in at the
 * top, but the rows in view stay where the reader looks at them, and a button says how many there are above.
 */
export function IncidentList({
  shown: { feed, state },
  open,
  onOpen,
}: {
  shown: ShownPages<IncidentsFound>
  open: string | undefined
  onOpen: (id: string | undefined) => void
}) {
  const { rows, more, loadingOlder, olderProblem } = state
  const rowHeight = useRowHeight()
  const now = useNow(30_000)
  const grid = useRef<GridHandle>(null)
  const [ends, setEnds] = useState<GridEnds>({ atStart: true, nearEnd: false })
  const [focused, setFocused] = useState(false)
  const held = !ends.atStart || focused || open !== undefined
  const above = useCountAbove(rows, held, ends.atStart)
  useEffect(() => {
    if (ends.nearEnd && more && !loadingOlder && !olderProblem) feed.loadOlder()
  }, [feed, ends.nearEnd, more, rows.length, loadingOlder, olderProblem])

  const items = useMemo(
    () => rows.map((incident): IncidentItem => ({ key: incident.id, incident, height: rowHeight })),
    [rows, rowHeight],
  )
  const close = (): void => {
    onOpen(undefined)
    focusScreen()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || open === undefined) return
    event.preventDefault()
    close()
  }
  return (
    <div className="@container flex min-h-0 flex-1 border-t border-line" onKeyDown={onKeyDown}>
      <div
        data-pane
        className={classes('relative flex min-w-0 flex-1 flex-col', open !== undefined && 'hidden @min-[760px]:flex')}
      >
        {above > 0 && (
          <Button
            look="primary"
            size="small"
            icon={ArrowUp}
            className="absolute top-2 left-1/2 z-1 -translate-x-1/2 rounded-panel shadow-floating"
            onClick={() => grid.current?.scrollToStart()}
          >
            {above.toLocaleString('en')} new
          </Button>
        )}
        <VirtualGrid<IncidentItem>
          label="Incidents"
          items={items}
          handle={grid}
          rowClassName="hover:bg-bg aria-selected:bg-accent-soft"
          selectedKey={open ?? ''}
          keepsPlace={held}
          onEnds={setEnds}
          onFocused={(row) => setFocused(row !== undefined)}
          onOpen={({ incident }) => onOpen(incident.id)}
        >
          {({ incident }) => <IncidentRow incident={incident} now={now} />}
        </VirtualGrid>
        {olderProblem && (
          <p role="alert" className="flex flex-none items-center gap-3 border-t border-line bg-err-soft px-6 py-1.5">
            <span className="min-w-0 flex-1">Older incidents could not be loaded: {olderProblem.message}</span>
            <Button size="small" onClick={() => feed.loadOlder()}>
              Retry
            </Button>
          </p>
        )}
      </div>
      {open !== undefined && (
        <div className="min-w-0 flex-1 border-line @min-[760px]:max-w-150 @min-[760px]:border-l">
          <IncidentPane key={open} id={open} known={rows.find(({ id }) => id === open)} onClose={close} />
        </div>
      )}
    </div>
  )
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
