import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'

export function BackLink({
  to,
  label,
}: {
  to: '/integrations' | '/notifications/rules' | '/notifications/channels'
  label: string
}) {
  return (
    <Link to={to} className="inline-flex h-6 items-center gap-1 rounded-control text-muted hover:text-ink">
      <ArrowLeft size={14} strokeWidth={1.75} aria-hidden />
      {label}
    </Link>
  )
}
