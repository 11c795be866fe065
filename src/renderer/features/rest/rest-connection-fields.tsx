import { useFormContext, useWatch } from 'react-hook-form'
import type { AuthType } from '../../../shared/contract/integrations.ts'
import { useSystem } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { NamedValues } from '../connection/named-values.tsx'
import { OAuthFields } from '../oauth/oauth-fields.tsx'
import { chooseRestAuth } from './choose-rest-auth.ts'
import { RestAdvanced } from './rest-advanced.tsx'
import { originOf, type RestValues, storedInRest, withoutStoredInRest } from './rest-values.ts'

const authTypes: { value: AuthType; label: string }[] = [
  { value: 'bearer', label: 'Bearer' },
  { value: 'api_key', label: 'API key' },
  { value: 'basic', label: 'Basic' },
  { value: 'oauth2', label: 'OAuth 2' },
  { value: 'none', label: 'None' },
]

const places: { value: RestValues['key_place']; label: string; name: string; usual: string }[] = [
  { value: 'header', label: 'Header', name: 'Header name', usual: 'X-API-Key' },
  { value: 'query', label: 'Query', name: 'Query parameter', usual: 'api_key' },
  { value: 'cookie', label: 'Cookie', name: 'Cookie name', usual: 'session' },
]

/** Where the API is. */
export function BaseUrlField({ autoFocus, onEdit }: { autoFocus?: boolean; onEdit?: (url: string) => void }) {
  const { register, formState } = useFormContext<RestValues>()
  return (
    <TextField
      label="Base URL"
      mono
      inputMode="url"
      autoFocus={autoFocus ?? false}
      placeholder="https://api.example.com/v1"
      hint="The paths of the tools are put behind it."
      error={formState.errors.base_url?.message}
      {...register('base_url', { onChange: (event: { target: { value: string } }) => onEdit?.(event.target.value) })}
    />
  )
}

/** How a REST API is reached, without its address: for Add, for Edit, and for what is imported. */
export function RestConnectionFields({ onKeepStored }: { onKeepStored?: (() => void) | undefined }) {
  const { control, formState, setValue, getValues, reset } = useFormContext<RestValues>()
  const values = useWatch({ control }) as RestValues
  const stored = storedInRest(values)
  const { defaultValues } = formState
  const replaceAll = (): void => reset(withoutStoredInRest(getValues()), { keepDefaultValues: true, keepErrors: true })
  const before = originOf(defaultValues?.base_url ?? '')
  const now = originOf(values.base_url)
  const moved = stored > 0 && before !== '' && now !== '' && before !== now
  return (
    <div className="flex flex-col gap-4">
      {moved && (
        <div className="flex items-center justify-between gap-3 rounded-panel bg-warn-soft px-3 py-2" role="status">
          <p className="min-w-0 wrap-anywhere">
            The stored credentials were entered for {before}. Once you save, they are sent to {now}.
          </p>
          <Button size="small" onClick={replaceAll}>
            Enter again
          </Button>
        </div>
      )}
      <Segmented
        label="Authentication"
        value={values.auth_type}
        onChange={(next) => chooseRestAuth({ setValue, getValues }, next, defaultValues)}
        options={authTypes}
      />
      <AuthFields values={values} replaceAll={replaceAll} stored={stored} />
      <NamedValues
        list="headers"
        title="Headers with every request"
        add="Add header"
        placeholder="Header-Name"
        onReplace={replaceAll}
      />
      <RestAdvanced replaceAll={replaceAll} />
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

function AuthFields({ values, replaceAll, stored }: { values: RestValues; replaceAll: () => void; stored: number }) {
  const { register, formState, setValue } = useFormContext<RestValues>()
  const { errors } = formState
  const locked = useSystem((state) => state.vault?.state === 'locked')
  const lockedHint = locked ? 'The vault is locked; unlock it to store a secret.' : undefined
  const secret = { onReplace: replaceAll, replaceLabel: stored > 1 ? `Replace all ${stored}` : 'Replace' }
  const place = places.find(({ value }) => value === values.key_place) ?? places[0]
  switch (values.auth_type) {
    case 'none':
      return null
    case 'oauth2':
      return <OAuthFields protocol="rest" replaceAll={replaceAll} replaceLabel={secret.replaceLabel} />
    case 'bearer':
      return (
        <div className="grid grid-cols-[160px_1fr] items-start gap-3">
          <TextField
            label="Header prefix"
            mono
            placeholder="None"
            error={errors.auth_header_prefix?.message}
            {...register('auth_header_prefix')}
          />
          <SecretField
            label="API token"
            {...secret}
            stored={values.stored_token}
            error={errors.token?.message}
            hint={
              lockedHint ??
              (values.stored_token === undefined ? 'Leave it empty to send no Authorization header.' : undefined)
            }
            {...register('token')}
          />
        </div>
      )
    case 'api_key':
      return (
        <>
          <Segmented
            label="Sent in"
            value={values.key_place}
            onChange={(next) => setValue('key_place', next, { shouldDirty: true })}
            options={places}
          />
          <div className="grid grid-cols-[160px_1fr] items-start gap-3">
            <TextField
              label={place?.name ?? 'Name'}
              mono
              placeholder={place?.usual}
              error={errors.header_name?.message}
              {...register('header_name')}
            />
            <SecretField
              label="API key"
              {...secret}
              stored={values.stored_token}
              error={errors.token?.message}
              hint={lockedHint}
              {...register('token')}
            />
          </div>
        </>
      )
    case 'basic':
      return (
        <div className="grid grid-cols-2 items-start gap-3">
          {values.stored_username === undefined ? (
            <TextField
              label="User name"
              mono
              error={errors.username?.message}
              hint={lockedHint}
              {...register('username')}
            />
          ) : (
            <SecretField label="User name" {...secret} stored={values.stored_username} {...register('username')} />
          )}
          <SecretField
            label="Password"
            {...secret}
            stored={values.stored_password}
            error={errors.password?.message}
            {...register('password')}
          />
        </div>
      )
  }
}
