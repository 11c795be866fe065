import { type KeyboardEvent, memo, useEffect, useMemo, useState } from 'react'
import type { Delivery, DeliveryCounts } from '../../../shared/contract/deliveries.ts'
import { useRowHeight } from '../../stores/console.tsx'
import type { ShownPages } from '../../stores/use-paged-feed.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { focusScreen } from '../../ui/focus-screen.ts'
import { useNow } from '../../ui/use-now.ts'
import { type GridEnds, type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { agoWords, timeWords } from '../../ui/words.ts'
import { SeverityBadge } from '../incidents/severity-badge.tsx'
import { DeliveryBadge } from './delivery-badge.tsx'
import { DeliveryPane } from './delivery-pane.tsx'
import { actionWords, deliverySummary } from './delivery-words.ts'

export interface DeliveriesFound {
  items: Delivery[]
  next_cursor: string | null
  counts: DeliveryCounts
}

interface DeliveryItem extends GridItem {
  delivery: Delivery
}

/** Narrow lists, as beside an open delivery, leave out the severity, then the action, and then the channel. */
const columns = classes(
  'grid h-full items-center gap-3 border-b border-line px-6',
  'grid-cols-[88px_minmax(0,1fr)_minmax(120px,0.8fr)]',
  '@min-[520px]:grid-cols-[88px_minmax(0,1.2fr)_minmax(0,0.7fr)_minmax(120px,0.9fr)]',
  '@min-[680px]:grid-cols-[88px_124px_minmax(0,1.2fr)_minmax(0,0.7fr)_minmax(140px,0.9fr)]',
  '@min-[820px]:grid-cols-[88px_124px_84px_minmax(0,1.2fr)_minmax(0,0.7fr)_minmax(160px,0.9fr)]',
)

/** The delivery log, newest first, and beside it the one that is open. */
export function DeliveryList({
  shown: { feed, state },
  open,
  onOpen,
}: {
  shown: ShownPages<DeliveriesFound>
  open: string | undefined
  onOpen: (id: string | undefined) => void
}) {
  const { rows, more, loadingOlder, olderProblem } = state
  const rowHeight = useRowHeight()
  const now = useNow(30_000)
  const [ends, setEnds] = useState<GridEnds>({ atStart: true, nearEnd: false })
  const [focused, setFocused] = useState(false)
  useEffect(() => {
    if (ends.nearEnd && more && !loadingOlder && !olderProblem) feed.loadOlder()
  }, [feed, ends.nearEnd, more, rows.length, loadingOlder, olderProblem])
  const items = useMemo(
    () => rows.map((delivery): DeliveryItem => ({ key: delivery.id, delivery, height: rowHeight })),
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
        className={classes('flex min-w-0 flex-1 flex-col', open !== undefined && 'hidden @min-[760px]:flex')}
      >
        <VirtualGrid<DeliveryItem>
          label="Deliveries"
          items={items}
          rowClassName="hover:bg-bg aria-selected:bg-accent-soft"
          selectedKey={open ?? ''}
          keepsPlace={!ends.atStart || focused || open !== undefined}
          onEnds={setEnds}
          onFocused={(row) => setFocused(row !== undefined)}
          onOpen={({ delivery }) => onOpen(delivery.id)}
        >
          {({ delivery }) => <DeliveryRow delivery={delivery} now={now} />}
        </VirtualGrid>
        {olderProblem && (
          <p role="alert" className="flex flex-none items-center gap-3 border-t border-line bg-err-soft px-6 py-1.5">
            <span className="min-w-0 flex-1">Older deliveries could not be loaded: {olderProblem.message}</span>
            <Button size="small" onClick={() => feed.loadOlder()}>
              Retry
            </Button>
          </p>
        )}
      </div>
      {open !== undefined && (
        <div className="min-w-0 flex-1 border-line @min-[760px]:max-w-150 @min-[760px]:border-l">
          <DeliveryPane key={open} id={open} known={rows.find(({ id }) => id === open)} onClose={close} />
        </div>
      )}
    </div>
  )
}

const DeliveryRow = memo(function DeliveryRow({ delivery, now }: { delivery: Delivery; now: number }) {
  return (
    <div role="presentation" className={columns} title={deliverySummary(delivery)}>
      <span role="gridcell" className="truncate text-muted tabular-nums" title={timeWords(delivery.created_at)}>
        {agoWords(delivery.created_at, now)}
      </span>
      <span role="gridcell" className="hidden truncate @min-[680px]:block">
        {actionWords[delivery.action]}
      </span>
      <span role="gridcell" className="hidden min-w-0 @min-[820px]:block">
        <SeverityBadge severity={delivery.severity} />
      </span>
      <span role="gridcell" dir="auto" className="truncate text-strong">
        {delivery.title}
        {delivery.event_count > 1 && (
          <span className="text-muted tabular-nums"> +{(delivery.event_count - 1).toLocaleString('en')}</span>
        )}
      </span>
      <span role="gridcell" className="hidden truncate text-muted @min-[520px]:block">
        {delivery.channel_name}
      </span>
      <span role="gridcell" className="min-w-0">
        <DeliveryBadge delivery={delivery} />
      </span>
    </div>
  )
})
