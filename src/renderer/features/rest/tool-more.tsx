import { useState } from 'react'
import type { JsonSchema } from '../../../shared/contract/rest.ts'
import { Button } from '../../ui/button.tsx'
import { TextAreaField, TextField } from '../../ui/field.tsx'
import { JsonDraftField } from './json-draft-field.tsx'
import { LabelledSelect } from './labelled-select.tsx'
import type { Hint, ToolDraft } from './tool-draft.ts'

const hints: { hint: Hint; label: string }[] = [
  { hint: 'readOnlyHint', label: 'Only reads' },
  { hint: 'destructiveHint', label: 'Can destroy' },
  { hint: 'idempotentHint', label: 'Safe to repeat' },
  { hint: 'openWorldHint', label: 'Reaches outside' },
]

/** What few tools need: less of the answer, hints for clients, what answers look like, a server of its own. */
export function ToolMore({
  draft,
  problems,
  onChange,
}: {
  draft: ToolDraft
  problems: ReadonlyMap<string, string>
  onChange: (changes: Partial<ToolDraft>) => void
}) {
  const [opened, setOpened] = useState(
    () => draft.projection !== '' || draft.base_url !== '' || Object.keys(draft.annotations).length > 0,
  )
  const open = opened || ['projection', 'base_url', 'output_schema', '$defs'].some((field) => problems.has(field))
  if (!open) {
    return (
      <Button look="quiet" size="small" className="-ml-2 self-start" onClick={() => setOpened(true)}>
        More: part of the answer, hints, output schema, another server
      </Button>
    )
  }
  return (
    <section aria-label="More" className="flex flex-col gap-4">
      <div data-field="projection">
        <TextAreaField
          label="Part of the answer"
          mono
          grows
          placeholder="All of it"
          hint="JSONPath of what agents get of a JSON answer, for example $.items[*].name. Several, one a line, each with a name: total: $.total."
          error={problems.get('projection')}
          value={draft.projection}
          onChange={(event) => onChange({ projection: event.target.value })}
        />
      </div>
      <fieldset>
        <legend className="mb-1 font-medium">Hints for clients</legend>
        <div className="grid grid-cols-2 gap-3">
          {hints.map(({ hint, label }) => {
            const set = draft.annotations[hint]
            return (
              <LabelledSelect
                key={hint}
                label={label}
                value={set === undefined ? '' : set ? 'yes' : 'no'}
                options={[
                  { value: '', label: 'By method' },
                  { value: 'yes', label: 'Yes' },
                  { value: 'no', label: 'No' },
                ]}
                onChange={(next) => {
                  const { [hint]: _before, ...others } = draft.annotations
                  onChange({ annotations: next === '' ? others : { ...others, [hint]: next === 'yes' } })
                }}
              />
            )
          })}
        </div>
      </fieldset>
      <div data-field="base_url">
        <TextField
          label="Another base URL"
          mono
          inputMode="url"
          placeholder="That of the integration"
          hint="Credentials go there only if the connection lists it."
          error={problems.get('base_url')}
          value={draft.base_url}
          onChange={(event) => onChange({ base_url: event.target.value })}
        />
      </div>
      <JsonDraftField
        label="Output schema"
        hint="Of the answer, where it is a JSON object. Agents get it with the tool."
        draft={draft.output_schema}
        error={problems.get('output_schema')}
        empty={undefined}
        onChange={(output_schema) => onChange({ output_schema })}
        read={readObject}
      />
      <JsonDraftField
        label="Shared schemas"
        hint="What schemas of this tool refer to as #/$defs/Name."
        draft={draft.$defs}
        error={problems.get('$defs')}
        empty={undefined}
        onChange={($defs) => onChange({ $defs })}
        read={(value) => readObject(value) as Record<string, JsonSchema> | undefined}
      />
    </section>
  )
}

function readObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
