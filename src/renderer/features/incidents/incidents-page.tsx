import { useNavigate, useSearch } from '@tanstack/react-router'
import { Siren, TriangleAlert } from 'lucide-react'
import type { IncidentCounts, IncidentFilter } from '../../../shared/contract/incidents.ts'
import { useConsole, useIncidents, useWritable } from '../../stores/console.tsx'
import { usePagedFeed } from '../../stores/use-paged-feed.ts'
import { Button } from '../../ui/button.tsx'
import { HiddenCount } from '../../ui/hidden-count.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { countWords } from '../../ui/words.ts'
import { useTypedSearch } from '../traffic/use-typed-search.ts'
import { IncidentList } from './incident-list.tsx'
import { changedSearch, filterOf, type IncidentSearch } from './incident-search.ts'
import { incidentTypeWords } from './incident-words.ts'
import { NoIncidents } from './no-incidents.tsx'
import { ReportDialog } from './report-dialog.tsx'
import { atLeastWords } from './severity-words.ts'

const ALL = ''

/** What went wrong, newest first, and what is being done about it. */
export function IncidentsPage() {
  const search = useSearch({ from: '/incidents' })
  const navigate = useNavigate({ from: '/incidents' })
  const { client } = useConsole()
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const revision = useIncidents((state) => state.revision)
  const narrow = (changes: Partial<IncidentSearch>): void =>
    void navigate({ search: (before) => changedSearch(before, changes), replace: true })
  const [q, setQ] = useTypedSearch(search.q ?? '', (next) => narrow({ q: next }))
  const filter = filterOf(search)
  const { shown, retry } = usePagedFeed(JSON.stringify(filter), revision, (wanted, signal) =>
    client.incidents.list({ ...filter, ...wanted }, { signal }),
  )
  const newest = shown?.state.newest
  const all = newest ? allOf(newest.counts) : 0
  const hidden = newest ? all - newest.total : 0
  const clear = (): void => {
    setQ('')
    narrow({ q: '', status: '', severity: '', type: '' })
  }
  return (
    <>
      <PageHeader
        title="Incidents"
        meta={
          newest && (
            <span role="status" className="tabular-nums">
              {headWords(newest.counts, all)}
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
        <Button look="primary" icon={Siren} blocked={blocked} onClick={() => narrow({ report: 'yes' })}>
          Report an incident
        </Button>
      </PageHeader>
      <div className="flex flex-none flex-wrap items-center gap-2 px-6 pb-3">
        <SearchField label="Search incidents" value={q} onChange={setQ} className="w-60" />
        <Select
          label="Status"
          prefix="Status"
          value={filter.status ?? ALL}
          onChange={(status) => narrow({ status })}
          options={statusOptions(newest?.counts)}
        />
        <Select
          label="Severity"
          prefix="Severity"
          value={filter.min_severity ?? ALL}
          onChange={(severity) => narrow({ severity })}
          options={[
            { value: ALL, label: 'All' },
            ...(['low', 'medium', 'high', 'critical'] as const).map((value) => ({ value, label: atLeastWords(value) })),
          ]}
        />
        <Select<NonNullable<IncidentFilter['type']> | ''>
          label="Type"
          prefix="Type"
          value={filter.type ?? ALL}
          onChange={(type) => narrow({ type })}
          options={[
            { value: ALL, label: 'All' },
            ...(['incident', 'cluster_disconnected', 'integration_state'] as const).map((value) => ({
              value,
              label: incidentTypeWords[value],
            })),
          ]}
        />
        {newest && shown.state.problem && (
          <p role="status" className="ml-auto flex min-w-0 items-center gap-1.5 text-warn">
            <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
            <span className="truncate" title={shown.state.problem.message}>
              Stale: {shown.state.problem.message}
            </span>
          </p>
        )}
      </div>
      {!shown ? (
        <SkeletonRows />
      ) : !newest && shown.state.problem ? (
        <ErrorState title="The incidents could not be loaded" problem={shown.state.problem} onRetry={retry} />
      ) : shown.state.rows.length > 0 || search.incident !== undefined ? (
        <IncidentList
          shown={shown}
          open={search.incident}
          onOpen={(incident) => narrow({ incident: incident ?? '' })}
        />
      ) : all > 0 ? (
        <EmptyState action={<Button onClick={clear}>Clear filters</Button>}>Nothing matches.</EmptyState>
      ) : (
        <NoIncidents />
      )}
      {search.report !== undefined && (
        <ReportDialog
          blocked={blocked}
          onClose={() => narrow({ report: '' })}
          onReported={(incident) => narrow({ report: '', incident: incident ?? '' })}
        />
      )}
    </>
  )
}

function allOf({ open, acknowledged, resolved }: IncidentCounts): number {
  return open + acknowledged + resolved
}

/** "3 open, 24 incidents". */
function headWords({ open }: IncidentCounts, all: number): string {
  return open > 0 ? `${open.toLocaleString('en')} open · ${countWords(all, 'incident')}` : countWords(all, 'incident')
}

function statusOptions(counts: IncidentCounts | undefined) {
  const hint = (count: number | undefined) => (count === undefined ? {} : { hint: count.toLocaleString('en') })
  return [
    { value: ALL, label: 'All', ...hint(counts && allOf(counts)) },
    { value: 'active' as const, label: 'Not resolved', ...hint(counts && counts.open + counts.acknowledged) },
    { value: 'open' as const, label: 'Open', ...hint(counts?.open) },
    { value: 'acknowledged' as const, label: 'Acknowledged', ...hint(counts?.acknowledged) },
    { value: 'resolved' as const, label: 'Resolved', ...hint(counts?.resolved) },
  ]
}
