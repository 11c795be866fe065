import '../../zod-jitless.ts'
import { useBlocker, useNavigate } from '@tanstack/react-router'
import { Import } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { FormProvider, useForm, useWatch } from 'react-hook-form'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { useConsole, useIntegrations, usePlanLock, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Button } from '../../ui/button.tsx'
import { FieldError, TextAreaField, TextField } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useCommand } from '../../use-command.ts'
import { freeName, titleOf } from '../add/slug-proposal.ts'
import { TestPanel } from '../connection/test-panel.tsx'
import { useConnectionTest } from '../connection/use-connection-test.ts'
import { isSignIn } from '../oauth/choose-oauth.ts'
import { useSignIn } from '../oauth/use-sign-in.ts'
import { useGoToImport } from '../openapi-import/hand-over.ts'
import { ImportDropTarget } from '../openapi-import/import-drop-target.tsx'
import { ProblemAction } from '../shell/problem-action.tsx'
import { PlanNotice } from '../workspaces/plan-notice.tsx'
import { draftConnection } from './draft-connection.ts'
import { DraftedTools } from './drafted-tools.tsx'
import { emptyRestAddValues, type RestAddValues, restAddResolver, toNewRest } from './rest-add-values.ts'
import { BaseUrlField, RestConnectionFields } from './rest-connection-fields.tsx'
import { placeRestDetails } from './rest-errors.ts'
import { toRestConnection, toRestCredentials } from './rest-values.ts'
import { slugOfApi } from './slug-of-api.ts'
import { draftOfTool, emptyTool, type ToolDraft } from './tool-draft.ts'
import { ToolEditor } from './tool-editor.tsx'
import { copyName } from './tool-list.ts'

/** A tool in the editor. Without a place it is new. */
interface Edited {
  draft: ToolDraft
  index: number | undefined
}

/** Add REST API: an address, how to sign in, and the requests that agents may make. */
export function RestPage() {
  const { client, stores } = useConsole()
  const navigate = useNavigate()
  const goToImport = useGoToImport()
  const byName = useIntegrations((state) => state.byName)
  const taken = useMemo(() => new Set(Object.keys(byName)), [byName])
  const planLock = usePlanLock()
  const writable = useWritable()
  const { test, run, cancel, reset } = useConnectionTest()
  const signIn = useSignIn()

  const [tools, setTools] = useState<readonly RestTool[]>([])
  const [edited, setEdited] = useState<Edited>()
  const [more, setMore] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [saving, setSaving] = useState(false)
  const done = useRef(false)
  const proposed = useRef({ name: '', display_name: '' })
  const addButton = useRef<HTMLButtonElement>(null)
  const submitButton = useRef<HTMLButtonElement>(null)

  const resolver = useMemo(
    () => restAddResolver(() => new Set(Object.keys(stores.integrations.getState().byName))),
    [stores],
  )
  const form = useForm<RestAddValues>({ resolver, defaultValues: emptyRestAddValues(), mode: 'onTouched' })
  const { errors, isDirty, dirtyFields } = form.formState
  const [auth_type, oauth] = useWatch({ control: form.control, name: ['auth_type', 'oauth'] })
  const signsIn = isSignIn({ auth_type, oauth })
  const blocked = planLock ?? (writable ? undefined : 'Reconnecting')

  const blocker = useBlocker({
    shouldBlockFn: () => (isDirty || tools.length > 0 || edited !== undefined) && !done.current,
    enableBeforeUnload: false,
    withResolver: true,
  })
  const returned = useRef(false)
  useEffect(() => {
    if (edited === undefined && returned.current) addButton.current?.focus()
    returned.current = edited !== undefined
  }, [edited])

  /** The name follows the address, key by key, until somebody gives it another. */
  const proposeName = (baseUrl: string): void => {
    const slug = slugOfApi(baseUrl)
    const next = slug ? { name: freeName(slug, taken), display_name: titleOf(slug) } : { name: '', display_name: '' }
    for (const field of ['name', 'display_name'] as const) {
      const now = form.getValues(field)
      if (now !== '' && now !== proposed.current[field]) continue
      form.setValue(field, next[field], { shouldDirty: true, shouldValidate: errors[field] !== undefined })
    }
    proposed.current = next
  }
  const showDetails = (failure: Problem, values: RestAddValues): void => {
    const details =
      failure.code === 'name_taken'
        ? [{ path: 'name', message: `${values.name} is already used in this workspace.` }]
        : failure.details
    const placed = placeRestDetails(details, values)
    for (const { field, message } of placed.fields) form.setError(field as keyof RestAddValues, { message })
    const [first] = placed.fields
    if (first) form.setFocus(first.field as keyof RestAddValues)
    if (first && placed.rest.length === 0) return
    setProblem({ ...failure, message: [failure.message, ...placed.rest].join(' ') })
  }

  const testNow = form.handleSubmit(async (values) => {
    const credentials = toRestCredentials(values)
    const { rest, ...connection } = toRestConnection(values)
    const result = await run({
      ...connection,
      rest: { ...rest, tools: [...tools] },
      ...(credentials ? { credentials } : {}),
    })
    if (!result?.error?.field) return
    const { fields } = placeRestDetails([{ path: result.error.field, message: result.error.message }], values)
    for (const { field, message } of fields) form.setError(field as keyof RestAddValues, { message })
  })

  /** Whether it works shows once somebody has signed in: the next step is to add it. */
  const chooseOAuth = (): void => {
    form.setValue('auth_type', 'oauth2', { shouldDirty: true })
    form.clearErrors()
    reset()
    submitButton.current?.focus()
  }

  const submit = async (values: RestAddValues): Promise<void> => {
    if (blocked) return
    setProblem(undefined)
    setSaving(true)
    try {
      const integration = await client.integrations.create(toNewRest(values, tools))
      stores.integrations.getState().put(integration)
      done.current = true
      if (isSignIn(values)) void signIn.begin(integration.name)
      await navigate({ to: '/integrations/$slug/tools', params: { slug: integration.name } })
    } catch (cause) {
      showDetails(problemOf(cause), values)
    } finally {
      setSaving(false)
    }
  }
  const add = (): Promise<void> => form.handleSubmit(submit)()
  useCommand('submit', () => void add(), edited === undefined)

  const importNow = (): void => goToImport({ values: form.getValues(), tools })
  const keep = (tool: RestTool): Promise<undefined> => {
    const index = edited?.index
    setTools((before) => (index === undefined ? [...before, tool] : before.with(index, tool)))
    setEdited(undefined)
    return Promise.resolve(undefined)
  }

  if (edited) {
    const others = new Set(tools.filter((_, index) => index !== edited.index).map(({ name }) => name))
    return (
      <>
        <PageHeader title={edited.index === undefined ? 'Add tool' : 'Edit tool'} />
        <ToolEditor
          initial={edited.draft}
          taken={others}
          {...draftConnection(form.getValues())}
          saveLabel={edited.index === undefined ? 'Add tool' : 'Save tool'}
          onSave={keep}
          onCancel={() => setEdited(undefined)}
          asks
        />
        <LeaveAdd blocker={blocker} />
      </>
    )
  }
  return (
    <>
      <PageHeader title="Add REST API" back={<BackLink to="/integrations" label="Integrations" />}>
        <Button icon={Import} blocked={planLock} onClick={importNow}>
          From an OpenAPI document
        </Button>
      </PageHeader>
      <PlanNotice />
      <FormProvider {...form}>
        <form
          noValidate
          aria-label="REST API"
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
          className="flex min-h-0 flex-1 flex-col"
        >
          <ImportDropTarget
            values={() => form.getValues()}
            tools={tools}
            className="@container min-h-0 flex-1 overflow-y-auto px-6 pb-6"
          >
            <div className="grid gap-x-8 gap-y-6 @min-[860px]:grid-cols-[minmax(0,560px)_minmax(280px,320px)]">
              <div className="flex max-w-140 flex-col gap-4">
                <BaseUrlField autoFocus onEdit={proposeName} />
                <div className="grid grid-cols-2 items-start gap-3">
                  <TextField
                    label="Name"
                    mono
                    placeholder="example"
                    hint="Prefix of its tools. It cannot be changed later."
                    error={errors.name?.message}
                    {...form.register('name')}
                  />
                  <TextField
                    label="Display name"
                    placeholder="Example"
                    error={errors.display_name?.message}
                    {...form.register('display_name')}
                  />
                </div>
                {more || dirtyFields.description || errors.description || errors.category || errors.logo_url ? (
                  <>
                    <TextAreaField
                      label="Description"
                      rows={2}
                      error={errors.description?.message}
                      {...form.register('description')}
                    />
                    <div className="grid grid-cols-2 items-start gap-3">
                      <TextField label="Category" error={errors.category?.message} {...form.register('category')} />
                      <TextField
                        label="Logo URL"
                        mono
                        error={errors.logo_url?.message}
                        {...form.register('logo_url')}
                      />
                    </div>
                  </>
                ) : (
                  <Button look="quiet" size="small" className="-ml-2 self-start" onClick={() => setMore(true)}>
                    More: description, category, logo URL
                  </Button>
                )}
                <div className="h-px bg-line" />
                <RestConnectionFields />
                <div className="h-px bg-line" />
                <DraftedTools
                  tools={tools}
                  addButton={addButton}
                  onAdd={() => setEdited({ draft: emptyTool(), index: undefined })}
                  onImport={importNow}
                  onEdit={(index) => {
                    const tool = tools[index]
                    if (tool) setEdited({ draft: draftOfTool(tool), index })
                  }}
                  onDuplicate={(index) => {
                    const tool = tools[index]
                    if (!tool) return
                    const name = copyName(tool.name, new Set(tools.map((other) => other.name)))
                    setTools((before) => before.toSpliced(index + 1, 0, { ...tool, name }))
                  }}
                  onRemove={(index) => {
                    setTools((before) => before.toSpliced(index, 1))
                    addButton.current?.focus()
                  }}
                />
              </div>
              <div className="max-w-140 @min-[860px]:sticky @min-[860px]:top-0 @min-[860px]:self-start">
                <TestPanel protocol="rest" test={test} onCancel={cancel} onUseOAuth={chooseOAuth} />
              </div>
            </div>
          </ImportDropTarget>
          <footer className="flex-none border-t border-line px-6 py-3">
            <div aria-live="assertive">
              {problem && (
                <div className="mb-2 flex items-start gap-3">
                  <FieldError>{problem.message}</FieldError>
                  <ProblemAction problem={problem} />
                </div>
              )}
            </div>
            <div className="flex flex-wrap items-center gap-2">
              <Button onClick={() => void navigate({ to: '/integrations' })}>Cancel</Button>
              <Button
                className="ml-auto"
                busy={test.state === 'running'}
                blocked={writable ? undefined : 'Reconnecting'}
                onClick={() => void testNow()}
              >
                Test connection
              </Button>
              <Button
                ref={submitButton}
                type="submit"
                look="primary"
                keys={keySigns('$mod+Enter')}
                busy={saving}
                blocked={blocked}
              >
                {signsIn ? 'Add and sign in' : 'Add and show tools'}
              </Button>
            </div>
          </footer>
        </form>
      </FormProvider>
      <LeaveAdd blocker={blocker} />
    </>
  )
}

function LeaveAdd({ blocker }: { blocker: Parameters<typeof LeaveDialog>[0]['blocker'] }) {
  return (
    <LeaveDialog blocker={blocker} title="Leave without adding?">
      What you entered is not stored.
    </LeaveDialog>
  )
}
