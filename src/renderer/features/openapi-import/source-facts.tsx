import { Link } from '@tanstack/react-router'
import { FileInput, RefreshCw } from 'lucide-react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { RestSource } from '../../../shared/contract/rest.ts'
import { classes } from '../../ui/classes.ts'
import { dayWords } from '../traffic/call-words.ts'
import { ExportOpenApiButton } from './export-openapi.tsx'

const linkLook = 'inline-flex h-8 flex-none items-center gap-1.5 rounded-control px-3 whitespace-nowrap select-none'

/** `From openapi.json, OpenAPI 3.1.0, imported Nov 3, 2026`. */
export function SourceFacts({ source }: { source: RestSource }) {
  const from = source.kind === 'url' ? source.url : source.kind === 'file' ? source.name : undefined
  return (
    <p className="min-w-0 wrap-anywhere">
      From <span className={from === undefined ? '' : 'font-mono text-code'}>{from ?? 'a pasted text'}</span>
      <span className="text-muted">
        , {source.format}, imported {dayWords(source.imported_at)}
      </span>
    </p>
  )
}

export function ImportMoreButton({
  slug,
  label = 'Import more',
  look = 'secondary',
}: {
  slug: string
  label?: string
  look?: 'primary' | 'secondary'
}) {
  return (
    <Link
      to="/integrations/new/openapi"
      search={{ into: slug }}
      className={classes(
        linkLook,
        look === 'primary'
          ? 'bg-accent font-medium text-accent-fg hover:opacity-90'
          : 'border border-line bg-surface hover:bg-sunken',
      )}
    >
      <FileInput size={16} strokeWidth={1.75} aria-hidden />
      {label}
    </Link>
  )
}

/** Where the tools of a REST integration came from, and what can be done with that; nothing for an MCP server. */
export function SourceLine({ integration }: { integration: Integration }) {
  const { rest, name } = integration
  if (!rest) return null
  return (
    <div className="flex flex-none flex-wrap items-center gap-2 border-b border-line px-6 py-2">
      {rest.source ? <SourceFacts source={rest.source} /> : <p className="text-muted">Tools written by hand</p>}
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {rest.source && (
          <Link
            to="/integrations/$slug/openapi"
            params={{ slug: name }}
            className={classes(linkLook, 'border border-line bg-surface hover:bg-sunken')}
          >
            <RefreshCw size={16} strokeWidth={1.75} aria-hidden />
            Check for changes
          </Link>
        )}
        <ImportMoreButton slug={name} label={rest.source ? 'Import more' : 'Import OpenAPI'} />
        <ExportOpenApiButton name={name} />
      </div>
    </div>
  )
}
