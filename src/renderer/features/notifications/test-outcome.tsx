import { CircleAlert, CircleCheck } from 'lucide-react'
import { classes } from '../../ui/classes.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import type { TestOutcome as Outcome } from './use-channel-tests.ts'

/** How a test notice ended, in the words of whoever answered. */
export function TestOutcome({ outcome, name }: { outcome: Outcome; name?: string }) {
  const Icon = outcome.ok ? CircleCheck : CircleAlert
  return (
    <p className={classes('flex items-start gap-1.5', outcome.ok ? 'text-ok' : 'text-err')}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none" />
      <span className="min-w-0 wrap-anywhere">
        {name !== undefined && <span className="font-medium">{name}: </span>}
        <ForeignText>{outcome.message}</ForeignText>
      </span>
    </p>
  )
}
