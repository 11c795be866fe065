import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Tool } from '../../../shared/contract/tools.ts'
import { type Parsed, parseJson } from '../../json/parse.ts'
import { firstUnfinished } from '../../json/pointer.ts'
import { isLongerThan, printJson } from '../../json/print.ts'
import { isObject, type JsonValue } from '../../json/value.ts'
import { useConsole } from '../../stores/console.tsx'
import type { ArgumentsView, Draft } from '../../stores/playground.ts'
import { readSchema } from '../../ui/schema-form/read-schema.ts'
import { initialValue } from '../../ui/schema-form/values.ts'

/** Reading a longer text takes too long to be done at each key. */
const LONG_TEXT = 200_000
const LONG_TEXT_SETTLE_MS = 500

/**
 * The arguments of one tool, kept while other tools are looked at. Whichever of form and text was changed last is what they
 * are; the other one is made from it, so that both show the same.
 */
export function useArguments(tool: Tool) {
  const { playground } = useConsole().stores
  const name = tool.gateway_name
  const view = useStore(playground, (state) => state.view)
  const kept = useStore(playground, (state) => state.drafts.get(name))
  const field = useMemo(() => readSchema(tool.input_schema), [tool.input_schema])
  const initial = useMemo(() => initialValue(field, true) ?? new Map(), [field])
  const draft = useMemo((): Draft => kept ?? { from: 'form', value: initial }, [kept, initial])

  const typed = useParsed(draft.from === 'text' ? draft.text : undefined, view === 'form')
  const value = draft.from === 'form' ? draft.value : typed?.value
  const fault = draft.from === 'form' ? undefined : typed?.fault
  const text = useMemo(
    () => (draft.from === 'text' ? draft.text : view === 'json' ? printJson(draft.value) : ''),
    [draft, view],
  )

  /** Read once, however long it is. */
  const read = useRef<{ draft: Draft; value: JsonValue | undefined }>(undefined)
  useEffect(() => {
    read.current = { draft, value }
  }, [draft, value])
  const edit = useCallback(
    (change: (value: JsonValue) => JsonValue) => {
      const before = playground.getState().drafts.get(name) ?? { from: 'form', value: initial }
      const known = read.current?.draft === before ? read.current.value : undefined
      const current = before.from === 'form' ? before.value : (known ?? parseJson(before.text).value)
      // A text that cannot be read has no form that could change it.
      if (current !== undefined) playground.getState().setDraft(name, { from: 'form', value: change(current) })
    },
    [playground, name, initial],
  )
  return {
    view,
    field,
    draft,
    value,
    text,
    fault,
    edit,
    type: (next: string) => playground.getState().setDraft(name, { from: 'text', text: next }),
    reset: () => playground.getState().setDraft(name, undefined),
    setView: (next: ArgumentsView) => playground.getState().setView(next),
  }
}

/** Longer arguments are checked when they are sent, not while they are written. */
const LONGEST_CHECKED = 500_000

export function checkable(draft: Draft): string | undefined {
  const long = draft.from === 'text' ? draft.text.length > LONGEST_CHECKED : isLongerThan(draft.value, LONGEST_CHECKED)
  return long ? undefined : sendable(draft).text
}

export type Sendable =
  { text: string; value: JsonValue } | { text?: undefined; problem: string; pointer?: string; offset?: number }

/** The JSON object to send, or what is in the way of it. */
export function sendable(draft: Draft): Sendable {
  if (draft.from === 'form') {
    const pointer = firstUnfinished(draft.value)
    if (pointer !== undefined) return { problem: `${pointer.slice(1)} is not finished.`, pointer }
    return isObject(draft.value) ? { text: printJson(draft.value, 0), value: draft.value } : notAnObject
  }
  const { value, fault } = parseJson(draft.text)
  if (fault) return { problem: `Line ${fault.line}, column ${fault.column}: ${fault.message}.`, offset: fault.offset }
  return isObject(value) ? { text: draft.text, value } : notAnObject
}

const notAnObject: Sendable = { problem: 'Arguments are a JSON object, in { and }.', offset: 0 }

/** A text as JSON: at once, or a moment later where it is long and nobody needs it yet. */
function useParsed(text: string | undefined, needed: boolean): Parsed | undefined {
  const now = text !== undefined && (needed || text.length < LONG_TEXT)
  const parsed = useMemo(() => (now ? parseJson(text) : undefined), [text, now])
  const [later, setLater] = useState<{ text: string; parsed: Parsed }>()
  useEffect(() => {
    if (now || text === undefined) return
    const timer = setTimeout(() => setLater({ text, parsed: parseJson(text) }), LONG_TEXT_SETTLE_MS)
    return () => clearTimeout(timer)
  }, [text, now])
  return parsed ?? (later?.text === text ? later?.parsed : undefined)
}
