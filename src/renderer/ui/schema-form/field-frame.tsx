import { type ReactNode, useId } from 'react'
import { classes } from '../classes.ts'
import { FieldError } from '../field.tsx'
import { ForeignText } from '../foreign-text.tsx'
import { LongText } from '../long-text.tsx'
import { detailWords } from './detail-words.ts'
import type { FieldProps } from './form-context.ts'

export interface Control {
  id: string
  labelId: string
  describedBy: string | undefined
  invalid: true | undefined
}

/** A field's name, what it is, its control, what is wrong with it, and what the schema says about it. */
export function FieldFrame({
  field,
  label,
  pointer,
  required,
  isItem,
  problem,
  aside,
  group,
  children,
}: FieldProps & {
  /** At the right end of the line of the label. */
  aside?: ReactNode
  /** Several controls under one name. */
  group?: boolean
  children: (control: Control) => ReactNode
}) {
  const id = useId()
  const labelId = `${id}label`
  const details = detailWords(field)
  const pattern = field.kind === 'text' ? field.pattern : undefined
  const described = [
    (field.title || field.description || pattern) && `${id}hint`,
    details && `${id}details`,
    problem && `${id}problem`,
  ].filter(Boolean)
  const name = <ForeignText className="font-mono text-code font-medium">{label}</ForeignText>
  return (
    <div data-field={pointer} {...(group ? { role: 'group', 'aria-labelledby': labelId } : {})}>
      <div className="mb-0.5 flex min-h-6 items-center gap-1.5">
        {group ? (
          <span id={labelId} className="min-w-0">
            {name}
          </span>
        ) : (
          <label id={labelId} htmlFor={id} className="min-w-0">
            {name}
          </label>
        )}
        {required && !isItem && (
          <span className="text-err" title="Required">
            <span aria-hidden>*</span>
            <span className="sr-only">required</span>
          </span>
        )}
        {field.deprecated && <span className="text-meta text-warn">deprecated</span>}
        <span id={`${id}details`} className="ml-auto min-w-0 text-right text-meta wrap-anywhere text-muted">
          {details}
        </span>
        {aside}
      </div>
      {children({ id, labelId, describedBy: described.join(' ') || undefined, invalid: problem ? true : undefined })}
      {problem && <FieldError id={`${id}problem`}>{problem}</FieldError>}
      {(field.title || field.description || pattern) && (
        <div id={`${id}hint`} className="mt-1 text-meta text-muted">
          {field.title && field.title !== label && (
            <ForeignText className={classes(field.description && 'mr-1 font-medium')}>
              {field.description ? `${field.title}.` : field.title}
            </ForeignText>
          )}
          {field.description && <LongText text={field.description} />}
          {pattern !== undefined && (
            <div>
              Pattern: <ForeignText className="font-mono">{pattern.slice(0, 200)}</ForeignText>
            </div>
          )}
        </div>
      )}
    </div>
  )
}

/** Sets null, or takes it away. */
export function NullToggle({
  label,
  isNull,
  onChange,
}: {
  label: string
  isNull: boolean
  onChange: (isNull: boolean) => void
}) {
  return (
    <button
      type="button"
      aria-label={`${label} is null`}
      aria-pressed={isNull}
      onClick={() => onChange(!isNull)}
      className="h-6 flex-none rounded-control px-1.5 font-mono text-code text-muted hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:text-accent-ink"
    >
      null
    </button>
  )
}
