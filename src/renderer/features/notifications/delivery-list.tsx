import { memo } from 'react'
import type { Delivery, DeliveryCounts } from '../../../shared/contract/deliveries.ts'
import type { ShownPages } from '../../stores/use-paged-feed.ts'
import { classes } from '../../ui/classes.ts'
import { PagedList } from '../../ui/paged-list.tsx'
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

/**
 * Narrow lists, as beside an open delivery, leave out the severity, and then the channel. The action stands before the title
 * where it has no column: what was opened, acknowledged and resolved would be the same three times.
 */
const columns = classes(
  'grid h-full items-center gap-3 border-b border-line px-6',
  'grid-cols-[88px_minmax(0,1fr)_minmax(120px,0.5fr)]',
  '@min-[680px]:grid-cols-[88px_124px_minmax(0,1.2fr)_minmax(0,0.7fr)_minmax(140px,0.9fr)]',
  '@min-[820px]:grid-cols-[88px_124px_84px_minmax(0,1.2fr)_minmax(0,0.7fr)_220px]',
)

/** The delivery log, newest first, and beside it the one that is open. */
export function DeliveryList({
  shown,
  open,
  onOpen,
}: {
  shown: ShownPages<DeliveriesFound>
  open: string | undefined
  onOpen: (id: string | undefined) => void
}) {
  return (
    <PagedList
      label="Deliveries"
      shown={shown}
      open={open}
      onOpen={onOpen}
      row={(delivery, now) => <DeliveryRow delivery={delivery} now={now} />}
      pane={(id, known, close) => <DeliveryPane key={id} id={id} known={known} onClose={close} />}
    />
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
        <span className="text-muted @min-[680px]:hidden">{actionWords[delivery.action]} · </span>
        {delivery.title}
        {delivery.event_count > 1 && (
          <span className="text-muted tabular-nums"> +{(delivery.event_count - 1).toLocaleString('en')}</span>
        )}
      </span>
      <span role="gridcell" className="hidden truncate text-muted @min-[680px]:block">
        {delivery.channel_name}
      </span>
      <span role="gridcell" className="min-w-0">
        <DeliveryBadge delivery={delivery} />
      </span>
    </div>
  )
})
