import { useMemo, useState } from 'react'
import type { Setup, SetupField, SetupResult, SetupWay } from '../../../shared/contract/setup.ts'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { keySigns } from '../../ui/keys.ts'
import { useCommand } from '../../use-command.ts'
import { nameOf } from '../integrations/catalog-filter.ts'
import { ProblemAction } from '../shell/problem-action.tsx'
import { SetupChecks } from './setup-checks.tsx'
import { draftOf, inputOf, shownFields, type SetupDraft } from './setup-draft.ts'
import { SetupFieldInput } from './setup-field.tsx'
import { SetupSteps } from './setup-steps.tsx'
import { useSetup } from './use-setup.ts'
import { WayChoice } from './way-choice.tsx'

interface SetupFormProps {
  integration: Integration
  setup: Setup
  /** It is stored now. */
  onSaved: (result: SetupResult) => void
}

/** Asks for what a system integration needs, checks it before anything is stored, and says what to mend. */
export function SetupForm({ integration, setup, onSaved }: SetupFormProps) {
  const [draft, setDraft] = useState(() => draftOf(setup))
  const { run, apply, verify, stop } = useSetup(integration.name)
  const writable = useWritable()
  const blocked = writable ? undefined : 'Reconnecting'
  const way = setup.ways.find(({ id }) => id === draft.way) ?? setup.ways[0]
  const errors = useMemo(() => errorsOf(run), [run])
  const name = nameOf(integration)
  const isSetUp = setup.current !== null
  const send = async (saveAnyway = false): Promise<void> => {
    if (way === undefined || run.running || blocked !== undefined) return
    const result = await apply({ ...inputOf(way, draft), save_anyway: saveAnyway })
    if (result?.saved === true) onSaved(result)
  }
  useCommand('submit', () => void send())
  if (way === undefined) return null
  const failed = run.result !== undefined && !run.result.ok && !run.result.saved
  return (
    <form
      aria-label={`Set up ${name}`}
      className="flex max-w-140 flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {setup.ways.length > 1 && (
        <WayChoice ways={setup.ways} chosen={way.id} onChange={(id) => setDraft(draftOf(setup, id))} />
      )}
      {setup.ways.length === 1 && way.summary !== '' && <p className="text-muted">{way.summary}</p>}
      <SetupSteps steps={way.steps} />
      <Fields way={way} draft={draft} setup={setup} errors={errors} onChange={setDraft} />
      <SetupChecks checks={run.checks} />
      <div aria-live="polite">
        {run.problem !== undefined && (
          <div className="flex items-start gap-3">
            <FieldError>
              <ForeignText>{run.problem.message}</ForeignText>
            </FieldError>
            <ProblemAction problem={run.problem} />
          </div>
        )}
        {run.result !== undefined && (
          <p className={run.result.ok ? 'text-ok' : 'text-err'}>
            <ForeignText>{run.result.message}</ForeignText>
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" keys={keySigns('$mod+Enter')} busy={run.running} blocked={blocked}>
          {way.signs_in ? 'Save and sign in' : isSetUp ? 'Check and save' : 'Connect'}
        </Button>
        {run.running && <Button onClick={stop}>Cancel</Button>}
        {failed && (
          <Button blocked={blocked} onClick={() => void send(true)}>
            Save anyway
          </Button>
        )}
        {isSetUp && !run.running && (
          <Button blocked={blocked} onClick={() => void verify()}>
            Verify connection
          </Button>
        )}
      </div>
    </form>
  )
}

function Fields({
  way,
  draft,
  setup,
  errors,
  onChange,
}: {
  way: SetupWay
  draft: SetupDraft
  setup: Setup
  errors: Readonly<Record<string, string>>
  onChange: (draft: SetupDraft) => void
}) {
  const shown = shownFields(way, draft)
  const input = (field: SetupField) => {
    const isSecret = field.kind === 'secret'
    const stored = isSecret ? setup.current?.credentials[field.name] : undefined
    return (
      <SetupFieldInput
        key={field.name}
        field={field}
        value={isSecret ? (draft.secrets[field.name] ?? '') : draft.values[field.name]}
        stored={draft.replaced.includes(field.name) ? undefined : stored}
        error={errors[`${isSecret ? 'credentials' : 'values'}.${field.name}`]}
        onReplace={() => onChange({ ...draft, replaced: [...draft.replaced, field.name] })}
        onChange={(value) =>
          onChange(
            isSecret
              ? { ...draft, secrets: { ...draft.secrets, [field.name]: String(value) } }
              : { ...draft, values: { ...draft.values, [field.name]: value } },
          )
        }
      />
    )
  }
  const advanced = shown.filter((field) => field.advanced)
  const hasError = advanced.some(({ kind, name }) => errors[`${kind === 'secret' ? 'credentials' : 'values'}.${name}`])
  return (
    <>
      {shown.filter((field) => !field.advanced).map(input)}
      {advanced.length > 0 && (
        <details {...(hasError && { open: true })}>
          <summary className="font-medium select-none">More settings</summary>
          <div className="mt-4 flex flex-col gap-5">{advanced.map(input)}</div>
        </details>
      )}
    </>
  )
}

/** By field: what the core refused, and what a check says of one. */
function errorsOf({ checks, problem }: Pick<ReturnType<typeof useSetup>['run'], 'checks' | 'problem'>) {
  const refused = (problem?.details ?? []).map(({ path, message }): [string, string] => [path, message])
  const failed = checks.flatMap(({ state, field, message }): [string, string][] =>
    state === 'failed' && field !== null ? [[field, message]] : [],
  )
  return Object.fromEntries([...failed, ...refused])
}
