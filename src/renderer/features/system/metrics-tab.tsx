import { CircleAlert, CircleCheck, Plus, RefreshCw, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { PrometheusStatus, StoredQuery } from '../../../shared/contract/prometheus.ts'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { useLoad } from '../../stores/use-load.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { agoWords, countWords } from '../../ui/words.ts'
import { useNow } from '../../ui/use-now.ts'
import { MetricChart } from './metric-chart.tsx'
import { QueryDialog } from './query-dialog.tsx'

const SPANS = [
  { value: '1', label: '1 h' },
  { value: '24', label: '24 h' },
  { value: '168', label: '7 d' },
] as const
type Span = (typeof SPANS)[number]['value']

/** What is kept of a Prometheus: how polling goes, and the chosen queries as pictures. */
export function MetricsTab() {
  const { client, stores } = useConsole()
  // Each poll that ended, and each change of the queries.
  const revision = useStore(stores.prometheus, (state) => state.revision)
  const [loaded, setLoaded] = useState<{ status: PrometheusStatus; queries: StoredQuery[] }>()
  const [span, setSpan] = useState<Span>('1')
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<StoredQuery>()
  const [busy, setBusy] = useState(false)
  const [polling, setPolling] = useState(false)
  const addButton = useRef<HTMLButtonElement>(null)
  const fail = useFailureToast()
  const writable = useWritable()
  const blocked = writable ? undefined : 'Reconnecting'
  const now = useNow(15_000)
  const { problem, reload, retry } = useLoad({
    version: String(revision),
    load: async (signal) => {
      const [status, { items }] = await Promise.all([
        client.prometheus.status(undefined, { signal }),
        client.prometheus.queries(undefined, { signal }),
      ])
      return { status, queries: items }
    },
    keep: setLoaded,
  })
  if (loaded === undefined) {
    if (problem === undefined) return <SkeletonRows />
    return <ErrorState title="The metrics could not be loaded" problem={problem} onRetry={retry} />
  }
  const { status, queries } = loaded
  const poll = async (): Promise<void> => {
    setPolling(true)
    try {
      await client.prometheus.poll()
      reload()
    } catch (cause) {
      fail('It was not polled', cause)
    } finally {
      setPolling(false)
    }
  }
  const remove = async ({ id, name }: StoredQuery): Promise<void> => {
    setBusy(true)
    try {
      await client.prometheus.remove_query({ id })
      reload()
    } catch (cause) {
      fail(`${name} was not removed`, cause)
    } finally {
      setBusy(false)
      setRemoving(undefined)
    }
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5" tabIndex={0} aria-label="Metrics">
      <div className="flex max-w-220 flex-col gap-5">
        <div className="flex flex-wrap items-center gap-3">
          <p role="status" className="min-w-0 flex-1 basis-70 text-muted">
            {pollWords(status, now)}
          </p>
          <Segmented label="Span" hideLabel value={span} options={SPANS} onChange={setSpan} />
          <Button icon={RefreshCw} busy={polling} blocked={blocked} onClick={() => void poll()}>
            Poll now
          </Button>
          <Button ref={addButton} icon={Plus} look="primary" blocked={blocked} onClick={() => setAdding(true)}>
            Add query
          </Button>
        </div>
        {status.error !== null && (
          <FieldError>
            <ForeignText>{status.error}</ForeignText>
          </FieldError>
        )}
        <Clusters clusters={status.clusters} />
        {queries.length === 0 && (
          <EmptyState>No queries yet. The values of those that you add are kept and drawn here.</EmptyState>
        )}
        {queries.map((query) => (
          <section key={query.id} aria-label={query.name} className="rounded-panel border border-line px-4 py-3">
            <div className="flex items-start gap-3">
              <div className="min-w-0 flex-1">
                <h2 className="font-medium">{query.name}</h2>
                <p className="font-mono text-code wrap-anywhere text-muted">{query.query}</p>
              </div>
              <IconButton
                icon={Trash2}
                label={`Remove ${query.name} and its values`}
                disabled={!writable}
                onClick={() => setRemoving(query)}
              />
            </div>
            {query.error !== null && (
              <FieldError>
                <ForeignText>{query.error}</ForeignText>
              </FieldError>
            )}
            <MetricChart query={query} hours={Number(span)} version={status.last_poll_at ?? ''} />
          </section>
        ))}
      </div>
      <ConfirmDialog
        open={removing !== undefined}
        busy={busy}
        onClose={() => setRemoving(undefined)}
        onConfirm={() => removing && void remove(removing)}
        title={`Remove ${removing?.name ?? ''}?`}
        confirm="Remove"
        focusAfterwards={() => addButton.current}
      >
        The values that are kept of it are erased. This cannot be undone.
      </ConfirmDialog>
      {adding && (
        <QueryDialog
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false)
            reload()
          }}
        />
      )}
    </div>
  )
}

function Clusters({ clusters }: Pick<PrometheusStatus, 'clusters'>) {
  if (clusters.length === 0) return null
  return (
    <ul aria-label="Clusters" className="flex flex-wrap gap-2">
      {clusters.map(({ name, state, targets, targets_up }) => (
        <li
          key={name}
          className={classes(
            'flex items-center gap-1.5 rounded-control px-2 py-0.5 text-meta',
            state === 'connected' ? 'bg-ok-soft text-ok' : 'bg-err-soft text-err',
          )}
        >
          {state === 'connected' ? (
            <CircleCheck size={14} strokeWidth={1.75} aria-hidden className="flex-none" />
          ) : (
            <CircleAlert size={14} strokeWidth={1.75} aria-hidden className="flex-none" />
          )}
          <span>
            <ForeignText>{name}</ForeignText>:{' '}
            {state === 'connected' ? `${targets_up} of ${targets} targets up` : 'disconnected'}
          </span>
        </li>
      ))}
    </ul>
  )
}

function pollWords(
  { state, last_poll_at: last, firing_alerts: firing, retention_days: days }: PrometheusStatus,
  now: number,
) {
  if (state === 'disabled') return 'Prometheus is disabled, so nothing is polled.'
  if (last === null) return 'The first poll is on its way.'
  const polled = state === 'failing' ? 'The last poll failed' : 'Polled'
  return `${polled} ${agoWords(last, now)}. ${countWords(firing, 'alert')} firing. Values are kept for ${days} days.`
}
