import { type FocusEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import type { Problem } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { Field, FieldError, TextAreaField, TextField } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { NativeSelect } from '../../ui/schema-form/native-select.tsx'
import { useCommand } from '../../use-command.ts'
import { ProblemAction } from '../shell/problem-action.tsx'
import { BodyFields } from './body-fields.tsx'
import { ParameterList } from './parameter-list.tsx'
import { pastedPath, proposedName, withPath } from './path-parameters.ts'
import { methods } from './methods.ts'
import type { ParameterDraft, ToolDraft } from './tool-draft.ts'
import { ToolMore } from './tool-more.tsx'
import { toolOfDraft } from './tool-of-draft.ts'
import { ToolPreview } from './tool-preview.tsx'

export interface ToolEditorProps {
  initial: ToolDraft
  /** It can be saved as it is. */
  isNew?: boolean
  /** Names of the other tools. */
  taken: ReadonlySet<string>
  connection: RestConnectionDraft
  /** Why nothing can be sent to the API yet. */
  unready?: string | undefined
  saveLabel: string
  /** Why nothing can be saved now. */
  blocked?: string | undefined
  /** What renaming it would mean. */
  renameHint?: string | undefined
  onSave: (tool: RestTool) => Promise<Problem | undefined>
  onCancel: () => void
  /** Told whenever there is something that would be lost, or no longer. */
  onDirty?: (isDirty: boolean) => void
  /** Cancel asks first; where it leads to another screen, leaving asks. */
  asks?: boolean
}

/** One tool: its request at the left, what agents and the API see of it at the right. */
export function ToolEditor(props: ToolEditorProps) {
  const {
    initial,
    isNew = initial.name === '',
    taken,
    connection,
    unready,
    saveLabel,
    blocked,
    renameHint,
    onSave,
    onCancel,
    onDirty,
    asks,
  } = props
  const [draft, setDraft] = useState(initial)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [saving, setSaving] = useState(false)
  const [leaving, setLeaving] = useState(false)
  /** The name follows the request until somebody gives it one. */
  const [ownName, setOwnName] = useState(initial.name !== '')
  const form = useRef<HTMLFormElement>(null)

  const { tool, problems } = useMemo(() => toolOfDraft(draft, taken), [draft, taken])
  const shown = useMemo(
    () => problems.filter(({ field, message }) => tried || touched.has(field) || !message.startsWith('Enter a')),
    [problems, tried, touched],
  )
  const told = useMemo(() => new Map(shown.map(({ field, message }) => [field, message])), [shown])
  const isDirty = draft !== initial && !isSame(draft, initial)

  useEffect(() => onDirty?.(isDirty), [onDirty, isDirty])

  const edit = useCallback((change: (before: ToolDraft) => ToolDraft) => {
    setDraft(change)
  }, [])
  const set = useCallback((changes: Partial<ToolDraft>) => edit((before) => ({ ...before, ...changes })), [edit])
  const setRows = useCallback(
    (change: (rows: readonly ParameterDraft[]) => readonly ParameterDraft[]) =>
      edit((before) => withBodyOf({ ...before, parameters: change(before.parameters) })),
    [edit],
  )
  const named = (next: ToolDraft): ToolDraft =>
    ownName ? next : { ...next, name: proposedName(next.method, next.path) }

  const showProblems = (): void => {
    setTried(true)
    const [first] = problems
    if (!first) return
    // What was closed opens to show it, and has to be drawn before it can have the focus.
    requestAnimationFrame(() => {
      const place = form.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(first.field)}"]`)
      const control = place?.matches('input, select')
        ? place
        : place?.querySelector<HTMLElement>('input, textarea, select')
      control?.focus()
    })
  }
  const save = async (): Promise<void> => {
    if (saving || blocked !== undefined) return
    if (!tool) {
      showProblems()
      return
    }
    setSaving(true)
    setProblem(undefined)
    const failure = await onSave(tool)
    setSaving(false)
    setProblem(failure)
  }
  useCommand('save', () => void save())

  const touch = (event: FocusEvent): void => {
    const field = event.target.closest<HTMLElement>('[data-field]')?.dataset.field
    if (field !== undefined && !touched.has(field)) setTouched(new Set([...touched, field]))
  }
  const cancel = (): void => {
    if (asks && isDirty) setLeaving(true)
    else onCancel()
  }

  return (
    <>
      <form
        ref={form}
        noValidate
        aria-label="Tool"
        onSubmit={(event) => event.preventDefault()}
        onBlur={touch}
        className="@container min-h-0 flex-1 overflow-y-auto border-t border-line"
      >
        <div className="grid min-h-full @min-[720px]:h-full @min-[720px]:grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)]">
          <div className="flex min-h-0 flex-col gap-4 px-6 py-4 @min-[720px]:overflow-y-auto">
            <div className="grid grid-cols-[116px_minmax(0,1fr)] items-start gap-3">
              <Field label="Method">
                {({ className: _look, ...control }) => (
                  <NativeSelect
                    {...control}
                    invalid={told.has('method')}
                    value={draft.method}
                    onChange={(event) => edit((before) => named({ ...before, method: event.target.value }))}
                  >
                    {[...new Set([...methods, draft.method])].map((method) => (
                      <option key={method}>{method}</option>
                    ))}
                  </NativeSelect>
                )}
              </Field>
              <div data-field="path">
                <TextField
                  label="Path"
                  mono
                  autoFocus={initial.path === ''}
                  placeholder="/invoices/{id}"
                  hint="What is in { and } becomes a parameter."
                  error={told.get('path')}
                  value={draft.path}
                  onChange={(event) => {
                    const { method, path } = pastedPath(event.target.value, connection.rest.base_url)
                    edit((before) => named(withPath(method === undefined ? before : { ...before, method }, path)))
                  }}
                />
              </div>
            </div>
            <div className="grid grid-cols-2 items-start gap-3">
              <div data-field="name">
                <TextField
                  label="Name"
                  mono
                  placeholder="get_invoice"
                  error={told.get('name')}
                  hint={initial.name !== '' && draft.name.trim() !== initial.name ? renameHint : undefined}
                  value={draft.name}
                  onChange={(event) => {
                    setOwnName(event.target.value !== '')
                    set({ name: event.target.value })
                  }}
                />
              </div>
              <div data-field="title">
                <TextField
                  label="Title"
                  placeholder="Get an invoice"
                  error={told.get('title')}
                  value={draft.title}
                  onChange={(event) => set({ title: event.target.value })}
                />
              </div>
            </div>
            <div data-field="description">
              <TextAreaField
                label="Description"
                rows={2}
                placeholder="What it does, and when an agent should use it"
                error={told.get('description')}
                value={draft.description}
                onChange={(event) => set({ description: event.target.value })}
              />
            </div>
            <ParameterList
              rows={draft.parameters}
              problems={shown}
              bodyHasFields={draft.body.kind === 'fields'}
              onChange={setRows}
            />
            <BodyFields draft={draft} problems={told} onChange={edit} />
            <ToolMore draft={draft} problems={told} onChange={set} />
          </div>
          <div className="min-h-0 border-line bg-bg px-6 py-4 @max-[719px]:border-t @min-[720px]:overflow-y-auto @min-[720px]:border-l">
            <ToolPreview connection={connection} unready={unready} tool={tool} onIncomplete={showProblems} />
          </div>
        </div>
      </form>
      <footer className="flex-none border-t border-line px-6 py-3">
        <div aria-live="assertive">
          {problem && (
            <div className="mb-2 flex items-start gap-3">
              <FieldError>{problem.message}</FieldError>
              <ProblemAction problem={problem} />
            </div>
          )}
          {tried && problems.length > 0 && (
            <div className="mb-2">
              <FieldError>{summaryOf(problems.length, problems[0]?.message ?? '')}</FieldError>
            </div>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <Button onClick={cancel}>Cancel</Button>
          <Button
            look="primary"
            className="ml-auto"
            keys={keySigns('$mod+s')}
            busy={saving}
            blocked={blocked ?? (!isNew && !isDirty ? 'Nothing has changed' : undefined)}
            onClick={() => void save()}
          >
            {saveLabel}
          </Button>
        </div>
      </footer>
      <ConfirmDialog
        open={leaving}
        onClose={() => setLeaving(false)}
        onConfirm={onCancel}
        title="Leave without saving this tool?"
        confirm="Leave"
        cancel="Stay"
      >
        What you entered for it is not kept.
      </ConfirmDialog>
    </>
  )
}

/** A parameter in the body is a field of it, so that there has to be a body of fields. */
function withBodyOf(draft: ToolDraft): ToolDraft {
  if (draft.body.kind !== 'none' || !draft.parameters.some((row) => row.in === 'body')) return draft
  return { ...draft, body: { ...draft.body, kind: 'fields' } }
}

function isSame(one: ToolDraft, other: ToolDraft): boolean {
  const parts = ({ parked: _parked, ...draft }: ToolDraft): string => JSON.stringify(draft)
  return parts(one) === parts(other)
}

function summaryOf(count: number, first: string): string {
  return count === 1 ? first : `${count} fields need a look. ${first}`
}
