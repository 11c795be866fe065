import { Plus, X } from 'lucide-react'
import type { Matcher } from '../../../shared/contract/rules.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook, FieldError } from '../../ui/field.tsx'
import { useAddedFocus } from '../../ui/use-added-focus.ts'
import { NativeSelect } from '../../ui/schema-form/native-select.tsx'
import { errorUnder, type FieldErrors } from './rule-draft.ts'

const ops: readonly { value: Matcher['op']; label: string }[] = [
  { value: '=', label: 'is' },
  { value: '!=', label: 'is not' },
  { value: '=~', label: 'matches' },
  { value: '!~', label: 'does not match' },
]
const MOST = 20
const NAMES = ['service', 'source', 'title', 'severity', 'type', 'status']

/** Conditions on labels and on what every event has; all of them have to hold. */
export function MatcherRows({
  matchers,
  errors,
  onChange,
}: {
  matchers: readonly Matcher[]
  errors: FieldErrors
  onChange: (matchers: Matcher[]) => void
}) {
  const rows = useAddedFocus<HTMLDivElement>(matchers.length)
  const change = (index: number, changes: Partial<Matcher>): void =>
    onChange(matchers.map((matcher, other) => (other === index ? { ...matcher, ...changes } : matcher)))
  return (
    <fieldset>
      <legend className="mb-1 font-medium">Only where</legend>
      <datalist id="matcher-names">
        {NAMES.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div ref={rows} className="flex flex-col gap-2">
        {matchers.map((matcher, index) => {
          const error = errorUnder(errors, `when.matchers.${index}`)
          const name = matcher.label.trim() === '' ? `condition ${index + 1}` : matcher.label
          return (
            // Its place is all that a row has: nothing else of it is sure to differ from the others.
            <div key={index}>
              <div className="flex items-center gap-1">
                <input
                  aria-label={`Label of condition ${index + 1}`}
                  list="matcher-names"
                  placeholder="label"
                  autoComplete="off"
                  spellCheck={false}
                  maxLength={128}
                  value={matcher.label}
                  aria-invalid={error === undefined ? undefined : true}
                  onChange={(event) => change(index, { label: event.target.value })}
                  className={classes(
                    controlLook,
                    'h-8 min-w-0 basis-2/5 font-mono text-code',
                    error === undefined ? 'border-line-strong' : 'border-err',
                  )}
                />
                <div className="w-36 flex-none">
                  <NativeSelect
                    invalid={false}
                    aria-label={`Comparison of ${name}`}
                    value={matcher.op}
                    onChange={(event) => change(index, { op: event.target.value as Matcher['op'] })}
                  >
                    {ops.map(({ value, label }) => (
                      <option key={value} value={value}>
                        {label}
                      </option>
                    ))}
                  </NativeSelect>
                </div>
                <input
                  aria-label={`Value of ${name}`}
                  placeholder={matcher.op === '=~' || matcher.op === '!~' ? 'core|web.*' : 'value'}
                  autoComplete="off"
                  spellCheck={false}
                  maxLength={1000}
                  value={matcher.value}
                  onChange={(event) => change(index, { value: event.target.value })}
                  className={classes(controlLook, 'h-8 min-w-0 flex-1 border-line-strong font-mono text-code')}
                />
                <IconButton
                  icon={X}
                  label={`Remove ${name}`}
                  onClick={() => onChange(matchers.filter((_, other) => other !== index))}
                />
              </div>
              {error !== undefined && <FieldError>{error}</FieldError>}
            </div>
          )
        })}
        <Button
          icon={Plus}
          size="small"
          className="self-start"
          blocked={matchers.length >= MOST ? `${MOST} at most` : undefined}
          onClick={() => onChange([...matchers, { label: '', op: '=', value: '' }])}
        >
          Add condition
        </Button>
        <p className="text-meta text-muted">
          A label of the event, or its service, source, title, severity, type or status. Patterns are regular
          expressions that match the whole value.
        </p>
      </div>
    </fieldset>
  )
}
