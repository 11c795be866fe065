import type { Delivery } from '../../../shared/contract/deliveries.ts'
import { StateBadge } from '../../ui/state-badge.tsx'
import { deliveryWords, progressWords } from './delivery-words.ts'

/** How far a delivery is, with what comes next. */
export function DeliveryBadge({ delivery }: { delivery: Delivery }) {
  const look = deliveryWords[delivery.state]
  const progress = progressWords(delivery)
  return (
    <StateBadge look={look} spins={delivery.state === 'sending'}>
      {look.word}
      {progress && ` (${progress})`}
    </StateBadge>
  )
}
