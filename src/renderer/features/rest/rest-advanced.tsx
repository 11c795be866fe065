import { useState } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'
import { Button } from '../../ui/button.tsx'
import { TextAreaField, TextField } from '../../ui/field.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { emptyRestValues, type RestValues } from './rest-values.ts'

const fields = [
  'timeout_s',
  'max_concurrency',
  'retries',
  'max_answer_kib',
  'ca',
  'client_certificate',
  'tls_key',
  'stored_tls_key',
  'proxy_url',
  'credential_origins',
] as const

/** What most APIs need none of: limits, certificates, a proxy. Open where one of them is set or wrong. */
export function RestAdvanced({ replaceAll }: { replaceAll: () => void }) {
  const { control, register, formState, getValues } = useFormContext<RestValues>()
  const { errors } = formState
  const [open, setOpen] = useState(() => isSet(getValues()))
  const stored = useWatch({ control, name: 'stored_tls_key' })
  const shown = open || fields.some((field) => errors[field])
  if (!shown) {
    return (
      <Button look="quiet" size="small" className="-ml-2 self-start" onClick={() => setOpen(true)}>
        Advanced: limits, certificates, proxy
      </Button>
    )
  }
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-2 font-medium">Advanced</legend>
      <div className="grid grid-cols-2 items-start gap-3">
        <TextField
          label="Timeout in seconds"
          inputMode="numeric"
          hint="For one attempt."
          error={errors.timeout_s?.message}
          {...register('timeout_s')}
        />
        <TextField
          label="Requests at a time"
          inputMode="numeric"
          hint="Over all agents; others wait."
          error={errors.max_concurrency?.message}
          {...register('max_concurrency')}
        />
        <TextField
          label="Retries"
          inputMode="numeric"
          hint="After 429 and 503, and only where repeating is safe."
          error={errors.retries?.message}
          {...register('retries')}
        />
        <TextField
          label="Largest answer in KiB"
          inputMode="numeric"
          hint="A longer one is cut in its middle."
          error={errors.max_answer_kib?.message}
          {...register('max_answer_kib')}
        />
      </div>
      <TextField
        label="Proxy"
        mono
        inputMode="url"
        placeholder="http://proxy.example.com:3128"
        error={errors.proxy_url?.message}
        {...register('proxy_url')}
      />
      <TextAreaField
        label="Trusted authorities"
        mono
        rows={3}
        placeholder="-----BEGIN CERTIFICATE-----"
        hint="Certificates in PEM form, trusted for this API beside those of the system."
        error={errors.ca?.message}
        {...register('ca')}
      />
      <TextAreaField
        label="Client certificate"
        mono
        rows={3}
        placeholder="-----BEGIN CERTIFICATE-----"
        hint="Shown to the API (mutual TLS)."
        error={errors.client_certificate?.message}
        {...register('client_certificate')}
      />
      <SecretField
        label="Key of the client certificate"
        lines={3}
        stored={stored}
        onReplace={replaceAll}
        placeholder="-----BEGIN PRIVATE KEY-----"
        error={errors.tls_key?.message}
        {...register('tls_key')}
      />
      <TextAreaField
        label="Other addresses that get the credentials"
        mono
        rows={2}
        placeholder="https://files.example.com"
        hint="One a line, for tools that have a server of their own. All others get none."
        error={errors.credential_origins?.message}
        {...register('credential_origins')}
      />
    </fieldset>
  )
}

function isSet(values: RestValues): boolean {
  const usual = emptyRestValues()
  return fields.some((field) => values[field] !== usual[field])
}
