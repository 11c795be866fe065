import { Globe, Radio, Terminal } from 'lucide-react'
import { useFormContext, useWatch } from 'react-hook-form'
import type { AuthType } from '../../../shared/contract/integrations.ts'
import { useSystem } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { TextAreaField, TextField } from '../../ui/field.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { OAuthFields } from '../oauth/oauth-fields.tsx'
import { chooseAuth } from './choose-auth.ts'
import { type ConnectionValues, storedCount, withoutStored } from './connection-values.ts'
import { NamedValues } from './named-values.tsx'

const authTypes: { value: AuthType; label: string }[] = [
  { value: 'bearer', label: 'Bearer' },
  { value: 'api_key', label: 'API key' },
  { value: 'oauth2', label: 'OAuth 2' },
  { value: 'none', label: 'None' },
]

/** How a server is reached, for Add and for Edit: transport, address or command, authentication, rows. */
export function ConnectionFields({ onKeepStored, asksClient }: { onKeepStored?: () => void; asksClient?: boolean }) {
  const locked = useSystem((state) => state.vault?.state === 'locked')
  const { control, register, formState, setValue, getValues, reset } = useFormContext<ConnectionValues>()
  const { errors, defaultValues: defaults } = formState
  const values = useWatch({ control }) as ConnectionValues
  const atUrl = values.transport !== 'stdio'
  const stored = storedCount(values)

  const replaceAll = (): void => reset(withoutStored(getValues()), { keepDefaultValues: true, keepErrors: true })
  const replaceLabel = stored > 1 ? `Replace all ${stored}` : 'Replace'

  return (
    <div className="flex flex-col gap-4">
      <Segmented
        label="Transport"
        value={values.transport}
        onChange={(transport) => setValue('transport', transport, { shouldDirty: true })}
        options={[
          { value: 'sse', label: 'SSE', icon: Radio },
          { value: 'http', label: 'HTTP', icon: Globe },
          { value: 'stdio', label: 'stdio', icon: Terminal },
        ]}
      />
      {atUrl ? (
        <TextField
          label="Server URL"
          mono
          inputMode="url"
          placeholder={values.transport === 'sse' ? 'https://example.com/sse' : 'https://example.com/mcp'}
          error={errors.server_url?.message}
          {...register('server_url')}
        />
      ) : (
        <>
          <TextField
            label="Command"
            mono
            placeholder="npx"
            error={errors.command?.message}
            hint="Run directly, without a shell."
            {...register('command')}
          />
          <TextAreaField
            label="Arguments"
            mono
            grows
            rows={2}
            error={errors.args?.message}
            hint="One per line."
            {...register('args')}
          />
          <NamedValues list="env" title="Environment" add="Add variable" placeholder="NAME" onReplace={replaceAll} />
          <TextField
            label="Working directory"
            mono
            error={errors.cwd?.message}
            placeholder="Optional"
            {...register('cwd')}
          />
        </>
      )}
      {atUrl && (
        <>
          <Segmented
            label="Authentication"
            value={values.auth_type}
            onChange={(auth_type) => chooseAuth({ setValue, getValues }, auth_type, defaults)}
            options={authTypes}
          />
          {values.auth_type === 'oauth2' && (
            <OAuthFields
              protocol="mcp"
              replaceAll={replaceAll}
              replaceLabel={replaceLabel}
              asksClient={asksClient ?? false}
            />
          )}
          {(values.auth_type === 'bearer' || values.auth_type === 'api_key') && (
            <div className="grid grid-cols-[160px_1fr] items-start gap-3">
              {values.auth_type === 'bearer' ? (
                <TextField
                  label="Header prefix"
                  mono
                  placeholder="None"
                  error={errors.auth_header_prefix?.message}
                  {...register('auth_header_prefix')}
                />
              ) : (
                <TextField
                  label="Header name"
                  mono
                  placeholder="X-API-Key"
                  error={errors.header_name?.message}
                  {...register('header_name')}
                />
              )}
              <SecretField
                label={values.auth_type === 'bearer' ? 'API token' : 'API key'}
                stored={values.stored_token}
                onReplace={replaceAll}
                replaceLabel={replaceLabel}
                error={errors.token?.message}
                hint={
                  locked
                    ? 'The vault is locked; unlock it to store a secret.'
                    : values.auth_type === 'bearer' && values.stored_token === undefined
                      ? 'Leave it empty to send no Authorization header.'
                      : undefined
                }
                {...register('token')}
              />
            </div>
          )}
          <NamedValues
            list="headers"
            title="Headers"
            add="Add header"
            placeholder="Header-Name"
            onReplace={replaceAll}
          />
        </>
      )}
      <div className="flex flex-col gap-1">
        <Segmented
          label="Connections"
          value={values.isolation}
          onChange={(isolation) => setValue('isolation', isolation, { shouldDirty: true })}
          options={[
            { value: 'shared', label: 'One for all agents' },
            { value: 'per_session', label: 'One per session' },
          ]}
        />
        <p className="text-meta text-muted">
          {values.isolation === 'shared'
            ? 'Right for most servers.'
            : `For servers that keep something between calls, such as an open browser. Each session starts ${atUrl ? 'a connection' : 'a process'} of its own.`}
        </p>
      </div>
      {stored > 1 && (
        <p className="text-meta text-muted">
          {stored} secrets are stored. They are replaced together: replacing one asks for all of them again.
        </p>
      )}
      {onKeepStored && (
        <div className="flex items-center justify-between gap-3 rounded-panel bg-warn-soft px-3 py-2">
          <p>Saving replaces every stored secret with what is entered here. Fields left empty are dropped.</p>
          <Button size="small" onClick={onKeepStored}>
            Keep stored secrets
          </Button>
        </div>
      )}
    </div>
  )
}
