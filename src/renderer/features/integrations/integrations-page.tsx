import { useNavigate, useSearch } from '@tanstack/react-router'
import { Braces, Import, Plus, Server } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useIntegrations, usePlanLock, useSystem } from '../../stores/console.tsx'
import { HiddenCount } from '../../ui/hidden-count.tsx'
import { keySigns } from '../../ui/keys.ts'
import { MenuButton } from '../../ui/menu.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { countWords } from '../../ui/words.ts'
import { PlanNotice } from '../workspaces/plan-notice.tsx'
import { CatalogList } from './catalog-list.tsx'
import { countBy, filterCatalog, sortIntegrations } from './catalog-filter.ts'
import { integrationStatus } from './integration-status.ts'

const ALL = ''

/** The catalog: system integrations first, custom ones below, in one list. */
export function IntegrationsPage() {
  const search = useSearch({ from: '/integrations' })
  const navigate = useNavigate({ from: '/integrations' })
  const byName = useIntegrations((state) => state.byName)
  const link = useSystem((state) => state.link)
  const problem = useSystem((state) => state.problem)
  const retry = useSystem((state) => state.retry)
  const loaded = useSystem((state) => state.status !== null)
  const planLock = usePlanLock()

  const [q, setQ] = useState(search.q ?? '')
  const query = useDeferredValue(q)
  const category = search.category ?? ALL
  const status = search.status ?? ALL

  const sorted = useMemo(() => sortIntegrations(Object.values(byName)), [byName])
  const catalog = useMemo(
    () => filterCatalog(sorted, { q: query, category, status }),
    [sorted, query, category, status],
  )
  const categories = useMemo(() => countBy(sorted, (integration) => integration.category), [sorted])
  const statuses = useMemo(() => countBy(sorted, (integration) => integrationStatus(integration).word), [sorted])

  const narrow = (next: { q?: string; category?: string; status?: string }): void => {
    void navigate({
      search: (before) => {
        const merged = { ...before, ...next }
        return Object.fromEntries(Object.entries(merged).filter(([, value]) => value))
      },
      replace: true,
    })
  }
  const clear = (): void => {
    setQ('')
    narrow({ q: '', category: '', status: '' })
  }

  return (
    <>
      <PageHeader
        title="Integrations"
        meta={
          loaded && (
            <span className="tabular-nums" role="status">
              {countWords(sorted.length, 'integration')}
              {catalog.hidden > 0 && (
                <>
                  {' · '}
                  <HiddenCount count={catalog.hidden} onClear={clear} />
                </>
              )}
            </span>
          )
        }
      >
        <SearchField
          label="Search integrations"
          value={q}
          onChange={(next) => {
            setQ(next)
            narrow({ q: next })
          }}
          className="w-60"
        />
        <Select
          label="Category"
          prefix="Category"
          value={category}
          onChange={(next) => narrow({ category: next })}
          options={[
            { value: ALL, label: 'All' },
            ...categories.map(({ value, count }) => ({ value, label: value, hint: String(count) })),
          ]}
        />
        <Select
          label="Status"
          prefix="Status"
          value={status}
          onChange={(next) => narrow({ status: next })}
          options={[
            { value: ALL, label: 'All' },
            ...statuses.map(({ value, count }) => ({ value, label: value, hint: String(count) })),
          ]}
        />
        <MenuButton
          label="Add integration"
          icon={Plus}
          blocked={planLock}
          entries={[
            {
              label: 'MCP server',
              icon: Server,
              keys: keySigns('$mod+n'),
              onSelect: () => void navigate({ to: '/integrations/new' }),
            },
            { label: 'REST API', icon: Braces, onSelect: () => void navigate({ to: '/integrations/new/rest' }) },
            { label: 'Import config', icon: Import, onSelect: () => void navigate({ to: '/integrations/import' }) },
          ]}
        />
      </PageHeader>
      <PlanNotice />
      {!loaded && link === 'reconnecting' && problem ? (
        <ErrorState title="The integrations could not be loaded" problem={problem} onRetry={retry} />
      ) : !loaded ? (
        <SkeletonRows />
      ) : (
        <CatalogList catalog={catalog} narrowed={catalog.hidden > 0} onClear={clear} planLock={planLock} />
      )}
    </>
  )
}
