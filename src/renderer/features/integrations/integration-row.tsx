import { memo } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { classes } from '../../ui/classes.ts'
import { RowMenuButton } from '../../ui/row-menu-button.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { countWords } from '../../ui/words.ts'
import { scopeWords } from '../oauth/sign-in-words.ts'
import { nameOf } from './catalog-filter.ts'
import { integrationStatus } from './integration-status.ts'
import { StatusBadge } from './status-badge.tsx'

/** Narrow lists leave out the tool count and, before that, the category. */
const columns = classes(
  'grid h-full items-center gap-3 border-b border-line px-6',
  'grid-cols-[28px_minmax(0,1fr)_minmax(0,1.6fr)_38px_28px]',
  '@min-[560px]:grid-cols-[28px_minmax(0,1fr)_minmax(0,1.6fr)_76px_38px_28px]',
  '@min-[800px]:grid-cols-[28px_minmax(150px,1.1fr)_minmax(70px,0.5fr)_minmax(210px,1.5fr)_76px_38px_28px]',
)

export interface IntegrationRowProps {
  integration: Integration
  active: boolean
  /** Why nothing can be changed now. */
  blocked: string | undefined
}

/** One row of the catalog. Only native controls: a list may hold a thousand of them. Clicks are handled by the grid. */
export const IntegrationRow = memo(function IntegrationRow({ integration, active, blocked }: IntegrationRowProps) {
  const name = nameOf(integration)
  const status = integrationStatus(integration)
  const needsSetup = integration.connection.state === 'needs_setup'
  const stop = active ? 0 : -1
  const { tool_count: tools } = integration.connection
  return (
    <div role="presentation" className={columns}>
      <Monogram name={integration.name} label={name} image={integration.logo} />
      <span role="gridcell" className="flex min-w-0 items-baseline gap-2" title={name}>
        <span className="max-w-[65%] flex-none truncate text-strong font-medium">{name}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-code text-muted">{integration.name}</span>
      </span>
      <span role="gridcell" className="hidden truncate text-muted @min-[800px]:block" title={integration.category}>
        {integration.category}
      </span>
      <span role="gridcell" className="flex min-w-0 items-center gap-2">
        <StatusBadge integration={integration} />
        {status.action && (
          <button
            type="button"
            tabIndex={stop}
            data-action={status.action.id}
            disabled={blocked !== undefined && status.action.id !== 'edit'}
            className="h-6 flex-none rounded-control border border-line bg-surface px-2 text-meta hover:bg-sunken disabled:opacity-55"
          >
            {status.action.label}
          </button>
        )}
        {integration.status === 'active' && integration.oauth && integration.oauth.missing_scopes.length > 0 && (
          <button
            type="button"
            tabIndex={stop}
            data-action="authorise"
            disabled={blocked !== undefined}
            title={`A tool asked for ${scopeWords(integration.oauth.missing_scopes)}: sign in again to grant it`}
            className="h-6 flex-none rounded-control bg-warn-soft px-2 text-meta font-medium whitespace-nowrap text-warn hover:underline"
          >
            Needs more access
          </button>
        )}
        {integration.unapproved_tools > 0 && (
          <button
            type="button"
            tabIndex={stop}
            data-action="review"
            title={`${countWords(integration.unapproved_tools, 'tool')} changed or new since you approved them`}
            className="h-6 flex-none rounded-control bg-warn-soft px-2 text-meta font-medium whitespace-nowrap text-warn tabular-nums hover:underline"
          >
            {integration.unapproved_tools.toLocaleString('en')} to approve
          </button>
        )}
      </span>
      <span role="gridcell" className="hidden truncate text-right text-muted tabular-nums @min-[560px]:block">
        {tools === 0 && integration.connection.state !== 'connected' ? '-' : countWords(tools, 'tool')}
      </span>
      <span role="gridcell" className="flex">
        <input
          type="checkbox"
          role="switch"
          aria-label={needsSetup ? `Enable ${name}: it needs setup first` : `Enable ${name}`}
          title={needsSetup ? 'It needs setup first' : blocked}
          tabIndex={stop}
          data-action="toggle"
          readOnly
          checked={integration.status === 'active'}
          disabled={needsSetup || blocked !== undefined}
          className="switch"
        />
      </span>
      <span role="gridcell">
        <RowMenuButton name={name} active={active} />
      </span>
    </div>
  )
})
