import { type ComponentPropsWithRef, useId } from 'react'
import { SEVERITIES } from '../../../shared/contract/words.ts'
import type { SetupField } from '../../../shared/contract/setup.ts'
import { classes } from '../../ui/classes.ts'
import { Field, FieldError, type FieldProps, TextAreaField, TextField } from '../../ui/field.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { SeverityBadge } from '../incidents/severity-badge.tsx'
import { severityWords } from '../incidents/severity-words.ts'

interface SetupFieldInputProps {
  field: SetupField
  /** As the control holds it; of a secret what was typed. */
  value: unknown
  /** Of a secret that is kept. */
  stored: string | undefined
  error: string | undefined
  onChange: (value: unknown) => void
  onReplace: () => void
}

/** One field of a setup by its kind. */
export function SetupFieldInput({ field, value, stored, error, onChange, onReplace }: SetupFieldInputProps) {
  const { kind, label, help, placeholder, required, min, max, options } = field
  const hint = help === '' ? undefined : help
  const text = typeof value === 'string' ? value : ''
  const common = { label, error, hint, placeholder, 'aria-required': required || undefined }
  switch (kind) {
    case 'secret':
      return (
        <SecretField
          {...common}
          stored={stored}
          onReplace={onReplace}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'pem':
    case 'text_area':
    case 'pairs':
      return (
        <TextAreaField
          {...common}
          {...(kind === 'pairs' && { hint: hint ?? 'One a line, as Name: value' })}
          mono
          grows
          rows={kind === 'pairs' ? 2 : 3}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'choice':
      return (
        <Named label={label} hint={hint} error={error}>
          <Select label={label} value={text} options={options} onChange={onChange} className="min-w-50" />
        </Named>
      )
    case 'severities':
      return (
        <Severities
          field={field}
          hint={hint}
          error={error}
          value={value as Record<string, string>}
          onChange={onChange}
        />
      )
    case 'switch':
      return (
        <div className="flex items-start justify-between gap-4">
          <div>
            <p className="font-medium">{label}</p>
            {hint !== undefined && <p className="text-meta text-muted">{hint}</p>}
            {error !== undefined && <FieldError>{error}</FieldError>}
          </div>
          <Switch label={label} checked={value === true} onChange={(event) => onChange(event.target.checked)} />
        </div>
      )
    case 'number':
    case 'duration':
      return (
        <NumberField
          {...common}
          unit={kind === 'duration' ? 'seconds' : undefined}
          min={min ?? undefined}
          max={max ?? undefined}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'text':
    case 'url':
      return (
        <TextField
          {...common}
          mono={kind === 'url'}
          inputMode={kind === 'url' ? 'url' : undefined}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )
  }
}

/** A short field, with what it counts beside it; its help is as wide as that of the others. */
function NumberField({
  label,
  error,
  hint,
  unit,
  ...input
}: Pick<FieldProps, 'label' | 'error' | 'hint'> & { unit: string | undefined } & Omit<
    ComponentPropsWithRef<'input'>,
    'id' | 'className'
  >) {
  const unitId = useId()
  return (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <div className="flex items-center gap-2">
          <input
            type="text"
            inputMode="numeric"
            autoComplete="off"
            spellCheck={false}
            {...input}
            {...control}
            aria-describedby={classes(unit !== undefined && unitId, control['aria-describedby']) || undefined}
            className={classes(control.className, 'h-8 max-w-50')}
          />
          {unit !== undefined && (
            <span id={unitId} className="text-muted">
              {unit}
            </span>
          )}
        </div>
      )}
    </Field>
  )
}

function Severities({
  field,
  hint,
  error,
  value,
  onChange,
}: {
  field: SetupField
  hint: string | undefined
  error: string | undefined
  value: Readonly<Record<string, string>>
  onChange: (value: Record<string, string>) => void
}) {
  const [first] = field.options
  return (
    <Named label={field.label} hint={hint} error={error}>
      <div className="grid grid-cols-[90px_minmax(0,1fr)] items-center gap-x-3 gap-y-1.5">
        {SEVERITIES.map((severity) => (
          <div key={severity} className="contents">
            <SeverityBadge severity={severity} />
            <Select
              label={`${field.label}: ${severityWords[severity].word}`}
              value={value[severity] ?? first?.value ?? ''}
              options={field.options}
              onChange={(chosen) => onChange({ ...value, [severity]: chosen })}
              className="min-w-40 justify-self-start"
            />
          </div>
        ))}
      </div>
    </Named>
  )
}

function Named({
  label,
  hint,
  error,
  children,
}: {
  label: string
  hint: string | undefined
  error: string | undefined
  children: React.ReactNode
}) {
  return (
    <div role="group" aria-label={label}>
      <p className="mb-1 font-medium">{label}</p>
      {children}
      {error !== undefined && <FieldError>{error}</FieldError>}
      {hint !== undefined && <p className="mt-1 text-meta text-muted">{hint}</p>}
    </div>
  )
}
