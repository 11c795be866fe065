import { Plus } from 'lucide-react'
import { useCallback, useEffect, useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { countWords } from '../../ui/words.ts'
import { ParameterRow } from './parameter-row.tsx'
import type { ToolProblem } from './tool-of-draft.ts'
import { emptyParameter, type ParameterDraft } from './tool-draft.ts'

const none: Readonly<Record<string, string>> = {}

/** The parameters of a tool. Those of the path come and go with it. */
export function ParameterList({
  rows,
  problems,
  bodyHasFields,
  onChange,
}: {
  rows: readonly ParameterDraft[]
  problems: readonly ToolProblem[]
  bodyHasFields: boolean
  /** Gets a change to be made to the rows as they are then. */
  onChange: (change: (rows: readonly ParameterDraft[]) => readonly ParameterDraft[]) => void
}) {
  const list = useRef<HTMLUListElement>(null)
  const addButton = useRef<HTMLButtonElement>(null)
  const focusRow = useRef<number>(undefined)
  useEffect(() => {
    if (focusRow.current === undefined) return
    const row = list.current?.querySelector(`[data-parameter="${focusRow.current}"]`)
    focusRow.current = undefined
    row?.querySelector('input')?.focus()
  }, [rows])
  const change = useCallback(
    (id: number, changes: Partial<ParameterDraft>) =>
      onChange((before) => before.map((row) => (row.id === id ? { ...row, ...changes } : row))),
    [onChange],
  )
  const remove = useCallback(
    (id: number) => {
      onChange((before) => before.filter((row) => row.id !== id))
      // The button that had the focus is gone with its row.
      addButton.current?.focus()
    },
    [onChange],
  )
  const add = (place: ParameterDraft['in']): void => {
    const row = emptyParameter({ in: place })
    focusRow.current = row.id
    onChange((before) => [...before, row])
  }
  return (
    <section aria-label="Parameters">
      <div className="flex items-baseline gap-2">
        <h2 className="font-medium">Parameters</h2>
        {rows.length > 0 && <span className="text-meta text-muted">{countWords(rows.length, 'parameter')}</span>}
      </div>
      {rows.length === 0 && (
        <p className="text-muted">None yet. Write {'{id}'} into the path for one that is part of it.</p>
      )}
      <ul ref={list} className="@container flex flex-col">
        {rows.map((row, index) => (
          <ParameterRow
            key={row.id}
            row={row}
            index={index}
            problems={problemsOf(index, problems)}
            onChange={change}
            onRemove={remove}
          />
        ))}
      </ul>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button ref={addButton} size="small" icon={Plus} onClick={() => add('query')}>
          Add parameter
        </Button>
        {bodyHasFields && (
          <Button size="small" icon={Plus} onClick={() => add('body')}>
            Add body field
          </Button>
        )}
      </div>
    </section>
  )
}

function problemsOf(index: number, problems: readonly ToolProblem[]): Readonly<Record<string, string>> {
  const prefix = `parameters.${index}.`
  const own = problems.filter(({ field }) => field.startsWith(prefix))
  if (own.length === 0) return none
  return Object.fromEntries(own.map(({ field, message }) => [field.slice(prefix.length).split('.')[0] ?? '', message]))
}
