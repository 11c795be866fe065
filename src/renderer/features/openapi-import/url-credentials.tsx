import { useFormContext } from 'react-hook-form'
import type { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import { RestConnectionFields } from '../rest/rest-connection-fields.tsx'
import { originOf, type RestValues, toRestConnection, toRestCredentials } from '../rest/rest-values.ts'

/**
 * The connection with which the document at `url` is fetched, or undefined: without one. What was entered for the API goes to
 * another address only where somebody has said that this address needs it (`open`).
 */
export function urlConnection(
  values: RestValues,
  url: string,
  { open, name }: { open: boolean; name: string | undefined },
): RestConnectionDraft | undefined {
  const origin = originOf(url)
  if (origin === '' || (!open && originOf(values.base_url) !== origin)) return undefined
  const credentials = toRestCredentials(values)
  return {
    // What is stored for this integration fills in for secrets that are left out.
    ...(name === undefined ? {} : { name }),
    ...toRestConnection(open ? { ...values, base_url: origin } : values),
    ...(credentials ? { credentials } : {}),
  }
}

/** Credentials for the address of the document. They stay in the form, for the API itself. */
export function UrlCredentials({ url, open, onOpen }: { url: string; open: boolean; onOpen: (open: boolean) => void }) {
  const { formState } = useFormContext<RestValues>()
  return (
    <details
      open={open}
      onToggle={(event) => onOpen(event.currentTarget.open)}
      className="mt-3"
      aria-invalid={formState.errors.token ? true : undefined}
    >
      <summary className="rounded-control text-muted hover:text-ink">The URL needs credentials or headers</summary>
      <div className="mt-3 flex max-w-140 flex-col gap-3 border-l border-line pl-4">
        <p className="text-muted wrap-anywhere">
          Sent to {originOf(url) || 'the host of the URL'} with the request for the document, and kept for the API
          itself.
        </p>
        <RestConnectionFields />
      </div>
    </details>
  )
}
