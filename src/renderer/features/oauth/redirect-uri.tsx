import { CopyButton } from '../../ui/copy-button.tsx'

/** Where the browser comes back to, to be copied into the registration of a client. */
export function RedirectUri({ uri }: { uri: string }) {
  return (
    <p className="flex flex-wrap items-center gap-x-2">
      <span className="text-muted">Redirect URI</span>
      <code className="min-w-0 font-mono text-code break-all">{uri}</code>
      <CopyButton size="small" look="quiet" text={uri} aria-label="Copy the redirect URI" />
    </p>
  )
}
