import { FolderOpen } from 'lucide-react'
import { useRef, useState } from 'react'
import type { ApplyPlan } from '../../../shared/contract/transfer.ts'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { FieldError, TextAreaField } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { useCommand } from '../../use-command.ts'
import { ProblemAction } from '../shell/problem-action.tsx'
import { PlanView } from './plan-view.tsx'

const MAX_BYTES = 16 * 1024 * 1024

/** Applies a document: first what it would change, then the change. Both are of the text as it stands in the field. */
export function ApplyDocument() {
  const { client } = useConsole()
  const offline = useWritable() ? undefined : 'Reconnecting'
  const file = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [plan, setPlan] = useState<ApplyPlan>()
  const [applied, setApplied] = useState<ApplyPlan>()
  const [problem, setProblem] = useState<Problem>()
  const [busy, setBusy] = useState<'plan' | 'apply'>()
  const [dragged, setDragged] = useState(false)

  const edit = (next: string): void => {
    setText(next)
    setPlan(undefined)
    setApplied(undefined)
    setProblem(undefined)
  }
  const read = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return
    if (chosen.size > MAX_BYTES) {
      setProblem({ code: 'too_large', message: `${chosen.name} is larger than 16 MiB.`, details: [] })
      return
    }
    edit(await chosen.text())
  }
  const run = async (what: 'plan' | 'apply'): Promise<void> => {
    if (blocked !== undefined || busy) return
    setBusy(what)
    setProblem(undefined)
    try {
      const answer = await client.transfer[what]({ document: text })
      if (what === 'plan') setPlan(answer)
      else {
        setApplied(answer)
        setPlan(undefined)
      }
    } catch (cause) {
      setProblem(problemOf(cause))
    } finally {
      setBusy(undefined)
    }
  }
  const blocked = offline ?? (text.trim() === '' ? 'Choose a file or paste a document first' : undefined)
  const changes = plan?.items.filter(({ action }) => action === 'create' || action === 'update').length ?? 0
  const invalid = plan?.items.some(({ action }) => action === 'invalid') ?? false
  const next = plan && !invalid && changes > 0 ? 'apply' : 'plan'
  useCommand('submit', () => void run(next))
  return (
    <>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-6" tabIndex={0} aria-label="Document to import">
        <div
          className={`max-w-200 rounded-panel ${dragged ? 'bg-accent-soft' : ''}`}
          onDragOver={(event) => {
            event.preventDefault()
            setDragged(true)
          }}
          onDragLeave={() => setDragged(false)}
          onDrop={(event) => {
            event.preventDefault()
            setDragged(false)
            void read(event.dataTransfer.files[0])
          }}
        >
          <TextAreaField
            label="An export of Gatehouse (YAML), or a configuration with mcpServers (JSON)"
            mono
            rows={8}
            value={text}
            placeholder={'{ "mcpServers": { "github": { "url": "https://example.com/mcp" } } }'}
            aside={
              <Button size="small" icon={FolderOpen} onClick={() => file.current?.click()}>
                Choose file
              </Button>
            }
            hint="Paste it, drop a file here, or choose one. Nothing is changed before you have seen the plan."
            onChange={(event) => edit(event.target.value)}
          />
          <input
            ref={file}
            type="file"
            aria-label="Document file"
            accept=".yaml,.yml,.json,.jsonc,.txt"
            className="hidden"
            onChange={(event) => {
              void read(event.target.files?.[0])
              event.target.value = ''
            }}
          />
        </div>
        {plan && <PlanView plan={plan} title="What it would change" />}
        {applied && <PlanView plan={applied} title="Applied" done />}
      </div>
      <footer className="flex-none border-t border-line px-6 py-3">
        <div aria-live="assertive">
          {problem && (
            <div className="mb-2 flex items-start gap-3">
              <FieldError>{[problem.message, ...problem.details.map(({ message }) => message)].join(' ')}</FieldError>
              <ProblemAction problem={problem} />
            </div>
          )}
        </div>
        <div className="flex justify-end gap-2">
          <Button
            look={next === 'plan' ? 'primary' : 'secondary'}
            busy={busy === 'plan'}
            blocked={blocked}
            {...(next === 'plan' ? { keys: keySigns('$mod+Enter') } : {})}
            onClick={() => void run('plan')}
          >
            Show plan
          </Button>
          {plan && (
            <Button
              look="primary"
              busy={busy === 'apply'}
              blocked={
                blocked ??
                (invalid ? 'Mend what is invalid first' : changes === 0 ? 'There is nothing to change' : undefined)
              }
              keys={keySigns('$mod+Enter')}
              onClick={() => void run('apply')}
            >
              Apply
            </Button>
          )}
        </div>
      </footer>
    </>
  )
}
