import { useParams } from '@tanstack/react-router'
import { Eraser, Pause, Play, RotateCw, TriangleAlert } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useIntegrations, usePlanLock, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { isSetUp, nameOf } from '../integrations/catalog-filter.ts'
import { useIntegrationActions } from '../integrations/use-integration-actions.ts'
import { OutputList } from '../output/output-list.tsx'
import { linesAsText, linesWith } from '../output/output-lines.ts'
import { ProcessLine } from '../output/process-line.tsx'
import { useOutputFeed } from '../output/use-output-feed.ts'

/** What a server writes to stderr and what happens to its connection, as it happens. */
export function OutputTab() {
  const { slug } = useParams({ from: '/integrations/$slug/output' })
  const integration = useIntegrations((state) => state.byName[slug])
  const actions = useIntegrationActions()
  const planLock = usePlanLock()
  const writable = useWritable()
  const { state, feed, retry } = useOutputFeed(slug)
  const [q, setQ] = useState('')
  const [paused, setPaused] = useState(false)
  const all = state?.lines
  const lines = useMemo(() => linesWith(all ?? [], q), [all, q])
  if (!integration || !isSetUp(integration)) return null
  const isStdio = integration.mcp?.transport === 'stdio'
  const lock = integration.source === 'custom' ? planLock : undefined
  const blocked = !writable ? 'Reconnecting' : integration.status === 'disabled' ? 'It is disabled' : lock

  return (
    <>
      <div className="flex flex-none flex-wrap items-center gap-2 px-6 py-3">
        <Button
          icon={paused ? Play : Pause}
          onClick={() => {
            setPaused(!paused)
            feed?.pause(!paused)
          }}
        >
          {paused ? 'Resume' : 'Pause'}
        </Button>
        <SearchField label="Filter output" value={q} onChange={setQ} className="w-52" />
        <Button icon={Eraser} onClick={() => feed?.clear()}>
          Clear view
        </Button>
        <CopyButton text={() => linesAsText(lines)}>Copy all</CopyButton>
        <Button
          icon={RotateCw}
          blocked={blocked}
          className="ml-auto"
          onClick={() => void actions.restart(integration.name)}
        >
          Restart
        </Button>
      </div>
      <div className="flex min-h-6 flex-none flex-wrap items-center gap-x-4 px-6 pb-2">
        {isStdio && <ProcessLine name={slug} />}
        <p role="status" className="ml-auto flex items-center gap-1.5">
          {state?.loaded && state.problem ? (
            <span className="flex items-center gap-1.5 text-warn" title={state.problem.message}>
              <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
              Stale: reconnecting
            </span>
          ) : (
            paused && (
              <span className="text-muted tabular-nums">
                Paused, {(state?.waitingCount ?? 0).toLocaleString('en')} new
              </span>
            )
          )}
        </p>
      </div>
      {!state || (!state.loaded && !state.problem) ? (
        <SkeletonRows height={24} />
      ) : !state.loaded && state.problem ? (
        <ErrorState title="The output could not be loaded" problem={state.problem} onRetry={retry} />
      ) : lines.length > 0 ? (
        <OutputList label={`Output of ${nameOf(integration)}`} lines={lines} />
      ) : state.lines.length > 0 ? (
        <EmptyState action={<Button onClick={() => setQ('')}>Clear filters</Button>}>Nothing matches.</EmptyState>
      ) : (
        <EmptyState>
          {isStdio
            ? 'No output yet. What the server writes to stderr and what happens to its connection is listed here.'
            : 'No output yet. What happens to the connection is listed here.'}
        </EmptyState>
      )}
    </>
  )
}
