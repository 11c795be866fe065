import { useState } from 'react'
import type { Setup, SetupField, SetupResult } from '../../../shared/contract/setup.ts'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { Fold } from '../../ui/fold.tsx'
import { keySigns } from '../../ui/keys.ts'
import { useFaultFocus } from '../../ui/use-fault-focus.ts'
import { useCommand } from '../../use-command.ts'
import { nameOf } from '../integrations/catalog-filter.ts'
import { SetupChecks } from './setup-checks.tsx'
import { draftOf, inputOf, shownFields, type SetupDraft } from './setup-draft.ts'
import { errorsOf, pathOf } from './setup-errors.ts'
import { SetupFieldInput } from './setup-field.tsx'
import { SetupOutcome } from './setup-outcome.tsx'
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
  /** Since the last run. */
  const [changed, setChanged] = useState<readonly string[]>([])
  const { run, apply, stop, clear } = useSetup(integration.name)
  const { place, showFault } = useFaultFocus<HTMLFormElement>()
  const writable = useWritable()
  const blocked = writable ? undefined : 'Reconnecting'
  const way = setup.ways.find(({ id }) => id === draft.way) ?? setup.ways[0]
  const name = nameOf(integration)
  const isSetUp = setup.current !== null
  const send = async (saveAnyway = false): Promise<void> => {
    if (way === undefined || run.running || blocked !== undefined) return
    setChanged([])
    const result = await apply({ ...inputOf(way, draft), save_anyway: saveAnyway })
    if (result?.saved === true) onSaved(result)
    else showFault()
  }
  useCommand('submit', () => void send())
  if (way === undefined) return null
  const fields = shownFields(way, draft)
  const errors = errorsOf(run, fields, changed)
  const failed = run.result !== undefined && !run.result.ok && !run.result.saved
  return (
    <form
      ref={place}
      aria-label={`Set up ${name}`}
      className="flex max-w-140 flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {setup.ways.length > 1 && (
        <WayChoice
          ways={setup.ways}
          chosen={way.id}
          onChange={(id) => {
            setDraft(draftOf(setup, id))
            clear()
          }}
        />
      )}
      {setup.ways.length === 1 && way.summary !== '' && <p className="text-muted">{way.summary}</p>}
      <SetupSteps steps={way.steps} />
      <Fields
        fields={fields}
        draft={draft}
        setup={setup}
        errors={errors}
        onChange={(next, field) => {
          setDraft(next)
          setChanged((before) => [...before, pathOf(field)])
        }}
      />
      <SetupChecks checks={run.checks} />
      <div className="flex flex-col gap-3">
        <SetupOutcome run={run} shown={fieldMessages(run.problem, errors)} />
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
        </div>
      </div>
    </form>
  )
}

function Fields({
  fields,
  draft,
  setup,
  errors,
  onChange,
}: {
  fields: readonly SetupField[]
  draft: SetupDraft
  setup: Setup
  errors: Readonly<Record<string, string>>
  onChange: (draft: SetupDraft, field: SetupField) => void
}) {
  const input = (field: SetupField) => {
    const isSecret = field.kind === 'secret'
    const stored = isSecret ? setup.current?.credentials[field.name] : undefined
    return (
      <SetupFieldInput
        key={field.name}
        field={field}
        value={isSecret ? (draft.secrets[field.name] ?? '') : draft.values[field.name]}
        stored={draft.replaced.includes(field.name) ? undefined : stored}
        error={errors[pathOf(field)]}
        onReplace={() => onChange({ ...draft, replaced: [...draft.replaced, field.name] }, field)}
        onChange={(value) =>
          onChange(
            isSecret
              ? { ...draft, secrets: { ...draft.secrets, [field.name]: String(value) } }
              : { ...draft, values: { ...draft.values, [field.name]: value } },
            field,
          )
        }
      />
    )
  }
  const advanced = fields.filter((field) => field.advanced)
  const hasError = advanced.some((field) => errors[pathOf(field)] !== undefined)
  return (
    <>
      {fields.filter((field) => !field.advanced).map(input)}
      {advanced.length > 0 && (
        <Fold title="More settings" hasError={hasError}>
          {advanced.map(input)}
        </Fold>
      )}
    </>
  )
}

/** A refusal repeats what its fields say, as long as they do. */
function fieldMessages(
  problem: ReturnType<typeof useSetup>['run']['problem'],
  errors: Readonly<Record<string, string>>,
) {
  if (!problem || problem.details.length === 0) return []
  const isShown = problem.details.every(({ path }) => path in errors)
  return isShown ? [problem.message] : []
}
