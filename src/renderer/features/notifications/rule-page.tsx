import { useBlocker, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { Channel } from '../../../shared/contract/channels.ts'
import type { Rule } from '../../../shared/contract/rules.ts'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useFaultFocus } from '../../ui/use-fault-focus.ts'
import { useCommand } from '../../use-command.ts'
import { DryRunPanel } from './dry-run-panel.tsx'
import { EditorBody, EditorFooter } from './editor-frame.tsx'
import {
  draftOfRule,
  emptyRule,
  errorsOfRule,
  type FieldErrors,
  firstByPath,
  ruleOfDraft,
  type RuleDraft,
  tryableOf,
} from './rule-draft.ts'
import { RuleFields } from './rule-fields.tsx'
import { useDryRun } from './use-dry-run.ts'
import { useNotices } from './use-notices.ts'

/** A rule at the left, and at the right what it would have made of the last events. */
export function RulePage() {
  const { id } = useParams({ from: '/notifications/rules/$id' })
  const { copy } = useSearch({ from: '/notifications/rules/$id' })
  const { channels, rules, problem, reload } = useNotices()
  const back = <BackLink to="/notifications/rules" label="Rules" />
  if (!channels || !rules) {
    return problem ? (
      <ErrorState title="The rules could not be loaded" problem={problem} onRetry={reload} />
    ) : (
      <SkeletonRows />
    )
  }
  const isNew = id === 'new'
  const from = rules.find((rule) => rule.id === (isNew ? copy : id))
  if (!isNew && !from) {
    return (
      <>
        <PageHeader title="Rule" back={back} />
        <EmptyState>This rule is not there any more.</EmptyState>
      </>
    )
  }
  return <RuleEditor key={`${id} ${copy ?? ''}`} from={from} isNew={isNew} channels={channels} />
}

function RuleEditor({
  from,
  isNew,
  channels,
}: {
  from: Rule | undefined
  isNew: boolean
  channels: readonly Channel[]
}) {
  const { client, stores } = useConsole()
  const navigate = useNavigate()
  const blocked = useWritable() ? undefined : 'Reconnecting'
  // What the editor began with: a change from elsewhere must not take away what is being typed.
  const [initial] = useState(() => {
    if (!from) return emptyRule()
    return isNew ? { ...draftOfRule(from), name: `${from.name} copy`.slice(0, 80) } : draftOfRule(from)
  })
  const [draft, setDraft] = useState<RuleDraft>(initial)
  const [errors, setErrors] = useState<FieldErrors>({})
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const done = useRef(false)
  const { place, showFault } = useFaultFocus<HTMLDivElement>()
  const faults = errorsOfRule(draft)
  const tryable = tryableOf(draft)
  const { run, problem } = useDryRun(tryable)
  const isDirty = JSON.stringify(draft) !== JSON.stringify(initial)
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty && !done.current,
    enableBeforeUnload: false,
    withResolver: true,
  })

  const change = (changes: Partial<RuleDraft>): void => {
    setDraft((before) => ({ ...before, ...changes }))
    setErrors({})
  }
  const save = async (): Promise<void> => {
    if (busy || blocked !== undefined) return
    setTried(true)
    if (Object.keys(faults).length > 0) {
      showFault()
      return
    }
    setBusy(true)
    try {
      const rule = ruleOfDraft(draft)
      stores.rules
        .getState()
        .put(isNew || !from ? await client.rules.create(rule) : await client.rules.update({ id: from.id, ...rule }))
      done.current = true
      void navigate({ to: '/notifications/rules' })
    } catch (cause) {
      const { message, details } = problemOf(cause)
      setErrors({ form: message, ...firstByPath(details) })
      showFault()
    } finally {
      setBusy(false)
    }
  }
  useCommand('submit', () => void save())
  useCommand('save', () => void save())

  const shown: FieldErrors = tried ? { ...faults, ...errors } : errors
  const dryRunError = problem ? (problem.details[0]?.message ?? problem.message) : undefined
  return (
    <>
      <PageHeader title={isNew ? 'Add rule' : initial.name} back={<BackLink to="/notifications/rules" label="Rules" />}>
        <label className="flex items-center gap-2">
          <span aria-hidden>On</span>
          <Switch
            label="The rule is on"
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.target.checked })}
          />
        </label>
      </PageHeader>
      <EditorBody
        label="Rule"
        place={place}
        isNew={isNew}
        form={<RuleFields draft={draft} errors={shown} channels={channels} onChange={change} />}
        aside={<DryRunPanel run={run} error={tryable && dryRunError} isOld={!tryable} channels={channels} />}
      />
      <EditorFooter>
        <div aria-live="polite" className="min-w-0 flex-1">
          {errors.form !== undefined && <FieldError>{errors.form}</FieldError>}
        </div>
        <Button onClick={() => void navigate({ to: '/notifications/rules' })}>Cancel</Button>
        <Button look="primary" busy={busy} blocked={blocked} keys={keySigns('$mod+Enter')} onClick={() => void save()}>
          {isNew ? 'Add rule' : 'Save rule'}
        </Button>
      </EditorFooter>
      <LeaveDialog blocker={blocker} title="Leave without saving?">
        The changes to this rule are not saved.
      </LeaveDialog>
    </>
  )
}
