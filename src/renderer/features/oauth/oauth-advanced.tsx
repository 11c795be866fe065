import { useState } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'
import type { TokenEndpointAuthMethod } from '../../../shared/contract/oauth.ts'
import { useSystem } from '../../stores/console.tsx'
import { TextField } from '../../ui/field.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { LabelledSelect } from '../rest/labelled-select.tsx'
import { asksPerson, emptyOAuth, type OAuthForm, type OAuthValues } from './oauth-values.ts'
import { RedirectUri } from './redirect-uri.tsx'
import { redirectUriOf } from './redirect-uri-of.ts'

const methods: { value: TokenEndpointAuthMethod | ''; label: string }[] = [
  { value: '', label: 'As the server takes it' },
  { value: 'client_secret_basic', label: 'Secret in the header (client_secret_basic)' },
  { value: 'client_secret_post', label: 'Secret in the body (client_secret_post)' },
  { value: 'private_key_jwt', label: 'Signed with a private key (private_key_jwt)' },
  { value: 'none', label: 'Not at all (none)' },
]

const usual = emptyOAuth()
/** Fields that few servers need. */
const rare = [
  'authorization_url',
  'token_url',
  'revocation_url',
  'token_endpoint_auth_method',
  'private_key',
  'stored_private_key',
  'audience',
  'resource',
  'client_metadata_url',
  'allow_unadvertised_pkce',
] as const satisfies (keyof OAuthValues)[]

/** What is special about a sign-in: who signs in, as which client, for what, and where. */
export function OAuthAdvanced({ replaceAll, replaceLabel }: { replaceAll: () => void; replaceLabel: string }) {
  const { control, register, formState, setValue } = useFormContext<OAuthForm>()
  const errors = formState.errors.oauth
  const values = useWatch({ control, name: 'oauth' })
  const person = asksPerson(values)
  const secret = { onReplace: replaceAll, replaceLabel }
  const [opened, setOpened] = useState(() => rare.some((field) => values[field] !== usual[field]))
  const open = opened || rare.some((field) => errors?.[field])
  return (
    <>
      <Segmented
        label="Who signs in"
        value={values.grant_type}
        onChange={(next) => setValue('oauth.grant_type', next, { shouldDirty: true })}
        options={[
          { value: 'authorization_code', label: 'You, in the browser' },
          { value: 'client_credentials', label: 'The client itself' },
        ]}
      />
      <TextField
        label="Issuer"
        mono
        inputMode="url"
        placeholder="https://login.example.com"
        hint="The authorization server. Empty: the server names it."
        error={errors?.issuer?.message}
        {...register('oauth.issuer')}
      />
      <Client replaceAll={replaceAll} replaceLabel={replaceLabel} />
      {person && <Redirect />}
      <TextField
        label="Scopes"
        mono
        hint="With spaces between them. Empty: what the server asks for."
        error={errors?.scopes?.message}
        {...register('oauth.scopes')}
      />
      <details open={open} onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary className="rounded-control text-muted hover:text-ink">More: endpoints, private key, audience</summary>
        <div className="mt-3 flex flex-col gap-4">
          {person && (
            <TextField
              label="Authorization URL"
              mono
              inputMode="url"
              placeholder="https://login.example.com/authorize"
              error={errors?.authorization_url?.message}
              {...register('oauth.authorization_url')}
            />
          )}
          <TextField
            label="Token URL"
            mono
            inputMode="url"
            placeholder="https://login.example.com/token"
            error={errors?.token_url?.message}
            {...register('oauth.token_url')}
          />
          <TextField
            label="Revocation URL"
            mono
            inputMode="url"
            hint="Where tokens are given back when you sign out."
            error={errors?.revocation_url?.message}
            {...register('oauth.revocation_url')}
          />
          <LabelledSelect
            label="How the client shows who it is"
            value={values.token_endpoint_auth_method}
            options={methods}
            onChange={(next) => setValue('oauth.token_endpoint_auth_method', next, { shouldDirty: true })}
          />
          <SecretField
            label="Private key"
            lines={3}
            {...secret}
            stored={values.stored_private_key}
            placeholder="-----BEGIN PRIVATE KEY-----"
            hint="PKCS#8 in PEM form, for clients that sign instead of sending a secret."
            error={errors?.private_key?.message}
            {...register('oauth.private_key')}
          />
          <div className="grid grid-cols-2 items-start gap-3">
            <TextField label="Audience" mono error={errors?.audience?.message} {...register('oauth.audience')} />
            <TextField
              label="Resource"
              mono
              inputMode="url"
              error={errors?.resource?.message}
              {...register('oauth.resource')}
            />
          </div>
          {person && (
            <>
              <TextField
                label="Client metadata URL"
                mono
                inputMode="url"
                hint="Of a document that describes the client, for servers that take one in place of a registration."
                error={errors?.client_metadata_url?.message}
                {...register('oauth.client_metadata_url')}
              />
              <label className="flex items-start gap-2">
                <input
                  type="checkbox"
                  className="mt-1 size-3.5 flex-none"
                  {...register('oauth.allow_unadvertised_pkce')}
                />
                <span>
                  Sign in although the server does not say that it checks PKCE
                  <span className="block text-meta text-muted">
                    Only for an old server that is known to. Without the check, somebody else can use a stolen answer.
                  </span>
                </span>
              </label>
            </>
          )}
        </div>
      </details>
    </>
  )
}

function Client({ replaceAll, replaceLabel }: { replaceAll: () => void; replaceLabel: string }) {
  const { control, register, formState } = useFormContext<OAuthForm>()
  const locked = useSystem((state) => state.vault?.state === 'locked')
  const errors = formState.errors.oauth
  const values = useWatch({ control, name: 'oauth' })
  const secret = { onReplace: replaceAll, replaceLabel }
  return (
    <div className="grid grid-cols-2 items-start gap-3">
      {values.stored_client_id === undefined ? (
        <TextField
          label="Client ID"
          mono
          hint={asksPerson(values) ? 'Empty: Gatehouse registers itself.' : undefined}
          error={errors?.client_id?.message}
          {...register('oauth.client_id')}
        />
      ) : (
        <SecretField label="Client ID" {...secret} stored={values.stored_client_id} {...register('oauth.client_id')} />
      )}
      <SecretField
        label="Client secret"
        {...secret}
        stored={values.stored_client_secret}
        hint={locked ? 'The vault is locked; unlock it to store a secret.' : undefined}
        error={errors?.client_secret?.message}
        {...register('oauth.client_secret')}
      />
    </div>
  )
}

/** Where the browser comes back to: a client that is registered by hand has to name it. */
function Redirect() {
  const { control, register, formState, setValue } = useFormContext<OAuthForm>()
  const mcpUrl = useSystem((state) => state.status?.mcp_url)
  const values = useWatch({ control, name: 'oauth' })
  const uri = redirectUriOf(values, mcpUrl)
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        label="The browser comes back to"
        value={values.redirect}
        onChange={(next) => setValue('oauth.redirect', next, { shouldDirty: true })}
        options={[
          { value: 'loopback', label: 'This machine (loopback)' },
          { value: 'deep_link', label: 'The app (link)' },
        ]}
      />
      {values.redirect === 'loopback' && (
        <TextField
          label="Port of its own"
          inputMode="numeric"
          className="max-w-60"
          placeholder="As the gateway"
          hint="Where the server insists on a port."
          error={formState.errors.oauth?.redirect_port?.message}
          {...register('oauth.redirect_port')}
        />
      )}
      {uri !== undefined && <RedirectUri uri={uri} />}
    </div>
  )
}
