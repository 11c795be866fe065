import { Link } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { usePlanLock } from '../../stores/console.tsx'

/** Says why custom integrations cannot be changed, where they are shown; nothing on a plan that has them. */
export function PlanNotice() {
  const lock = usePlanLock()
  if (lock === undefined) return null
  return (
    <div role="note" className="flex min-h-9 flex-none items-center gap-2 border-b border-line bg-sunken px-6">
      <Lock size={16} strokeWidth={1.75} aria-hidden className="flex-none text-muted" />
      <p>{lock}. What is connected keeps serving.</p>
      <Link to="/settings/plan" className="font-medium text-accent underline underline-offset-2">
        See plan
      </Link>
    </div>
  )
}
