import { useMemo, useState } from 'react'
import { parseJson } from '../../json/parse.ts'
import { printJson } from '../../json/print.ts'
import { type JsonValue, Unfinished } from '../../json/value.ts'
import { Button } from '../button.tsx'
import { JsonEditor } from '../json-editor.tsx'
import { FieldFrame } from './field-frame.tsx'
import { type FieldProps, useForm } from './form-context.ts'

/**
 * Any value, as text. What is typed is kept as it is while it stays there; what is not JSON yet becomes an unfinished value
 * of the whole, and is never dropped.
 */
export function JsonField({
  value,
  why,
  ...props
}: FieldProps & {
  value: JsonValue | undefined
  /** Why there is no other control. */
  why: string
}) {
  const { label, pointer, required } = props
  const { set } = useForm()
  const [typed, setTyped] = useState<{ text: string; value: JsonValue | undefined }>()
  // Set from outside (the other view, the history): its own text is what there is.
  const text = useMemo(() => {
    if (typed && typed.value === value) return typed.text
    return value === undefined ? '' : printJson(value)
  }, [typed, value])
  const fault = useMemo(
    () => (value instanceof Unfinished && text !== '' ? parseJson(text).fault : undefined),
    [value, text],
  )

  const change = (next: string): void => {
    const parsed = next.trim() === '' ? undefined : parseJson(next)
    const nextValue = parsed && (parsed.fault ? new Unfinished(next) : parsed.value)
    setTyped({ text: next, value: nextValue })
    set(pointer, nextValue)
  }
  return (
    <FieldFrame
      {...props}
      problem={fault ? `Line ${fault.line}, column ${fault.column}: ${fault.message}.` : props.problem}
      group
      aside={
        !required &&
        value !== undefined && (
          <Button size="small" look="quiet" onClick={() => set(pointer, undefined)}>
            Remove
          </Button>
        )
      }
    >
      {({ describedBy, invalid }) => (
        <>
          <JsonEditor
            label={`${label} as JSON`}
            value={text}
            onChange={change}
            grows
            fault={fault}
            invalid={invalid ?? false}
            describedBy={describedBy}
          />
          <p className="mt-1 text-meta text-muted">Written as JSON: {why}.</p>
        </>
      )}
    </FieldFrame>
  )
}
