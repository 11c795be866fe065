import { Check } from 'lucide-react'
import { classes } from '../../ui/classes.ts'
import { type Step, stepLabels } from './import-steps.ts'

/** The steps; those before and the next ones that can be reached lead there. */
export function Stepper({
  steps,
  current,
  reachable,
  onGo,
}: {
  steps: readonly Step[]
  current: Step
  reachable: (step: Step) => boolean
  onGo: (step: Step) => void
}) {
  const at = steps.indexOf(current)
  return (
    <nav aria-label="Steps of the import" className="flex-none border-b border-line px-6">
      <ol className="flex flex-wrap gap-x-5">
        {steps.map((step, index) => {
          const done = index < at
          return (
            <li key={step}>
              <button
                type="button"
                aria-current={step === current ? 'step' : undefined}
                disabled={!reachable(step)}
                onClick={() => onGo(step)}
                className={classes(
                  '-mb-px flex h-9 items-center gap-2 border-b-2 border-transparent text-muted',
                  'enabled:hover:text-ink disabled:text-subtle',
                  'aria-[current=step]:border-accent aria-[current=step]:font-medium aria-[current=step]:text-ink',
                )}
              >
                <span
                  aria-hidden
                  className={classes(
                    'flex size-5 items-center justify-center rounded-[10px] text-meta tabular-nums',
                    step === current
                      ? 'bg-accent text-accent-fg'
                      : done
                        ? 'bg-accent-soft text-accent-ink'
                        : 'bg-sunken',
                  )}
                >
                  {done ? <Check size={12} strokeWidth={2.5} /> : index + 1}
                </span>
                {stepLabels[step]}
                {done && <span className="sr-only">, done</span>}
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
