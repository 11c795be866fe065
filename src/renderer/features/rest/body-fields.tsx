import { useState } from 'react'
import type { JsonSchema } from '../../../shared/contract/rest.ts'
import { TextField } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { canHaveFields, contentTypes, withBodyKind, withContentType } from './body-kinds.ts'
import { JsonDraftField } from './json-draft-field.tsx'
import { LabelledSelect } from './labelled-select.tsx'
import type { BodyDraft, ToolDraft } from './tool-draft.ts'

const OTHER = 'other'

/** What is sent beside the address: nothing, fields that are arguments of their own, or one value. */
export function BodyFields({
  draft,
  problems,
  onChange,
}: {
  draft: ToolDraft
  problems: ReadonlyMap<string, string>
  onChange: (change: (draft: ToolDraft) => ToolDraft) => void
}) {
  const { body } = draft
  const known = contentTypes.find(({ value }) => value === body.content_type)
  const [other, setOther] = useState(!known)
  const isOther = other || !known
  const change = (changes: Partial<BodyDraft>): void =>
    onChange((before) => ({ ...before, body: { ...before.body, ...changes } }))
  return (
    <section aria-label="Body" className="flex flex-col gap-3">
      <Segmented
        label="Body"
        value={body.kind}
        options={[
          { value: 'none', label: 'None' },
          ...(canHaveFields(body.content_type) || body.kind === 'fields'
            ? [{ value: 'fields' as const, label: 'Fields' }]
            : []),
          { value: 'value', label: 'One value' },
        ]}
        onChange={(kind) => onChange((before) => withBodyKind(before, kind))}
      />
      {body.kind !== 'none' && (
        <div className="grid grid-cols-2 items-start gap-3">
          <LabelledSelect
            label="Content type"
            value={isOther ? OTHER : body.content_type}
            options={[...contentTypes.map(({ value, label }) => ({ value, label })), { value: OTHER, label: 'Other' }]}
            onChange={(next) => {
              setOther(next === OTHER)
              if (next !== OTHER) onChange((before) => withContentType(before, next))
            }}
          />
          {isOther && (
            <TextField
              label="Media type"
              mono
              placeholder="application/xml"
              error={problems.get('body.content_type')}
              value={body.content_type}
              onChange={(event) => change({ content_type: event.target.value })}
            />
          )}
        </div>
      )}
      {body.kind === 'fields' && (
        <p className="text-meta text-muted">Its fields are the parameters with the place Body, each an argument.</p>
      )}
      {body.kind === 'value' && (
        <>
          <label className="flex items-center gap-2 select-none">
            <input
              type="checkbox"
              checked={body.required}
              onChange={(event) => change({ required: event.target.checked })}
              className="size-4"
            />
            Required
          </label>
          <TextField
            label="Description of the body"
            value={body.description}
            hint="It is the argument body."
            onChange={(event) => change({ description: event.target.value })}
          />
          <JsonDraftField
            label="JSON Schema of the body"
            draft={body.schema}
            error={problems.get('body.schema')}
            empty={{}}
            onChange={(schema) => change({ schema })}
            read={readSchema}
          />
        </>
      )}
    </section>
  )
}

function readSchema(value: unknown): JsonSchema | undefined {
  if (typeof value === 'boolean') return value
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : undefined
}
