import { useNavigate } from '@tanstack/react-router'
import { Pause, Play, TriangleAlert } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import type { CallOutcome } from '../../../shared/contract/calls.ts'
import { useAgents, useIntegrations } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { naturalOrder } from '../../ui/order.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { countWords } from '../../ui/words.ts'
import type { CallFeedState } from './call-feed.ts'
import { CallList } from './call-list.tsx'
import { type CallSearch, filterOf } from './call-search.ts'
import { outcomes, outcomeWords } from './call-words.ts'
import { DroppedCalls } from './dropped-calls.tsx'
import { LogActions } from './log-actions.tsx'
import { RateStrip } from './rate-strip.tsx'
import { useCallFeed } from './use-call-feed.ts'
import { useTypedSearch } from './use-typed-search.ts'

const ALL = ''

export interface CallLogProps {
  search: CallSearch
  onSearch: (changes: CallSearch) => void
  /** The only integration that this is about; then nothing else is counted, and there is no filter for it. */
  integration?: string
  /** Puts counts and actions where the screen has its head; else they stand beside the filters. */
  head?: (counts: ReactNode, actions: ReactNode) => ReactNode
}

/** The call log with its filters: what the Traffic page and the Traffic tab of an integration have in common. */
export function CallLog({ search, onSearch, integration, head }: CallLogProps) {
  const navigate = useNavigate()
  const [q, setQ] = useTypedSearch(search.q ?? '', (next) => onSearch({ q: next }))
  const [paused, setPaused] = useState(false)
  const pauseButton = useRef<HTMLButtonElement>(null)
  const filter = filterOf(integration === undefined ? search : { ...search, integration })
  const { shown, retry } = useCallFeed(filter, filter.integration, integration !== undefined)
  const state = shown?.state
  const narrowed = [filter.query, filter.agent, filter.outcome].some(Boolean) || filter.integration !== integration
  const clear = (): void => {
    setQ('')
    onSearch({ q: '', agent: '', status: '', integration: '' })
  }

  const counts = state?.loaded && <Counts state={state} narrowed={narrowed} />
  const actions = (
    <LogActions filter={filter} feed={shown?.feed} all={state?.all ?? 0} clearable={integration === undefined} />
  )

  return (
    <>
      {head?.(counts, actions)}
      <div className="flex flex-none flex-wrap items-center gap-2 px-6 py-3">
        <Button ref={pauseButton} icon={paused ? Play : Pause} onClick={() => setPaused(!paused)}>
          {paused ? 'Resume' : 'Pause'}
        </Button>
        <SearchField label="Search calls" value={q} onChange={setQ} className="w-52" />
        <AgentSelect value={search.agent ?? ALL} onChange={(agent) => onSearch({ agent })} />
        {integration === undefined && (
          <IntegrationSelect value={search.integration ?? ALL} onChange={(next) => onSearch({ integration: next })} />
        )}
        <Select<CallOutcome | ''>
          label="Status"
          prefix="Status"
          value={filter.outcome ?? ALL}
          onChange={(status) => onSearch({ status })}
          options={[
            { value: ALL, label: 'All' },
            ...outcomes.map((outcome) => ({ value: outcome, label: outcomeWords[outcome].word })),
          ]}
        />
        <Liveness paused={paused} state={state} />
        {!head && (
          <>
            {counts}
            {actions}
          </>
        )}
      </div>
      <DroppedCalls />
      {!state ? (
        <SkeletonRows />
      ) : !state.loaded && state.problem ? (
        <ErrorState title="The call log could not be loaded" problem={state.problem} onRetry={retry} />
      ) : (
        <>
          {state.all > 0 && <RateStrip key={JSON.stringify(filter)} rate={shown.feed.rate} />}
          {state.window.rows.length > 0 || search.call !== undefined ? (
            <CallList
              shown={shown}
              paused={paused}
              open={search.call}
              onOpen={(call) => onSearch({ call: call ?? '' })}
              afterNewest={pauseButton}
            />
          ) : state.window.waitingCount > 0 ? (
            <EmptyState action={<Button onClick={() => void shown.feed.showNewest()}>Show them</Button>}>
              {countWords(state.window.waitingCount, 'new call')} since the log was cleared.
            </EmptyState>
          ) : narrowed && state.all > 0 ? (
            <EmptyState action={<Button onClick={clear}>Clear filters</Button>}>Nothing matches.</EmptyState>
          ) : (
            <EmptyState action={<Button onClick={() => void navigate({ to: '/agents' })}>Go to Agents</Button>}>
              {integration === undefined
                ? 'No calls yet. Connect an agent: every tool it calls is listed here.'
                : `No calls of ${integration} yet. Connect an agent: every tool it calls is listed here.`}
            </EmptyState>
          )}
        </>
      )}
    </>
  )
}

/** "48,310 calls", or "1,204 of 48,310" through a filter. */
function Counts({ state: { matching, all }, narrowed }: { state: CallFeedState; narrowed: boolean }) {
  return (
    <span className="text-muted tabular-nums">
      {narrowed ? `${matching.toLocaleString('en')} of ${all.toLocaleString('en')}` : countWords(all, 'call')}
    </span>
  )
}

/** Says when what is on screen is not what happens now. */
function Liveness({ paused, state }: { paused: boolean; state: CallFeedState | undefined }) {
  const stale = state !== undefined && state.loaded && state.problem !== null
  return (
    <p role="status" className="ml-auto flex min-w-0 items-center gap-1.5">
      {stale ? (
        <span className="flex min-w-0 items-center gap-1.5 text-warn" title={state.problem?.message}>
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
          <span className="truncate">Stale: reconnecting</span>
        </span>
      ) : (
        paused && <span className="text-muted">Paused</span>
      )}
    </p>
  )
}

function AgentSelect({ value, onChange }: { value: string; onChange: (agent: string) => void }) {
  const byId = useAgents((state) => state.byId)
  return (
    <NameSelect label="Agent" names={Object.values(byId).map(({ name }) => name)} value={value} onChange={onChange} />
  )
}

function IntegrationSelect({ value, onChange }: { value: string; onChange: (integration: string) => void }) {
  const byName = useIntegrations((state) => state.byName)
  const names = Object.values(byName)
    .filter(({ mcp }) => mcp !== null)
    .map(({ name }) => name)
  return <NameSelect label="Integration" names={names} value={value} onChange={onChange} />
}

/** Its value stays a choice also when what it names is gone: the log still has its calls. */
function NameSelect({
  label,
  names,
  value,
  onChange,
}: {
  label: string
  names: readonly string[]
  value: string
  onChange: (name: string) => void
}) {
  const all = [...new Set(value === ALL ? names : [...names, value])].sort(naturalOrder)
  return (
    <Select
      label={label}
      prefix={label}
      value={value}
      onChange={onChange}
      className="max-w-52"
      options={[{ value: ALL, label: 'All' }, ...all.map((name) => ({ value: name, label: name }))]}
    />
  )
}
