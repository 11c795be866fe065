import { CircleAlert, CircleCheck, LoaderCircle, TriangleAlert } from 'lucide-react'
import type { SetupCheck } from '../../../shared/contract/setup.ts'
import { classes } from '../../ui/classes.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'

const looks = {
  running: { icon: LoaderCircle, ink: 'text-info', word: 'Running' },
  ok: { icon: CircleCheck, ink: 'text-ok', word: 'Passed' },
  warning: { icon: TriangleAlert, ink: 'text-warn', word: 'Passed with a remark' },
  failed: { icon: CircleAlert, ink: 'text-err', word: 'Failed' },
} as const

/** What was checked, as it happens, and what to do about each that did not pass. */
export function SetupChecks({ checks }: { checks: readonly SetupCheck[] }) {
  if (checks.length === 0) return null
  return (
    <ul aria-label="Checks" className="flex flex-col gap-2 rounded-panel border border-line px-4 py-3">
      {checks.map(({ id, label, state, message, fix }) => {
        const { icon: Icon, ink, word } = looks[state]
        return (
          <li key={id} className="flex gap-2.5">
            <Icon
              size={16}
              strokeWidth={1.75}
              aria-hidden
              className={classes('mt-0.5 flex-none', ink, state === 'running' && 'spin')}
            />
            <div className="min-w-0">
              <p>
                <span className="font-medium">{label}</span>
                <span className="sr-only">: {word}</span>
              </p>
              {message !== '' && (
                <p className="wrap-anywhere text-muted">
                  <ForeignText>{message}</ForeignText>
                </p>
              )}
              {fix !== null && (
                <p className="wrap-anywhere">
                  <ForeignText>{fix}</ForeignText>
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
