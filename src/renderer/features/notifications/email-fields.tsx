import { FieldError, TextAreaField, TextField } from '../../ui/field.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { CustomCa } from './custom-ca.tsx'
import type { ChannelDraft } from './channel-draft.ts'
import { errorUnder, type FieldErrors } from './rule-draft.ts'

type Tls = ChannelDraft['email']['tls']

const tlsOptions: readonly { value: Tls; label: string }[] = [
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'implicit', label: 'TLS' },
  { value: 'none', label: 'None' },
]
const usualPorts: Record<Tls, string> = { starttls: '587', implicit: '465', none: '25' }

/** The mail server and who gets the mail. */
export function EmailFields({
  draft,
  errors,
  onChange,
}: {
  draft: ChannelDraft
  errors: FieldErrors
  onChange: (changes: Partial<ChannelDraft>) => void
}) {
  const { email, password } = draft
  const change = (changes: Partial<ChannelDraft['email']>): void => onChange({ email: { ...email, ...changes } })
  const chooseTls = (tls: Tls): void => {
    const usual = Object.values(usualPorts).includes(email.port.trim())
    change({ tls, ...(usual ? { port: usualPorts[tls] } : {}) })
  }
  return (
    <>
      <TextAreaField
        grows
        label="To"
        placeholder="ops@example.com"
        hint="One address a line."
        value={email.to}
        error={errorUnder(errors, 'email.to')}
        onChange={(event) => change({ to: event.target.value })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="From"
          placeholder="gatehouse@example.com"
          value={email.from}
          error={errors['email.from']}
          onChange={(event) => change({ from: event.target.value })}
        />
        <TextField
          label="Name of the sender"
          value={email.from_name}
          error={errors['email.from_name']}
          onChange={(event) => change({ from_name: event.target.value })}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_96px]">
        <TextField
          mono
          label="Mail server"
          placeholder="smtp.example.com"
          value={email.host}
          error={errors['email.host']}
          onChange={(event) => change({ host: event.target.value })}
        />
        <TextField
          mono
          label="Port"
          inputMode="numeric"
          value={email.port}
          error={errors['email.port']}
          onChange={(event) => change({ port: event.target.value.replaceAll(/\D/g, '').slice(0, 5) })}
        />
      </div>
      <div data-fault={errors['email.tls'] === undefined ? undefined : true}>
        <Segmented label="Encryption" value={email.tls} onChange={chooseTls} options={tlsOptions} />
        {email.tls === 'none' && (
          <p className="mt-1 text-meta text-warn">
            Mail and password go in the clear: only to a server on this machine or in a private network.
          </p>
        )}
        {errors['email.tls'] !== undefined && <FieldError>{errors['email.tls']}</FieldError>}
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="User name"
          placeholder="none: without signing in"
          value={email.username}
          error={errors['email.username']}
          onChange={(event) => change({ username: event.target.value })}
        />
        <SecretField
          label="Password"
          stored={password === undefined ? '••••' : undefined}
          onReplace={() => onChange({ password: '' })}
          value={password ?? ''}
          error={errors['credentials.password']}
          onChange={(event) => onChange({ password: event.target.value })}
        />
      </div>
      <CustomCa value={email.ca} error={errors['email.ca']} onChange={(ca) => change({ ca })} />
    </>
  )
}
