import { useBlocker, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { FormProvider, useForm, useWatch } from 'react-hook-form'
import type { Integration, ShownRestSettings } from '../../../shared/contract/integrations.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { useConsole, usePlanLock, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useCommand } from '../../use-command.ts'
import { nameOf } from '../integrations/catalog-filter.ts'
import { isSignIn } from '../oauth/choose-oauth.ts'
import { useSignIn } from '../oauth/use-sign-in.ts'
import { emptyRestAddValues, restAddResolver } from '../rest/rest-add-values.ts'
import { restValuesOf } from '../rest/rest-values.ts'
import { PlanNotice } from '../workspaces/plan-notice.tsx'
import { ConnectionStep } from './connection-step.tsx'
import { faultOf } from './fault-place.ts'
import { useHandOver } from './hand-over.ts'
import { chosenTools, existingOf, type ImportState, startImport } from './import-state.ts'
import { readStep, type Step, stepsOf } from './import-steps.ts'
import { connectionFields, type ImportValues, proposedValues, withProposed } from './import-values.ts'
import { OperationsStep } from './operations-step.tsx'
import { OwnServerChoice } from './own-server-choice.tsx'
import { ownServerOf } from './own-server.ts'
import { placeImportProblem } from './place-import-problem.ts'
import { NameFields, ReviewStep } from './review-step.tsx'
import { addImported, createImported } from './save-import.ts'
import { SourceStep } from './source-step.tsx'
import { type SourceDraft, sourceOfText } from './spec-source.ts'
import { Stepper } from './stepper.tsx'
import { nameProblems } from './tool-names.ts'
import { UrlCredentials, urlConnection } from './url-credentials.tsx'
import { type SpecSource, usePreview } from './use-preview.ts'
import { WizardFooter } from './wizard-footer.tsx'

export type RestIntegration = Integration & { rest: ShownRestSettings }

const NO_TOOLS: readonly RestTool[] = []

/**
 * Source > Operations > Connection > Review. A document is read as soon as it is there, its reading operations are selected,
 * and whatever it says of the connection is filled in: a person drops a file, looks through it, and pastes a token.
 */
export function ImportWizard({ existing }: { existing?: RestIntegration }) {
  const { client, stores } = useConsole()
  const navigate = useNavigate()
  const search = useSearch({ from: '/integrations/new/openapi' })
  const planLock = usePlanLock()
  const writable = useWritable()
  const handed = useHandOver()
  const { reading, read, cancel, forget } = usePreview()
  const [state, setState] = useState<ImportState>()
  const [draft, setDraft] = useState<SourceDraft>({ url: '' })
  const [handedFiles, setHandedFiles] = useState(handed?.files)
  const [urlAuth, setUrlAuth] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [saving, setSaving] = useState(false)
  const proposed = useRef<Partial<ImportValues>>(undefined)
  const done = useRef(false)

  const taken = useMemo(() => () => new Set(Object.keys(stores.integrations.getState().byName)), [stores])
  const form = useForm<ImportValues>({
    // The connection of an integration is not asked for again, and neither is its name.
    ...(existing ? {} : { resolver: restAddResolver(taken) }),
    defaultValues: { ...emptyRestAddValues(), ...(existing ? restValuesOf(existing) : handed?.values) },
    mode: 'onTouched',
  })
  const { isDirty } = form.formState
  const [baseUrl, auth_type, oauth] = useWatch({ control: form.control, name: ['base_url', 'auth_type', 'oauth'] })
  const signIn = useSignIn()
  const createLabel = isSignIn({ auth_type, oauth }) ? 'Create and sign in' : 'Create integration'

  const drafted = handed?.tools ?? NO_TOOLS
  const had = useMemo(() => existingOf(existing?.rest.tools ?? drafted), [existing, drafted])
  const problems = useMemo(
    () => (state ? nameProblems(chosenTools(state), state.edits, had.names) : new Map<string, string>()),
    [state, had],
  )
  const steps = stepsOf(existing !== undefined)
  const step = readStep(search.step, steps, state !== undefined)
  const ownServer = existing && state ? ownServerOf(state, existing.rest.base_url) : undefined
  const blocked = planLock ?? (writable ? undefined : 'Reconnecting')

  const isUnsaved = state !== undefined || isDirty || draft.url !== '' || (draft.text ?? '') !== ''
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isUnsaved && !done.current && current.pathname !== next.pathname,
    enableBeforeUnload: false,
    withResolver: true,
  })

  const change = (changes: Partial<ImportState>): void =>
    setState((before) => (before ? { ...before, ...changes } : before))
  const go = (to: Step): void => {
    setProblem(undefined)
    const into = existing ? { into: existing.name } : {}
    void navigate({ to: '/integrations/new/openapi', search: to === 'source' ? into : { ...into, step: to } })
  }

  const readSource = async (source: SpecSource): Promise<void> => {
    setHandedFiles(undefined)
    const { preview, problem: failure } = await read(
      source.kind === 'url'
        ? {
            ...source,
            connection: urlConnection(form.getValues(), source.url, { open: urlAuth, name: existing?.name }),
          }
        : source,
    )
    // Its text is at hand to be mended, in the place where it stopped being readable.
    if (failure && source.kind === 'file' && faultOf(failure, source.text)) {
      setDraft(({ url }) => ({ url, text: source.text, of: source }))
    }
    if (!preview) return
    setState(startImport(source, preview, had))
    setDraft({ url: source.kind === 'url' ? source.url : '' })
    if (!existing) {
      const next = proposedValues(preview, taken())
      form.reset(withProposed(form.getValues(), next, proposed.current), { keepDefaultValues: true })
      proposed.current = next
    }
    go('operations')
  }

  const save = async (): Promise<void> => {
    if (!state || saving || blocked !== undefined) return
    setProblem(undefined)
    setSaving(true)
    try {
      const integration = existing
        ? await addImported(client, state, form.getValues(), existing.name)
        : await createImported(client, state, form.getValues(), drafted)
      stores.integrations.getState().put(integration)
      done.current = true
      if (!existing && isSignIn(form.getValues())) void signIn.begin(integration.name)
      await navigate({ to: '/integrations/$slug/tools', params: { slug: integration.name } })
    } catch (cause) {
      const placed = placeImportProblem(problemOf(cause), form.getValues(), chosenTools(state))
      const isElsewhere = !existing && placed.fields.some(({ field }) => isConnectionField(field))
      if (isElsewhere) go('connection')
      for (const { field, message } of placed.fields) form.setError(field as keyof ImportValues, { message })
      setProblem(placed.problem)
    } finally {
      setSaving(false)
    }
  }

  const after = steps[steps.indexOf(step) + 1]
  const before = steps[steps.indexOf(step) - 1]
  const notReady = blockedAt(step, state, draft, problems.size)
  const next = async (): Promise<void> => {
    if (notReady !== undefined || reading.state === 'reading') return
    if (step === 'source' && draft.text !== undefined && draft.text.trim() !== '') {
      await readSource(sourceOfText(draft.text, draft.of))
    } else if (step === 'source' && draft.url.trim() !== '' && !isRead(state, draft.url)) {
      await readSource({ kind: 'url', url: draft.url.trim() })
    } else if (step === 'review') {
      if (existing || (await form.trigger(undefined, { shouldFocus: true }))) await save()
      else if (Object.keys(form.formState.errors).some(isConnectionField)) go('connection')
    } else if (step !== 'connection' || (await form.trigger(connectionFields, { shouldFocus: true }))) {
      if (after) go(after)
    }
  }
  useCommand('submit', () => void next())

  return (
    <FormProvider {...form}>
      <PageHeader
        title={existing ? `Import into ${nameOf(existing)}` : 'Import OpenAPI'}
        back={<BackLink to="/integrations" label="Integrations" />}
      />
      <PlanNotice />
      <Stepper steps={steps} current={step} reachable={(to) => state !== undefined || to === 'source'} onGo={go} />
      {step === 'source' && (
        <SourceStep
          reading={reading}
          read={{ source: state?.source, preview: state?.preview }}
          draft={draft}
          blocked={writable ? undefined : 'Reconnecting'}
          handed={handedFiles}
          credentials={!existing && <UrlCredentials url={draft.url} open={urlAuth} onOpen={setUrlAuth} />}
          onDraft={setDraft}
          onRead={(source) => void readSource(source)}
          onCancel={cancel}
          onForget={forget}
        />
      )}
      {state && step === 'operations' && (
        <OperationsStep
          state={state}
          problems={problems}
          baseUrl={state.ownServer && ownServer !== undefined ? ownServer : baseUrl}
          left={state.preview.tools.length - state.tools.length}
          onChange={change}
        />
      )}
      {state && step === 'connection' && <ConnectionStep state={state} onChange={change} />}
      {state && step === 'review' && (
        <ReviewStep state={state}>
          {!existing && <NameFields />}
          {existing && ownServer !== undefined && (
            <OwnServerChoice
              state={state}
              ownServer={ownServer}
              baseUrl={existing.rest.base_url}
              onChange={(own) => change({ ownServer: own })}
            />
          )}
        </ReviewStep>
      )}
      <WizardFooter
        problem={problem}
        busy={saving || reading.state === 'reading'}
        blocked={notReady ?? (step === 'review' ? blocked : undefined)}
        label={step === 'review' ? (existing ? 'Add tools' : createLabel) : 'Next'}
        onNext={() => void next()}
        onBack={before && (() => go(before))}
        onCancel={() =>
          existing
            ? void navigate({ to: '/integrations/$slug/tools', params: { slug: existing.name } })
            : void navigate({ to: '/integrations' })
        }
      />
      <LeaveDialog blocker={blocker} title="Leave the import?">
        Nothing of it is stored yet.
      </LeaveDialog>
    </FormProvider>
  )
}

/** Why a step cannot be left yet. */
function blockedAt(
  step: Step,
  state: ImportState | undefined,
  draft: SourceDraft,
  problems: number,
): string | undefined {
  if (step === 'source') {
    const hasDraft = (draft.text ?? '').trim() !== '' || draft.url.trim() !== ''
    return state || hasDraft ? undefined : 'Choose a document first'
  }
  if (state?.selected.size === 0) return 'Select at least one operation'
  if (problems > 0) return problems === 1 ? 'Mend the name first' : `Mend the ${problems} names first`
  return undefined
}

function isRead(state: ImportState | undefined, url: string): boolean {
  return state?.source.kind === 'url' && state.source.url === url.trim()
}

function isConnectionField(field: string): boolean {
  return (connectionFields as string[]).includes(field.split('.', 1)[0] ?? '')
}
