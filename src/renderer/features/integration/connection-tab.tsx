import '../../zod-jitless.ts'
import { useBlocker, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { FormProvider, useForm, useWatch } from 'react-hook-form'
import { type Integration, McpConnectionDraft } from '../../../shared/contract/integrations.ts'
import { useConsole, useIntegrations, usePlanLock, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { useCommand } from '../../use-command.ts'
import { chooseAuth } from '../connection/choose-auth.ts'
import { ConnectionFields } from '../connection/connection-fields.tsx'
import {
  connectionOfIntegration,
  type ConnectionValues,
  storedCount,
  toConnection,
  toCredentials,
} from '../connection/connection-values.ts'
import { detailsOfIssues, placeDetails, resolverOf, rowErrors } from '../connection/field-errors.ts'
import { TestPanel } from '../connection/test-panel.tsx'
import { useConnectionTest } from '../connection/use-connection-test.ts'
import { isSignIn } from '../oauth/choose-oauth.ts'
import { oauthOfKind } from '../oauth/oauth-values.ts'
import { isSetUp } from '../integrations/catalog-filter.ts'
import { SignInPanel } from '../oauth/sign-in-panel.tsx'
import { isOfClient } from '../oauth/sign-in-words.ts'
import { useSignIn } from '../oauth/use-sign-in.ts'
import { ProblemAction } from '../shell/problem-action.tsx'
import { Details } from './details.tsx'

const RestConnectionForm = lazy(() =>
  import('../rest/rest-connection-form.tsx').then((module) => ({ default: module.RestConnectionForm })),
)

const SystemConnection = lazy(() =>
  import('../system/system-connection.tsx').then((module) => ({ default: module.SystemConnection })),
)

/** Details apply at once; the connection is replaced when it is saved. */
export function ConnectionTab() {
  const { slug } = useParams({ from: '/integrations/$slug/connection' })
  const integration = useIntegrations((state) => state.byName[slug])
  if (!integration || !isSetUp(integration)) return null
  if (integration.source === 'system') {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5">
        <Suspense>
          <SystemConnection key={integration.name} integration={integration} />
        </Suspense>
      </div>
    )
  }
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto px-6 py-5">
      <div className="max-w-140">
        <Details integration={integration} />
        <div className="my-6 h-px bg-line" />
        {integration.oauth && (
          <div className="mb-6">
            <SignInPanel integration={integration} inForm />
          </div>
        )}
      </div>
      {integration.rest ? (
        <Suspense>
          <RestConnectionForm key={integration.name} integration={integration} />
        </Suspense>
      ) : (
        <ConnectionForm key={integration.name} integration={integration} />
      )}
    </div>
  )
}

const resolver = resolverOf((values: ConnectionValues) => {
  const credentials = toCredentials(values)
  const parsed = McpConnectionDraft.safeParse({ ...toConnection(values), ...(credentials ? { credentials } : {}) })
  const placed = placeDetails(parsed.success ? [] : detailsOfIssues(parsed.error.issues), values)
  return [...rowErrors(values).map(({ path, message }) => ({ field: path, message })), ...placed.fields]
})

function ConnectionForm({ integration }: { integration: Integration }) {
  const { client, stores } = useConsole()
  const planLock = usePlanLock()
  const writable = useWritable()
  const { test, run, cancel, reset } = useConnectionTest()
  const signIn = useSignIn()
  const saveButton = useRef<HTMLButtonElement>(null)
  const [problem, setProblem] = useState<Problem>()
  const stored = useMemo(() => connectionOfIntegration(integration), [integration])
  const form = useForm<ConnectionValues>({ resolver, defaultValues: stored, mode: 'onTouched' })
  const { isDirty, isSubmitting } = form.formState
  const hadStored = storedCount(stored) > 0
  const values = useWatch({ control: form.control }) as ConnectionValues
  const keptNow = storedCount(values) > 0
  // Somebody who is signed in stays so, unless what was granted was for something else.
  const signsIn = isSignIn(values) && integration.auth_type !== 'oauth2'
  const replacing = hadStored && !keptNow
  const blocked = writable ? (integration.source === 'custom' ? planLock : undefined) : 'Reconnecting'

  const blocker = useBlocker({ shouldBlockFn: () => isDirty, enableBeforeUnload: false, withResolver: true })

  const secretsOf = (values: ConnectionValues) => {
    const credentials = toCredentials(values)
    // Nothing typed and something kept: left out, so the core keeps the set. Replacing by nothing empties it.
    return credentials ? { credentials } : replacing ? { credentials: {} } : {}
  }

  const place = (failure: Problem, values: ConnectionValues): void => {
    const { fields, rest } = placeDetails(failure.details, values)
    for (const { field, message } of fields) form.setError(field as keyof ConnectionValues, { message })
    if (fields.length === 0 || rest.length > 0)
      setProblem({ ...failure, message: [failure.message, ...rest].join(' ') })
  }

  const save = form.handleSubmit(async (values) => {
    if (blocked) return
    setProblem(undefined)
    try {
      const saved = await client.integrations.update({
        name: integration.name,
        ...toConnection(values),
        ...secretsOf(values),
      })
      stores.integrations.getState().put(saved)
      form.reset(connectionOfIntegration(saved))
      if (signsIn) await signIn.begin(saved.name)
    } catch (cause) {
      place(problemOf(cause), values)
    }
  })

  const testNow = form.handleSubmit(async (values) => {
    const result = await run({ name: integration.name, ...toConnection(values), ...secretsOf(values) })
    if (!result?.error?.field) return
    const { fields } = placeDetails([{ path: result.error.field, message: result.error.message }], values)
    for (const { field, message } of fields) form.setError(field as keyof ConnectionValues, { message })
  })

  const chooseOAuth = (): void => {
    chooseAuth(form, 'oauth2', stored)
    form.clearErrors()
    reset()
    saveButton.current?.focus()
  }

  useCommand('save', () => void save())
  useCommand('submit', () => void save())
  return (
    <FormProvider {...form}>
      <form
        noValidate
        aria-label="Connection"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <h2 className="text-section font-semibold">Connection</h2>
        <p className="mb-4 text-muted">Saving replaces the connection: running calls end, then it connects anew.</p>
        <div className="grid gap-x-8 gap-y-6 @min-[860px]:grid-cols-[minmax(0,560px)_minmax(280px,320px)]">
          <div className="max-w-140">
            <ConnectionFields
              asksClient={isOfClient(integration.oauth?.problem?.code)}
              {...(replacing
                ? {
                    onKeepStored: () => {
                      const { stored_token, token, headers, env } = stored
                      const oauth = oauthOfKind(form.getValues('oauth'), stored.oauth)
                      form.reset(
                        { ...form.getValues(), oauth, stored_token, token, headers, env },
                        { keepDefaultValues: true },
                      )
                    },
                  }
                : {})}
            />
            <div aria-live="assertive">
              {problem && (
                <div className="mt-4 flex items-start gap-3">
                  <FieldError>{problem.message}</FieldError>
                  <ProblemAction problem={problem} />
                </div>
              )}
            </div>
            <div className="mt-6 flex flex-wrap items-center gap-2">
              <Button onClick={() => form.reset(stored)} blocked={isDirty ? undefined : 'Nothing has changed'}>
                Discard
              </Button>
              <Button
                className="ml-auto"
                busy={test.state === 'running'}
                blocked={writable ? undefined : 'Reconnecting'}
                onClick={() => void testNow()}
              >
                Test connection
              </Button>
              <Button
                ref={saveButton}
                type="submit"
                look="primary"
                keys={keySigns('$mod+s')}
                busy={isSubmitting}
                blocked={blocked ?? (isDirty ? undefined : 'Nothing has changed')}
              >
                {signsIn ? 'Save and sign in' : 'Save connection'}
              </Button>
            </div>
          </div>
          <div className="max-w-140 @min-[860px]:sticky @min-[860px]:top-0 @min-[860px]:self-start">
            <TestPanel
              test={test}
              onCancel={cancel}
              onUseOAuth={chooseOAuth}
              onSwitch={(transport) => {
                form.setValue('transport', transport, { shouldDirty: true })
                void testNow()
              }}
            />
          </div>
        </div>
      </form>
      <LeaveDialog blocker={blocker} title="Leave without saving?">
        The changes to this connection are not saved.
      </LeaveDialog>
    </FormProvider>
  )
}
