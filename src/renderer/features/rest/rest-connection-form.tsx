import '../../zod-jitless.ts'
import { useBlocker } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { FormProvider, useForm, useWatch } from 'react-hook-form'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useConsole, usePlanLock, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { useCommand } from '../../use-command.ts'
import { TestPanel } from '../connection/test-panel.tsx'
import { useConnectionTest } from '../connection/use-connection-test.ts'
import { useSignIn } from '../oauth/use-sign-in.ts'
import { ProblemAction } from '../shell/problem-action.tsx'
import { isSignIn } from '../oauth/choose-oauth.ts'
import { oauthOfKind } from '../oauth/oauth-values.ts'
import { chooseRestAuth } from './choose-rest-auth.ts'
import { BaseUrlField, RestConnectionFields } from './rest-connection-fields.tsx'
import { placeRestDetails, restResolver } from './rest-errors.ts'
import { type RestValues, restValuesOf, storedInRest, toRestConnection, toRestCredentials } from './rest-values.ts'

/** The connection of a stored REST API: replaced when it is saved. Its tools stay. */
export function RestConnectionForm({ integration }: { integration: Integration }) {
  const { client, stores } = useConsole()
  const planLock = usePlanLock()
  const writable = useWritable()
  const { test, run, cancel, reset } = useConnectionTest()
  const signIn = useSignIn()
  const saveButton = useRef<HTMLButtonElement>(null)
  const [problem, setProblem] = useState<Problem>()
  const stored = useMemo(() => restValuesOf(integration), [integration])
  const form = useForm<RestValues>({ resolver: restResolver, defaultValues: stored, mode: 'onTouched' })
  const { isDirty, isSubmitting } = form.formState
  const hadStored = storedInRest(stored) > 0
  const values = useWatch({ control: form.control }) as RestValues
  const keptNow = storedInRest(values) > 0
  const signsIn = isSignIn(values) && integration.auth_type !== 'oauth2'
  const replacing = hadStored && !keptNow
  const blocked = writable ? (integration.source === 'custom' ? planLock : undefined) : 'Reconnecting'

  const blocker = useBlocker({ shouldBlockFn: () => isDirty, enableBeforeUnload: false, withResolver: true })

  const secretsOf = (values: RestValues) => {
    const credentials = toRestCredentials(values)
    // Nothing typed and something kept: left out, so the core keeps the set. Replacing by nothing empties it.
    return credentials ? { credentials } : replacing ? { credentials: {} } : {}
  }
  const place = (failure: Problem, values: RestValues): void => {
    const { fields, rest } = placeRestDetails(failure.details, values)
    for (const { field, message } of fields) form.setError(field as keyof RestValues, { message })
    if (fields.length === 0 || rest.length > 0) {
      setProblem({ ...failure, message: [failure.message, ...rest].join(' ') })
    }
  }
  const save = form.handleSubmit(async (values) => {
    if (blocked) return
    setProblem(undefined)
    try {
      const { protocol: _protocol, ...connection } = toRestConnection(values)
      const saved = await client.integrations.update({ name: integration.name, ...connection, ...secretsOf(values) })
      stores.integrations.getState().put(saved)
      form.reset(restValuesOf(saved))
      if (signsIn) await signIn.begin(saved.name)
    } catch (cause) {
      place(problemOf(cause), values)
    }
  })
  const testNow = form.handleSubmit(async (values) => {
    const result = await run({ name: integration.name, ...toRestConnection(values), ...secretsOf(values) })
    if (!result?.error?.field) return
    place({ ...result.error, details: [{ path: result.error.field, message: result.error.message }] }, values)
  })

  const chooseOAuth = (): void => {
    chooseRestAuth(form, 'oauth2', stored)
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
        <p className="mb-4 text-muted">Saving replaces the connection. The tools stay as they are.</p>
        <div className="grid gap-x-8 gap-y-6 @min-[860px]:grid-cols-[minmax(0,560px)_minmax(280px,320px)]">
          <div className="flex max-w-140 flex-col gap-4">
            <BaseUrlField />
            <RestConnectionFields
              onKeepStored={
                replacing
                  ? () => {
                      const { headers, token, username, password, tls_key } = stored
                      const { stored_token, stored_username, stored_password, stored_tls_key } = stored
                      const kept = { stored_token, stored_username, stored_password, stored_tls_key }
                      const oauth = oauthOfKind(form.getValues('oauth'), stored.oauth)
                      form.reset(
                        { ...form.getValues(), ...kept, oauth, headers, token, username, password, tls_key },
                        { keepDefaultValues: true },
                      )
                    }
                  : undefined
              }
            />
            <div aria-live="assertive">
              {problem && (
                <div className="flex items-start gap-3">
                  <FieldError>{problem.message}</FieldError>
                  <ProblemAction problem={problem} />
                </div>
              )}
            </div>
            <div className="mt-2 flex flex-wrap items-center gap-2">
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
            <TestPanel protocol="rest" test={test} onCancel={cancel} onUseOAuth={chooseOAuth} />
          </div>
        </div>
      </form>
      <LeaveDialog blocker={blocker} title="Leave without saving?">
        The changes to this connection are not saved.
      </LeaveDialog>
    </FormProvider>
  )
}
