import { memo } from 'react'
import type { Field } from './field.ts'
import { type FieldViewProps, noProblems } from './form-context.ts'
import { JsonField } from './json-field.tsx'
import { ListField } from './list-field.tsx'
import { ObjectField, VariantsField } from './object-field.tsx'
import { BooleanField, ChoiceField, NumberField, TextField } from './simple-fields.tsx'
import { fits } from './values.ts'

/** The control of one field. A value that its control cannot show is shown as JSON: it may be wrong, but it is there. */
export function FieldView({ problems, ...props }: FieldViewProps) {
  return <MemoField {...props} problems={hasFields(props.field) ? problems : noProblems} />
}

const MemoField = memo(function MemoField({ field, problems, ...props }: FieldViewProps) {
  if (!fits(field, props.value))
    return <JsonField {...props} field={field} why="its value is not what the schema says" />
  switch (field.kind) {
    case 'text':
      return <TextField {...props} field={field} />
    case 'number':
      return <NumberField {...props} field={field} />
    case 'boolean':
      return <BooleanField {...props} field={field} />
    case 'choice':
      return <ChoiceField {...props} field={field} />
    case 'object':
      return <ObjectField {...props} field={field} problems={problems} />
    case 'list':
      return <ListField {...props} field={field} problems={problems} />
    case 'variants':
      return <VariantsField {...props} field={field} problems={problems} />
    case 'json':
      return <JsonField {...props} field={field} why={field.reason} />
  }
})

/** Only they draw what is wrong in them; all others are drawn anew for their own problem alone. */
function hasFields({ kind }: Field): boolean {
  return kind === 'object' || kind === 'list' || kind === 'variants'
}
