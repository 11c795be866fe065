import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { ProblemAction } from '../shell/problem-action.tsx'
import type { SetupRun } from './use-setup.ts'

/** How a run ended, unless what was shown of it before says the same already. */
export function SetupOutcome({
  run: { checks, result, problem },
  shown = [],
}: {
  run: SetupRun
  /** What fields say. */
  shown?: readonly string[]
}) {
  const said = [...shown, ...checks.filter(({ state }) => state === 'failed').map(({ message }) => message)]
  return (
    <div aria-live="polite">
      {problem !== undefined && !said.includes(problem.message) && (
        <div className="flex items-start gap-3">
          <FieldError>
            <ForeignText>{problem.message}</ForeignText>
          </FieldError>
          <ProblemAction problem={problem} />
        </div>
      )}
      {result !== undefined && !said.includes(result.message) && (
        <p className={result.ok ? 'text-ok' : 'text-err'}>
          <ForeignText>{result.message}</ForeignText>
        </p>
      )}
    </div>
  )
}
