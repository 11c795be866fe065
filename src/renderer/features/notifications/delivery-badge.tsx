import type { Delivery } from '../../../shared/contract/deliveries.ts'
import { classes } from '../../ui/classes.ts'
import { deliveryWords, progressWords } from './delivery-words.ts'

/** How far a delivery is, as icon, word and colour, with what comes next. */
export function DeliveryBadge({ delivery }: { delivery: Delivery }) {
  const { word, icon: Icon, ink } = deliveryWords[delivery.state]
  const progress = progressWords(delivery)
  return (
    <span className={classes('flex min-w-0 items-center gap-1.5', ink)}>
      <Icon
        size={16}
        strokeWidth={1.75}
        aria-hidden
        className={classes('flex-none', delivery.state === 'sending' && 'spin')}
      />
      <span className="truncate tabular-nums">
        {word}
        {progress && ` (${progress})`}
      </span>
    </span>
  )
}
