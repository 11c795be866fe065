import { Link } from '@tanstack/react-router'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { nameOf } from '../integrations/catalog-filter.ts'
import { naturalOrder } from '../../ui/order.ts'

/** Where tools wait for an approval, and how many: they are looked at in the list of their integration. */
export function WaitingIntegrations({ integrations }: { integrations: readonly Integration[] }) {
  const waiting = integrations
    .filter(({ unapproved_tools: count }) => count > 0)
    .sort((one, other) => naturalOrder(nameOf(one), nameOf(other)))
  if (waiting.length === 0) return null
  return (
    <p className="flex flex-wrap gap-x-3 border-b border-line px-4 py-2">
      <span className="text-warn">To approve:</span>
      {waiting.map((integration) => (
        <Link
          key={integration.name}
          to="/integrations/$slug/tools"
          params={{ slug: integration.name }}
          search={{ shown: 'unapproved' }}
          className="text-accent underline underline-offset-2"
        >
          {nameOf(integration)} {integration.unapproved_tools.toLocaleString('en')}
        </Link>
      ))}
    </p>
  )
}
