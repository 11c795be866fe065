import { Link } from '@tanstack/react-router'
import type { Delivery } from '../../../shared/contract/deliveries.ts'
import { useNow } from '../../ui/use-now.ts'
import { agoWords, timeWords } from '../../ui/words.ts'
import { DeliveryBadge } from '../notifications/delivery-badge.tsx'
import { actionWords } from '../notifications/delivery-words.ts'

/** What was sent of an incident, where, and whether it arrived. */
export function IncidentDeliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  const now = useNow(30_000)
  if (deliveries.length === 0) return <p className="text-muted">Nothing was sent of it.</p>
  return (
    <ul className="flex flex-col">
      {deliveries.map((delivery) => (
        <li key={delivery.id} className="border-b border-line last:border-b-0">
          <Link
            to="/notifications/deliveries"
            search={{ delivery: delivery.id }}
            className="-mx-2 grid min-h-9 grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-center gap-3 rounded-control px-2 hover:bg-bg"
          >
            <span className="truncate">
              {delivery.channel_name}
              <span className="text-muted"> · {actionWords[delivery.action]}</span>
            </span>
            <DeliveryBadge delivery={delivery} />
            <span className="text-meta text-muted" title={timeWords(delivery.created_at)}>
              {agoWords(delivery.created_at, now)}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
