import type { JsonSchema, ParameterPlace, ParameterStyle } from '../../../shared/contract/rest.ts'
import { TextField } from '../../ui/field.tsx'
import { JsonDraftField } from './json-draft-field.tsx'
import { LabelledSelect } from './labelled-select.tsx'
import { argumentOf } from './tool-of-draft.ts'
import type { ParameterDraft } from './tool-draft.ts'

const styles: Record<ParameterPlace, readonly ParameterStyle[]> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'tabDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form', 'cookie'],
  body: ['form', 'spaceDelimited', 'pipeDelimited', 'tabDelimited', 'deepObject'],
}

/** What few parameters need: another name for agents, a constant, how lists and objects are written, the whole schema. */
export function ParameterMore({
  row,
  index,
  label,
  problems,
  onChange,
}: {
  row: ParameterDraft
  index: number
  label: string
  problems: Readonly<Record<string, string>>
  onChange: (changes: Partial<ParameterDraft>) => void
}) {
  const isConstant = row.constant !== undefined
  const known = styles[row.in]
  const shown = row.style === '' || known.includes(row.style) ? known : [...known, row.style]
  return (
    <div role="group" aria-label={`More of ${label}`} className="flex flex-col gap-3 rounded-panel bg-sunken p-3">
      <label className="flex items-center gap-2 select-none">
        <input
          type="checkbox"
          checked={isConstant}
          onChange={(event) =>
            onChange(event.target.checked ? { constant: row.fallback ?? '' } : { constant: undefined })
          }
          className="size-4"
        />
        Constant: sent with every call, not shown to agents
      </label>
      <div className="grid grid-cols-2 items-start gap-3">
        <div data-field={`parameters.${index}.argument`}>
          <TextField
            label="Name for agents"
            mono
            placeholder={argumentOf({ argument: '', name: row.name })}
            error={problems.argument}
            value={row.argument}
            onChange={(event) => onChange({ argument: event.target.value })}
          />
        </div>
        <TextField
          label="Content type"
          mono
          placeholder="None"
          error={problems.content_type}
          hint="Set it to send the value as JSON, for example."
          value={row.content_type}
          onChange={(event) => onChange({ content_type: event.target.value })}
        />
        <LabelledSelect
          label="Style of lists and objects"
          value={row.style}
          options={[
            { value: '', label: `Usual (${known[0] ?? 'form'})` },
            ...shown.map((value) => ({ value, label: value })),
          ]}
          onChange={(style) => onChange({ style })}
        />
        <LabelledSelect
          label="Items"
          value={row.explode === undefined ? '' : row.explode ? 'yes' : 'no'}
          options={[
            { value: '', label: 'Usual for the style' },
            { value: 'yes', label: 'Each by itself (explode)' },
            { value: 'no', label: 'In one value' },
          ]}
          onChange={(next) => onChange({ explode: next === '' ? undefined : next === 'yes' })}
        />
      </div>
      {(row.in === 'query' || row.in === 'body') && (
        <label className="flex items-center gap-2 select-none">
          <input
            type="checkbox"
            checked={row.allow_reserved}
            onChange={(event) => onChange({ allow_reserved: event.target.checked })}
            className="size-4"
          />
          Leave reserved characters such as / and : as they are
        </label>
      )}
      <JsonDraftField
        label="JSON Schema"
        name={`Schema of ${label}`}
        draft={row.schema}
        error={problems.schema}
        empty={{}}
        onChange={(schema) => onChange({ schema })}
        read={(value): JsonSchema | undefined =>
          typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value))
            ? (value as JsonSchema)
            : undefined
        }
      />
    </div>
  )
}
