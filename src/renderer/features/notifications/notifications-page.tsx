import { Link, Outlet } from '@tanstack/react-router'
import { useDeliveries } from '../../stores/console.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { notificationParts } from './notification-parts.ts'

/** Who is told of what, and whether it got there; a part at a time. */
export function NotificationsPage() {
  const failed = useDeliveries((state) => state.counts?.failed ?? 0)
  return (
    <>
      <PageHeader title="Notifications" />
      <nav aria-label="Parts of the notifications" className="flex flex-none gap-5 border-b border-line px-6">
        {notificationParts.map(({ id, label, to }) => (
          <Link
            key={id}
            to={to}
            replace
            activeOptions={{ exact: true, includeSearch: false }}
            className="-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {label}
            {id === 'deliveries' && failed > 0 && (
              <span className="rounded-control bg-err-soft px-1.5 text-meta font-medium text-err tabular-nums">
                {failed.toLocaleString('en')} failed
              </span>
            )}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  )
}
