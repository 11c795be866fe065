import { useId, useMemo, useState } from 'react'
import { parseJson } from '../../json/parse.ts'
import { FieldError } from '../../ui/field.tsx'
import { JsonEditor } from '../../ui/json-editor.tsx'
import type { JsonDraft } from './tool-draft.ts'

/** JSON that is part of a draft. What is typed and is not JSON yet stays as it is typed. */
export function JsonDraftField<Value>({
  label,
  name,
  draft,
  error,
  hint,
  empty,
  onChange,
  read,
}: {
  label: string
  /** For screen readers, where the label alone does not tell which. */
  name?: string
  draft: JsonDraft<Value>
  error?: string | undefined
  hint?: string
  /** What no text means. */
  empty: Value
  onChange: (draft: JsonDraft<Value>) => void
  /** What the text means here; undefined: it may be JSON, but not of this kind. */
  read: (value: unknown) => Value | undefined
}) {
  const id = useId()
  const [typed, setTyped] = useState<{ text: string; value: Value }>()
  const { text, value } = draft
  // As it was typed for as long as it means the same; set from elsewhere, it is written anew.
  const shown = useMemo(() => {
    if (text !== undefined) return text
    if (typed && typed.value === value) return typed.text
    return value === undefined ? '' : JSON.stringify(value, null, 2)
  }, [text, typed, value])
  const fault = useMemo(() => (text === undefined ? undefined : parseJson(text).fault), [text])
  const change = (next: string): void => {
    const isEmpty = next.trim() === ''
    const meant = isEmpty ? empty : read(plain(next))
    if (meant === undefined && !isEmpty) {
      onChange({ value, text: next })
      return
    }
    setTyped({ text: next, value: meant as Value })
    onChange({ value: meant as Value })
  }
  const told = fault ? `Line ${fault.line}, column ${fault.column}: ${fault.message}.` : error
  return (
    <div>
      <p className="mb-1 font-medium">{label}</p>
      <JsonEditor
        label={name ?? label}
        value={shown}
        onChange={change}
        grows
        fault={fault}
        invalid={error !== undefined}
        describedBy={told === undefined ? undefined : id}
      />
      {told !== undefined && <FieldError id={id}>{told}</FieldError>}
      {hint !== undefined && <p className="mt-1 text-meta text-muted">{hint}</p>}
    </div>
  )
}

function plain(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
