import { Plus, X } from 'lucide-react'
import { useId } from 'react'
import type { Severity } from '../../../shared/contract/incidents.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook, FieldError, TextField } from '../../ui/field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useAddedFocus } from '../../ui/use-added-focus.ts'
import { severities, severityWords } from '../incidents/severity-words.ts'
import { LabelledSelect } from '../rest/labelled-select.tsx'
import { errorUnder, type FieldErrors, type QuietRangeDraft, type RuleDraft, weekdays } from './rule-draft.ts'

const NOTHING = 'nothing'
const MOST = 20
type QuietDraft = Pick<RuleDraft, 'isQuiet' | 'time_zone' | 'ranges' | 'except_severity'>

/** When notices wait for the morning, in whose time zone, and what is told all the same. */
export function QuietHours({
  draft,
  errors,
  onChange,
}: {
  draft: QuietDraft
  errors: FieldErrors
  onChange: (changes: Partial<QuietDraft>) => void
}) {
  const zones = useId()
  const { isQuiet, time_zone, ranges, except_severity } = draft
  const rows = useAddedFocus<HTMLDivElement>(ranges.length)
  const changeRange = (index: number, changes: Partial<QuietRangeDraft>): void =>
    onChange({ ranges: ranges.map((range, other) => (other === index ? { ...range, ...changes } : range)) })
  return (
    <fieldset>
      <legend className="sr-only">Quiet hours</legend>
      <label className="flex items-center gap-2">
        <Switch
          label="Quiet hours"
          checked={isQuiet}
          onChange={(event) => onChange({ isQuiet: event.target.checked })}
        />
        <span aria-hidden className="font-medium">
          Quiet hours
        </span>
      </label>
      <p className="mt-1 text-meta text-muted">
        What happens in them waits; what is still open when they end is told then, in one notice. Resolves go at once.
      </p>
      {isQuiet && (
        <div className="mt-3 flex flex-col gap-3 border-l border-line pl-4">
          <div ref={rows} className="flex flex-col gap-3">
            {ranges.map((range, index) => (
              <Range
                key={index}
                range={range}
                number={index + 1}
                error={errorUnder(errors, `quiet.ranges.${index}`)}
                onChange={(changes) => changeRange(index, changes)}
                {...(ranges.length > 1
                  ? { onRemove: () => onChange({ ranges: ranges.filter((_, other) => other !== index) }) }
                  : {})}
              />
            ))}
          </div>
          <Button
            icon={Plus}
            size="small"
            className="self-start"
            blocked={ranges.length >= MOST ? `${MOST} at most` : undefined}
            onClick={() => onChange({ ranges: [...ranges, { days: ['sat', 'sun'], from: '00:00', to: '24:00' }] })}
          >
            Add hours
          </Button>
          <datalist id={zones}>
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label="Time zone"
              list={zones}
              value={time_zone}
              error={errors['quiet.time_zone']}
              onChange={(event) => onChange({ time_zone: event.target.value })}
            />
            <LabelledSelect
              label="Told all the same"
              value={except_severity ?? NOTHING}
              onChange={(next: Severity | typeof NOTHING) =>
                onChange({ except_severity: next === NOTHING ? null : next })
              }
              options={[
                { value: NOTHING, label: 'Nothing' },
                ...severities
                  .filter((severity) => severity !== 'info')
                  .map((value) => ({
                    value,
                    label: value === 'critical' ? 'Critical' : `${severityWords[value].word} and worse`,
                  })),
              ]}
            />
          </div>
        </div>
      )}
    </fieldset>
  )
}

function Range({
  range,
  number,
  error,
  onChange,
  onRemove,
}: {
  range: QuietRangeDraft
  number: number
  error: string | undefined
  onChange: (changes: Partial<QuietRangeDraft>) => void
  onRemove?: () => void
}) {
  const overnight = range.from >= range.to
  return (
    <div role="group" aria-label={`Hours ${number}`} data-fault={error === undefined ? undefined : true}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Time label={`Hours ${number} from`} value={range.from} onChange={(from) => onChange({ from })} />
        <span className="text-muted">to</span>
        <Time label={`Hours ${number} to`} value={range.to} onChange={(to) => onChange({ to })} />
        {overnight && <span className="text-muted">of the next day</span>}
        {onRemove && <IconButton icon={X} label={`Remove hours ${number}`} onClick={onRemove} className="ml-auto" />}
      </div>
      <div className="mt-1 flex flex-wrap gap-x-3">
        {weekdays.map(({ id, word }) => (
          <label key={id} className="flex min-h-7 items-center gap-1.5">
            <input
              type="checkbox"
              className="size-4"
              aria-label={`${word} in hours ${number}`}
              checked={range.days.includes(id)}
              onChange={(event) =>
                onChange({
                  days: weekdays
                    .map((day) => day.id)
                    .filter((other) => (other === id ? event.target.checked : range.days.includes(other))),
                })
              }
            />
            <span aria-hidden>{word}</span>
          </label>
        ))}
      </div>
      {error !== undefined && <FieldError>{error}</FieldError>}
    </div>
  )
}

/** `24:00` is a time here, so no native time field. */
function Time({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <input
      aria-label={label}
      inputMode="numeric"
      placeholder="22:00"
      maxLength={5}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={classes(controlLook, 'h-8 w-20! border-line-strong tabular-nums')}
    />
  )
}
