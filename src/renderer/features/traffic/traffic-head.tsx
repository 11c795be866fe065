import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageHeader } from '../../ui/page-header.tsx'

/** The title of the Traffic page and its two panels: what agents called, and what admins changed. */
export function TrafficHead({ counts, children }: { counts?: ReactNode; children?: ReactNode }) {
  return (
    <>
      <PageHeader title="Traffic" meta={counts}>
        {children}
      </PageHeader>
      <nav aria-label="Parts of the traffic" className="flex flex-none gap-5 border-b border-line px-6">
        <Panel to="/traffic" label="Calls" />
        <Panel to="/traffic/changes" label="Changes" />
      </nav>
    </>
  )
}

function Panel({ to, label }: { to: '/traffic' | '/traffic/changes'; label: string }) {
  return (
    <Link
      to={to}
      replace
      activeOptions={{ exact: true, includeSearch: false }}
      className="-mb-px flex h-9 items-center border-b-2 border-transparent text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
    >
      {label}
    </Link>
  )
}
