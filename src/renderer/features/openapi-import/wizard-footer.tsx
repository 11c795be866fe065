import type { Problem } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { ProblemAction } from '../shell/problem-action.tsx'

/** The ways on and back, and why the way on is closed. */
export function WizardFooter({
  problem,
  busy,
  blocked,
  label,
  onNext,
  onBack,
  onCancel,
}: {
  problem: Problem | undefined
  busy: boolean
  blocked: string | undefined
  label: string
  onNext: () => void
  onBack?: (() => void) | undefined
  onCancel: () => void
}) {
  return (
    <footer className="flex-none border-t border-line px-6 py-3">
      <div aria-live="assertive">
        {problem && (
          <div className="mb-2 flex items-start gap-3">
            <FieldError>{problem.message}</FieldError>
            <ProblemAction problem={problem} />
          </div>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <span className="ml-auto" />
        {onBack && <Button onClick={onBack}>Back</Button>}
        <Button look="primary" keys={keySigns('$mod+Enter')} busy={busy} blocked={blocked} onClick={onNext}>
          {label}
        </Button>
      </div>
    </footer>
  )
}
