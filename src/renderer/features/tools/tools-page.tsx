import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useAgents, useIntegrations, useProfiles } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { HiddenCount } from '../../ui/hidden-count.tsx'
import { naturalOrder } from '../../ui/order.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { countWords } from '../../ui/words.ts'
import { nameOf } from '../integrations/catalog-filter.ts'
import { useTypedSearch } from '../traffic/use-typed-search.ts'
import { KnownToolsList } from './known-tools-list.tsx'
import { PreviewDialog } from './preview-dialog.tsx'
import { shownOptions } from './shown-options.ts'
import { StaleList } from './stale-list.tsx'
import { groupTools, isExposed, searchGroups } from './tool-groups.ts'
import type { Shown } from './tool-search.ts'
import { WaitingIntegrations } from './waiting-integrations.tsx'
import { useKnownTools } from './use-known-tools.ts'

/** As an agent without a profile. */
const ANY = ''

/** Every tool of the workspace, whether agents see it, and why not. */
export function ToolsPage() {
  const search = useSearch({ from: '/tools' })
  const navigate = useNavigate({ from: '/tools' })
  const integrations = useIntegrations((state) => state.byName)
  const agents = useAgents((state) => state.byId)
  const profiles = useProfiles((state) => state.byId)
  const agent = search.agent === undefined ? undefined : agents[search.agent]
  const profile = agent?.profile_id ? profiles[agent.profile_id] : undefined
  const { tools, problem, reload } = useKnownTools(agent?.id)

  const narrow = (next: { q?: string; agent?: string }): void => {
    void navigate({
      search: (before) => Object.fromEntries(Object.entries({ ...before, ...next }).filter(([, value]) => value)),
      replace: true,
    })
  }
  const [q, setQ] = useTypedSearch(search.q ?? '', (typed) => narrow({ q: typed }))
  const [shown, setShown] = useState<Shown>('all')
  const [previewing, setPreviewing] = useState(false)
  const query = useDeferredValue(q)

  // An integration that changes its state changes no name: 10,000 tools are not grouped anew for that.
  const titles = useIntegrations(
    useShallow(({ byName }) => Object.fromEntries(Object.values(byName).map((each) => [each.name, nameOf(each)]))),
  )
  const groups = useMemo(() => groupTools(tools ?? [], titles), [tools, titles])
  const found = useMemo(() => searchGroups(groups, query, shown), [groups, query, shown])
  const options = useMemo(() => shownOptions(tools ?? [], isExposed), [tools])
  const agentOptions = useMemo(
    () => [
      { value: ANY, label: 'Any' },
      ...Object.values(agents)
        .map(({ id, name }) => ({ value: id, label: name }))
        .sort((one, other) => naturalOrder(one.label, other.label)),
    ],
    [agents],
  )
  const total = tools?.length ?? 0
  const exposed = groups.reduce((sum, group) => sum + group.exposed, 0)
  const tokens = groups.reduce((sum, group) => sum + group.tokens, 0)
  const hidden = total - found.reduce((sum, each) => sum + each.found.length, 0)
  const clear = (): void => {
    setQ('')
    setShown('all')
  }

  return (
    <>
      <PageHeader
        title="Tools"
        meta={
          tools && (
            <span className="tabular-nums" role="status">
              <span className="text-ink">
                {agent ? `${agent.name} sees` : 'Agents see'} {exposed.toLocaleString('en')} of{' '}
                {total.toLocaleString('en')}
              </span>
              , about {countWords(tokens, 'token')} in an agent’s context
              {hidden > 0 && (
                <>
                  {' · '}
                  <HiddenCount count={hidden} onClear={clear} />
                </>
              )}
            </span>
          )
        }
      >
        <SearchField label={`Search ${countWords(total, 'tool')}`} value={q} onChange={setQ} className="w-60" />
        <Select label="Shown" prefix="Shown" value={shown} onChange={setShown} options={options} />
        <Select
          label="Agent"
          prefix="Agent"
          value={agent?.id ?? ANY}
          onChange={(id) => narrow({ agent: id })}
          options={agentOptions}
          className="max-w-52"
        />
        <Button blocked={tools ? undefined : 'Loading'} onClick={() => setPreviewing(true)}>
          Preview
        </Button>
      </PageHeader>
      <WaitingIntegrations integrations={Object.values(integrations)} />
      {tools && problem && <StaleList problem={problem} onRetry={reload} />}
      {!tools ? (
        problem ? (
          <ErrorState title="The tools could not be loaded" problem={problem} onRetry={reload} />
        ) : (
          <SkeletonRows />
        )
      ) : total === 0 ? (
        <EmptyState
          action={
            <Button look="primary" icon={Plus} onClick={() => void navigate({ to: '/integrations/new' })}>
              Add MCP server
            </Button>
          }
        >
          No tools yet. They come with the first integration that connects.
        </EmptyState>
      ) : found.length === 0 ? (
        <EmptyState action={<Button onClick={clear}>Clear filters</Button>}>Nothing matches.</EmptyState>
      ) : (
        <KnownToolsList groups={found} integrations={integrations} profile={profile} />
      )}
      {previewing && tools && <PreviewDialog tools={tools} agent={agent} onClose={() => setPreviewing(false)} />}
    </>
  )
}
