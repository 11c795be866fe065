import { ChevronDown, ChevronRight, X } from 'lucide-react'
import { memo, useState } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook, FieldError } from '../../ui/field.tsx'
import { NativeSelect } from '../../ui/schema-form/native-select.tsx'
import { ParameterMore } from './parameter-more.tsx'
import { schemaTypes, typeOfSchema, withType } from './schema-types.ts'
import type { ParameterDraft } from './tool-draft.ts'

export interface ParameterRowProps {
  row: ParameterDraft
  index: number
  /** What is wrong, by field of the row. */
  problems: Readonly<Record<string, string>>
  onChange: (id: number, changes: Partial<ParameterDraft>) => void
  onRemove: (id: number) => void
}

const places = [
  { value: 'query', label: 'Query' },
  { value: 'header', label: 'Header' },
  { value: 'cookie', label: 'Cookie' },
  { value: 'body', label: 'Body' },
] as const

/** One parameter: what it is called, where it goes, what it takes. What few need is behind its arrow. */
export const ParameterRow = memo(function ParameterRow({
  row,
  index,
  problems,
  onChange,
  onRemove,
}: ParameterRowProps) {
  const [opened, setOpened] = useState(false)
  const label = row.name.trim() || `parameter ${index + 1}`
  const change = (changes: Partial<ParameterDraft>): void => onChange(row.id, changes)
  const inPath = row.in === 'path'
  const isConstant = row.constant !== undefined
  const type = typeOfSchema(row.schema.value)
  const open = opened || ['argument', 'style', 'explode', 'content_type', 'schema'].some((field) => problems[field])
  const input = (field: string, mono = true): string =>
    classes(
      controlLook,
      'h-8 min-w-0',
      mono && 'font-mono text-code',
      problems[field] ? 'border-err' : 'border-line-strong',
    )
  const told = Object.entries(problems).filter(([field]) =>
    ['name', 'default', 'constant', 'description'].includes(field),
  )
  const Arrow = open ? ChevronDown : ChevronRight
  return (
    <li
      aria-label={label}
      data-parameter={row.id}
      className="flex flex-col gap-1.5 border-b border-line py-2.5 last:border-b-0"
    >
      <div className="grid grid-cols-[minmax(0,1fr)_92px_92px_auto] items-center gap-1.5 @max-[420px]:grid-cols-2">
        <input
          aria-label={`Name of ${label}`}
          data-field={`parameters.${index}.name`}
          placeholder="name"
          autoComplete="off"
          spellCheck={false}
          value={row.name}
          readOnly={inPath}
          title={inPath ? 'Its name is in the path' : undefined}
          aria-invalid={problems.name ? true : undefined}
          onChange={(event) => change({ name: event.target.value })}
          className={input('name')}
        />
        {inPath ? (
          <span className="px-2.5 text-muted">Path</span>
        ) : (
          <NativeSelect
            aria-label={`Place of ${label}`}
            invalid={false}
            value={row.in}
            onChange={(event) =>
              change({ in: event.target.value as ParameterDraft['in'], style: '', explode: undefined })
            }
          >
            {places.map(({ value, label: words }) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </NativeSelect>
        )}
        <NativeSelect
          aria-label={`Type of ${label}`}
          invalid={problems.schema !== undefined}
          value={type}
          onChange={(event) => {
            const next = event.target.value
            const known = schemaTypes.find((each) => each === next) ?? 'any'
            change({ schema: { value: withType(row.schema.value, known) } })
          }}
        >
          {schemaTypes.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
          <option value="any">any</option>
          {type === 'custom' && <option value="custom">schema</option>}
        </NativeSelect>
        <div className="flex items-center justify-end">
          {isConstant ? (
            <span className="mr-1 w-19 text-meta text-muted" title="Sent with every call, not shown to agents">
              constant
            </span>
          ) : (
            <label className="mr-1 flex h-8 w-19 items-center gap-1.5 text-meta text-muted select-none">
              <input
                type="checkbox"
                aria-label={`${label} is required`}
                checked={row.required || inPath}
                disabled={inPath}
                onChange={(event) => change({ required: event.target.checked })}
                className="size-4"
              />
              required
            </label>
          )}
          <IconButton
            icon={Arrow}
            size="small"
            label={`More of ${label}`}
            aria-expanded={open}
            onClick={() => setOpened(!open)}
          />
          {inPath ? (
            <span className="size-6" />
          ) : (
            <IconButton icon={X} size="small" label={`Remove ${label}`} onClick={() => onRemove(row.id)} />
          )}
        </div>
      </div>
      <div
        className={classes(
          'grid gap-1.5',
          // What is always given needs no default.
          (!inPath || isConstant) && 'grid-cols-[minmax(0,1fr)_190px] @max-[420px]:grid-cols-1',
        )}
      >
        <input
          aria-label={`Description of ${label}`}
          data-field={`parameters.${index}.description`}
          placeholder={isConstant ? 'What it is for' : 'What agents should know about it'}
          autoComplete="off"
          value={row.description}
          onChange={(event) => change({ description: event.target.value })}
          className={input('description', false)}
        />
        {isConstant ? (
          <input
            aria-label={`Constant value of ${label}`}
            data-field={`parameters.${index}.constant`}
            placeholder="value"
            autoComplete="off"
            spellCheck={false}
            value={row.constant ?? ''}
            aria-invalid={problems.constant ? true : undefined}
            onChange={(event) => change({ constant: event.target.value })}
            className={input('constant')}
          />
        ) : inPath ? null : (
          <input
            aria-label={`Default of ${label}`}
            data-field={`parameters.${index}.default`}
            placeholder="default"
            autoComplete="off"
            spellCheck={false}
            value={row.fallback ?? ''}
            aria-invalid={problems.default ? true : undefined}
            onChange={(event) => change({ fallback: event.target.value === '' ? undefined : event.target.value })}
            className={input('default')}
          />
        )}
      </div>
      {told.map(([field, message]) => (
        <FieldError key={field}>{message}</FieldError>
      ))}
      {open && <ParameterMore row={row} index={index} label={label} problems={problems} onChange={change} />}
    </li>
  )
})
