import { Link, Outlet } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { settingsParts } from './settings-parts.ts'

/** The settings, a part at a time. */
export function SettingsPage() {
  return (
    <>
      <PageHeader title="Settings" />
      <nav aria-label="Parts of the settings" className="flex flex-none gap-5 border-b border-line px-6">
        {settingsParts.map(({ id, label, to }) => (
          <Link
            key={id}
            to={to}
            replace
            className="-mb-px flex h-9 items-center border-b-2 border-transparent text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  )
}
