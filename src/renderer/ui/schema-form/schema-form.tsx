import { useMemo } from 'react'
import { withValueAt } from '../../json/pointer.ts'
import { isObject, type JsonValue } from '../../json/value.ts'
import type { Field } from './field.ts'
import { FieldView } from './field-view.tsx'
import { type FieldViewProps, type FormActions, FormContext, noProblems, type Problems } from './form-context.ts'
import { ObjectFields } from './object-field.tsx'

export interface SchemaFormProps {
  /** For screen readers. */
  label: string
  field: Field
  value: JsonValue
  /** Gets a change to be made to the value as it is then. The same function each time, or every field is drawn anew. */
  onChange: (change: (value: JsonValue) => JsonValue) => void
  problems?: Problems
}

/** A form for the values of a JSON Schema, as `readSchema` has read it. */
export function SchemaForm({ label, field, value, onChange, problems = noProblems }: SchemaFormProps) {
  const actions = useMemo(
    (): FormActions => ({
      set: (pointer, next) => onChange((before) => withValueAt(before, pointer, next)),
      draw: (props) => <FieldView key={props.pointer} {...props} />,
    }),
    [onChange],
  )
  const root: FieldViewProps = {
    field,
    label: 'arguments',
    pointer: '',
    value,
    required: true,
    problems,
    problem: problems.get(''),
  }
  return (
    <FormContext value={actions}>
      <div role="form" aria-label={label}>
        {field.kind === 'object' && isObject(value) ? (
          <ObjectFields field={field} pointer="" value={value} problems={problems} />
        ) : (
          <FieldView {...root} />
        )}
      </div>
    </FormContext>
  )
}
