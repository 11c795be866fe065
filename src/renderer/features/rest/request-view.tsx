import type { RestToolPreview } from '../../../shared/contract/openapi.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'

/** A body may be megabytes; more of it than this tells nobody more. */
const SHOWN = 10_000

/** A request as it goes over the wire, with its credentials masked. */
export function RequestView({ request }: { request: NonNullable<RestToolPreview['request']> }) {
  const { method, url, headers, body } = request
  return (
    <div className="rounded-control bg-sunken p-3 font-mono text-code">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 wrap-anywhere">
          <span className="font-medium">{method}</span> <ForeignText>{url}</ForeignText>
        </p>
        <CopyButton size="small" look="quiet" text={() => requestText(request)} className="-mt-0.5 font-sans" />
      </div>
      {headers.map(([name, value], index) => (
        <p key={index} className="wrap-anywhere">
          <span className="text-muted">{name}:</span> <ForeignText>{value}</ForeignText>
        </p>
      ))}
      {body !== null && body !== '' && (
        <pre className="mt-2 max-h-60 overflow-auto whitespace-pre-wrap" tabIndex={0} aria-label="Body of the request">
          <ForeignText className="wrap-anywhere">{body.slice(0, SHOWN)}</ForeignText>
          {body.length > SHOWN && <span className="text-muted"> … {body.length.toLocaleString('en')} characters</span>}
        </pre>
      )}
    </div>
  )
}

function requestText({ method, url, headers, body }: NonNullable<RestToolPreview['request']>): string {
  const head = [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n')
  return body ? `${head}\n\n${body}` : head
}
