import '../../zod-jitless.ts'
import { useBlocker, useNavigate } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { FormProvider, useForm, useWatch } from 'react-hook-form'
import { useConsole, useIntegrations, usePlanLock, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { FieldError, TextAreaField, TextField } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { useCommand } from '../../use-command.ts'
import { ConnectionFields } from '../connection/connection-fields.tsx'
import { connectionOfPaste, emptyConnection, splitArguments } from '../connection/connection-values.ts'
import { placeDetails } from '../connection/field-errors.ts'
import { TestPanel } from '../connection/test-panel.tsx'
import { useConnectionTest } from '../connection/use-connection-test.ts'
import { isSignIn } from '../oauth/choose-oauth.ts'
import { useSignIn } from '../oauth/use-sign-in.ts'
import { PlanNotice } from '../workspaces/plan-notice.tsx'
import { ProblemAction } from '../shell/problem-action.tsx'
import { addResolver, type AddValues, emptyAddValues, toNewIntegration } from './add-values.ts'
import { parsePaste } from './parse-paste.ts'
import type { Paste, PastedServer } from './paste.ts'
import { PastedServers } from './pasted-servers.tsx'
import { Proposals } from './proposals.ts'
import type { UrlTransport } from './transport-of-url.ts'
import { freeName, slugOfCommand, slugOfUrl, titleOf } from './slug-proposal.ts'

/** Add MCP server: the first field does the work, the rest is already filled in. */
export function AddPage() {
  const { client, stores } = useConsole()
  const navigate = useNavigate()
  const byName = useIntegrations((state) => state.byName)
  const taken = useMemo(() => new Set(Object.keys(byName)), [byName])
  const planLock = usePlanLock()
  const writable = useWritable()
  const { test, run, cancel, reset } = useConnectionTest()
  const signIn = useSignIn()

  const [pasted, setPasted] = useState('')
  const [paste, setPaste] = useState<Paste>({ kind: 'empty' })
  const [more, setMore] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [saving, setSaving] = useState(false)
  const done = useRef(false)
  const addButton = useRef<HTMLButtonElement>(null)
  const [proposals] = useState(() => new Proposals())

  const resolver = useMemo(
    () => addResolver(() => new Set(Object.keys(stores.integrations.getState().byName))),
    [stores],
  )
  const form = useForm<AddValues>({ resolver, defaultValues: emptyAddValues(), mode: 'onTouched' })
  const { errors, isDirty, dirtyFields } = form.formState
  const [auth_type, transport, oauth] = useWatch({ control: form.control, name: ['auth_type', 'transport', 'oauth'] })
  const signsIn = isSignIn({ auth_type, transport, oauth })
  const several = paste.kind === 'servers' && paste.servers.length > 1 ? paste.servers : undefined
  const notes = paste.kind === 'servers' && paste.servers.length === 1 ? (paste.servers[0]?.notes ?? []) : []
  const blocked = planLock ?? (writable ? undefined : 'Reconnecting')

  const blocker = useBlocker({
    shouldBlockFn: () => (isDirty || pasted.trim() !== '') && !done.current,
    enableBeforeUnload: false,
    withResolver: true,
  })

  const propose = (next: Partial<AddValues>): void =>
    form.reset(proposals.take(form.getValues(), next), { keepDefaultValues: true })

  const fillIn = (server: PastedServer): void =>
    propose({ ...connectionOfPaste(server), name: server.name, display_name: server.display_name })

  const readPaste = (text: string): void => {
    setPasted(text)
    setProblem(undefined)
    const next = parsePaste(text, taken)
    setPaste(next)
    if (next.kind === 'servers' && next.servers[0] && next.servers.length === 1) fillIn(next.servers[0])
    if (next.kind === 'empty') propose({ ...emptyConnection(), name: '', display_name: '' })
  }

  /** Where the address or the command was entered by hand, the name follows that instead. */
  const proposeName = (): void => {
    const values = form.getValues()
    const atUrl = values.transport !== 'stdio'
    const entered = (atUrl ? ['server_url'] : ['command', 'args']) satisfies (keyof AddValues)[]
    const slug = atUrl ? slugOfUrl(values.server_url) : slugOfCommand(values.command, splitArguments(values.args))
    if (!slug || !entered.some((field) => proposals.isOwn(values, field))) return
    const proposed = proposals.take(values, { name: freeName(slug, taken), display_name: titleOf(slug) })
    for (const field of ['name', 'display_name'] as const) {
      if (proposed[field] === values[field]) continue
      form.setValue(field, proposed[field], { shouldDirty: true, shouldValidate: errors[field] !== undefined })
    }
  }

  const showDetails = (failure: Problem, values: AddValues): void => {
    const details =
      failure.code === 'name_taken'
        ? [{ path: 'name', message: `${values.name} is already used in this workspace.` }]
        : failure.details
    const placed = placeDetails(details, values)
    for (const { field, message } of placed.fields) form.setError(field as keyof AddValues, { message })
    const [first] = placed.fields
    if (first) form.setFocus(first.field as keyof AddValues)
    if (first && placed.rest.length === 0) return
    setProblem(
      placed.rest.length > 0 ? { ...failure, message: `${failure.message} ${placed.rest.join(' ')}` } : failure,
    )
  }

  const testNow = form.handleSubmit(async (values) => {
    const { protocol, mcp, auth_type, auth_header_prefix, auth, credentials } = toNewIntegration(values)
    const result = await run({
      protocol,
      mcp,
      auth_type,
      auth_header_prefix,
      auth,
      ...(credentials ? { credentials } : {}),
    })
    if (!result?.error?.field) return
    const { fields } = placeDetails([{ path: result.error.field, message: result.error.message }], values)
    for (const { field, message } of fields) form.setError(field as keyof AddValues, { message })
  })

  const switchTo = (transport: UrlTransport): void => {
    form.setValue('transport', transport, { shouldDirty: true })
    void testNow()
  }

  /** Whether it works shows once somebody has signed in: the next step is to add it. */
  const chooseOAuth = (): void => {
    form.setValue('auth_type', 'oauth2', { shouldDirty: true })
    form.clearErrors()
    reset()
    addButton.current?.focus()
  }

  const submit = async (values: AddValues): Promise<void> => {
    if (blocked) return
    setProblem(undefined)
    setSaving(true)
    try {
      const integration = await client.integrations.create(toNewIntegration(values))
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

  useCommand('submit', () => void add(), !several)

  const nameField = form.register('name')
  return (
    <>
      <PageHeader title="Add MCP server" back={<BackLink to="/integrations" label="Integrations" />} />
      <PlanNotice />
      <FormProvider {...form}>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
          onBlur={proposeName}
          className="flex min-h-0 flex-1 flex-col"
        >
          <div className="@container min-h-0 flex-1 overflow-y-auto px-6 pb-6">
            <div className="grid gap-x-8 gap-y-6 @min-[860px]:grid-cols-[minmax(0,560px)_minmax(280px,320px)]">
              <div className="flex max-w-140 flex-col gap-4">
                <TextAreaField
                  label="Paste a server URL, a command, or a JSON config"
                  mono
                  autoFocus
                  grows
                  placeholder="https://example.com/mcp"
                  value={pasted}
                  error={paste.kind === 'unreadable' ? paste.message : undefined}
                  onChange={(event) => readPaste(event.target.value)}
                />
                {notes.length > 0 && (
                  <ul
                    className="flex flex-col gap-1 rounded-panel bg-info-soft px-3 py-2"
                    aria-label="About what was pasted"
                  >
                    {notes.map((note) => (
                      <li key={note}>{note}</li>
                    ))}
                  </ul>
                )}
                {several ? (
                  <PastedServers
                    servers={several}
                    taken={taken}
                    blocked={blocked}
                    onAdded={() => {
                      done.current = true
                      void navigate({ to: '/integrations' })
                    }}
                    onEdit={(server) => {
                      setPaste({ kind: 'servers', servers: [server] })
                      fillIn(server)
                    }}
                  />
                ) : (
                  <>
                    <div className="grid grid-cols-2 items-start gap-3">
                      <TextField
                        label="Name"
                        mono
                        placeholder="example"
                        hint="Prefix of its tools. It cannot be changed later."
                        error={errors.name?.message}
                        {...nameField}
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
                    <ConnectionFields />
                  </>
                )}
              </div>
              {!several && (
                <div className="max-w-140 @min-[860px]:sticky @min-[860px]:top-0 @min-[860px]:self-start">
                  <TestPanel test={test} onCancel={cancel} onSwitch={switchTo} onUseOAuth={chooseOAuth} />
                </div>
              )}
            </div>
          </div>
          {!several && (
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
                  ref={addButton}
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
          )}
        </form>
      </FormProvider>
      <LeaveDialog blocker={blocker} title="Leave without adding?">
        What you entered is not stored.
      </LeaveDialog>
    </>
  )
}
