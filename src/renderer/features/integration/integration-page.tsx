import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { Copy, RotateCw, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useIntegrations, usePlanLock, useSystem, useTools, useWritable } from '../../stores/console.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { Button } from '../../ui/button.tsx'
import { keySigns } from '../../ui/keys.ts'
import { OverflowMenu } from '../../ui/menu.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useCommand } from '../../use-command.ts'
import { isSetUp, nameOf } from '../integrations/catalog-filter.ts'
import { StatusBadge } from '../integrations/status-badge.tsx'
import { useDeletions } from '../integrations/use-deletions.ts'
import { useIntegrationActions } from '../integrations/use-integration-actions.ts'
import { StoredTestDialog } from './stored-test-dialog.tsx'
import { SystemPage } from '../system/system-page.tsx'
import { VerifyDialog } from '../system/verify-dialog.tsx'
import { effectOf } from '../tools/filter-effect.ts'
import { heldNames } from '../tools/held-names.ts'

/** One integration: its head, and a tab for each thing that can be looked at or changed. */
export function IntegrationPage() {
  const { slug } = useParams({ from: '/integrations/$slug' })
  const integration = useIntegrations((state) => state.byName[slug])
  const loaded = useSystem((state) => state.status !== null)
  const navigate = useNavigate()
  if (!integration && !loaded) return <SkeletonRows />
  if (!integration) {
    return (
      <>
        <PageHeader title={slug} back={<BackLink to="/integrations" label="Integrations" />} />
        <EmptyState action={<Button onClick={() => void navigate({ to: '/integrations' })}>Go to Integrations</Button>}>
          There is no integration named {slug} in this workspace.
        </EmptyState>
      </>
    )
  }
  if (!isSetUp(integration)) return <SystemPage integration={integration} />
  return <IntegrationScreen key={slug} integration={integration} />
}

function IntegrationScreen({ integration }: { integration: Integration }) {
  const navigate = useNavigate()
  const actions = useIntegrationActions()
  const deletions = useDeletions()
  const planLock = usePlanLock()
  const writable = useWritable()
  const [testing, setTesting] = useState(false)
  const name = nameOf(integration)
  const isSystem = integration.source === 'system'
  const blocked = writable ? (isSystem ? undefined : planLock) : 'Reconnecting'
  const active = integration.status === 'active'
  const shownCount = useShownCount(integration)
  const test = { integration, onClose: () => setTesting(false) }
  const restart = (): void => {
    if (active && blocked === undefined) void actions.restart(integration.name)
  }
  // Registered even while it can do nothing: in a browser the key would reload the page and lose what was typed.
  useCommand('restart', restart)
  return (
    <>
      <header className="flex-none px-6 pt-3">
        <BackLink to="/integrations" label="Integrations" />
        <div className="mt-1 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-2">
          <div className="flex max-w-full min-w-0 items-center gap-3">
            <Monogram name={integration.name} label={name} image={integration.logo} large />
            <h1 className="min-w-0 truncate text-page font-semibold" title={name}>
              {name}
            </h1>
            <span className="max-w-1/2 flex-none truncate font-mono text-code text-muted">{integration.name}</span>
          </div>
          <div className="max-w-full" role="status">
            <StatusBadge integration={integration} />
          </div>
          <div className="ml-auto flex flex-none items-center gap-2">
            <Button blocked={writable ? undefined : 'Reconnecting'} onClick={() => setTesting(true)}>
              {isSystem ? 'Verify connection' : 'Test connection'}
            </Button>
            <Switch
              label={`Enable ${name}`}
              checked={active}
              disabled={blocked !== undefined}
              title={blocked}
              className="mx-2"
              onChange={(event) => void actions.setEnabled(integration.name, event.target.checked)}
            />
            <OverflowMenu
              label={`Menu of ${name}`}
              entries={[
                {
                  label: 'Restart',
                  icon: RotateCw,
                  keys: keySigns('$mod+r'),
                  disabled: blocked !== undefined || !active,
                  onSelect: restart,
                },
                {
                  label: 'Copy name',
                  icon: Copy,
                  onSelect: () => void navigator.clipboard.writeText(integration.name),
                },
                'separator',
                {
                  label: 'Delete',
                  icon: Trash2,
                  danger: true,
                  disabled: blocked !== undefined || isSystem,
                  onSelect: () => {
                    deletions.remove(integration)
                    // What is not saved here goes with it.
                    void navigate({ to: '/integrations', ignoreBlocker: true })
                  },
                },
              ]}
            />
          </div>
        </div>
        <nav aria-label={`Parts of ${name}`} className="mt-3 flex gap-5 border-b border-line">
          <Tab to="/integrations/$slug/overview" slug={integration.name} label="Overview" />
          <Tab
            to="/integrations/$slug/tools"
            slug={integration.name}
            label="Tools"
            count={shownCount}
            toApprove={integration.unapproved_tools}
          />
          <Tab to="/integrations/$slug/connection" slug={integration.name} label="Connection" />
          {isSystem && integration.name === 'prometheus' && (
            <Tab to="/integrations/$slug/metrics" slug={integration.name} label="Metrics" />
          )}
          <Tab to="/integrations/$slug/traffic" slug={integration.name} label="Traffic" />
          {!isSystem && <Tab to="/integrations/$slug/output" slug={integration.name} label="Output" />}
        </nav>
      </header>
      <Outlet />
      {testing && (isSystem ? <VerifyDialog {...test} /> : <StoredTestDialog {...test} />)}
    </>
  )
}

/** "42/318" once the tools are known and a filter is set; else how many there are. */
function useShownCount(integration: Integration): string | undefined {
  const tools = useTools((state) => state.byIntegration[integration.name])
  const { enabled_tools: enabled, disabled_tools: disabled } = integration
  return useMemo(() => {
    const total = tools?.length ?? integration.connection.tool_count
    // None, or none known yet: the tab says which.
    if (total === 0) return undefined
    if (!tools) return total.toLocaleString('en')
    const held = heldNames(tools)
    if (enabled.length + disabled.length + held.size === 0) return total.toLocaleString('en')
    const { exposed } = effectOf({ enabled, disabled }, tools, held)
    return `${exposed.toLocaleString('en')}/${total.toLocaleString('en')}`
  }, [tools, enabled, disabled, integration.connection.tool_count])
}

function Tab({
  to,
  slug,
  label,
  count,
  toApprove = 0,
}: {
  to: `/integrations/$slug/${'overview' | 'tools' | 'connection' | 'metrics' | 'traffic' | 'output'}`
  slug: string
  label: string
  count?: string | undefined
  toApprove?: number
}) {
  return (
    <Link
      to={to}
      params={{ slug }}
      replace
      activeOptions={{ includeSearch: false }}
      className="-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
    >
      {label}
      {count !== undefined && <span className="text-meta tabular-nums">{count}</span>}
      {toApprove > 0 && (
        <span className="rounded-control bg-warn-soft px-1.5 text-meta font-medium text-warn tabular-nums">
          {toApprove.toLocaleString('en')} to approve
        </span>
      )}
    </Link>
  )
}
