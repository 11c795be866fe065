import { useNavigate, useSearch } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import type { DeliveryCounts, DeliveryState } from '../../../shared/contract/deliveries.ts'
import { useConsole, useDeliveries } from '../../stores/console.tsx'
import { usePagedFeed } from '../../stores/use-paged-feed.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { focusScreen } from '../../ui/focus-screen.ts'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { changedSearch } from '../incidents/incident-search.ts'
import { DeliveryList } from './delivery-list.tsx'
import { type DeliverySearch, filterOf } from './delivery-search.ts'
import { deliveryStates, deliveryWords } from './delivery-words.ts'
import { useNotices } from './use-notices.ts'

const ALL = ''

/** What was sent where, whether it arrived, and why it was sent or was not. */
export function DeliveriesTab() {
  const search = useSearch({ from: '/notifications/deliveries' })
  const navigate = useNavigate({ from: '/notifications/deliveries' })
  const { client } = useConsole()
  const { channels } = useNotices()
  const revision = useDeliveries((state) => state.revision)
  const filter = filterOf(search)
  const { shown, retry } = usePagedFeed(JSON.stringify(filter), revision, (wanted, signal) =>
    client.deliveries.list({ ...filter, ...wanted }, { signal }),
  )
  const narrow = (changes: Partial<DeliverySearch>): void =>
    void navigate({ search: (before) => changedSearch(before, changes), replace: true })
  const clear = (): void => narrow({ channel: '', state: '' })
  const narrowed = filter.channel !== undefined || filter.state !== undefined
  const newest = shown?.state.newest
  const hints = countsOf(newest?.counts)
  return (
    <>
      <div className="flex flex-none flex-wrap items-center gap-2 px-6 py-3">
        <Select
          label="Channel"
          prefix="Channel"
          className="max-w-60"
          value={filter.channel ?? ALL}
          onChange={(channel) => narrow({ channel })}
          options={[{ value: ALL, label: 'All' }, ...channelOptions(channels ?? [], filter.channel)]}
        />
        <Select<DeliveryState | ''>
          label="State"
          prefix="State"
          value={filter.state ?? ALL}
          onChange={(state) => narrow({ state })}
          options={[
            { value: ALL, label: 'All' },
            ...deliveryStates.map((value) => ({
              value,
              label: deliveryWords[value].word,
              ...(hints[value] === undefined ? {} : { hint: hints[value].toLocaleString('en') }),
            })),
          ]}
        />
        {newest && (
          <p role="status" className="ml-auto flex min-w-0 items-center gap-1.5 text-muted tabular-nums">
            {shown.state.problem ? (
              <span className="flex min-w-0 items-center gap-1.5 text-warn" title={shown.state.problem.message}>
                <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
                <span className="truncate">Stale: {shown.state.problem.message}</span>
              </span>
            ) : (
              countWordsOf(newest.counts, shown.state.rows.length > 0)
            )}
          </p>
        )}
      </div>
      {!shown ? (
        <SkeletonRows />
      ) : !newest && shown.state.problem ? (
        <ErrorState title="The deliveries could not be loaded" problem={shown.state.problem} onRetry={retry} />
      ) : shown.state.rows.length > 0 || search.delivery !== undefined ? (
        <DeliveryList
          shown={shown}
          open={search.delivery}
          onOpen={(delivery) => narrow({ delivery: delivery ?? '' })}
        />
      ) : narrowed ? (
        <EmptyState action={<Button onClick={clear}>Clear filters</Button>}>Nothing matches.</EmptyState>
      ) : (
        <EmptyState action={<Button onClick={() => void navigate({ to: '/notifications/rules' })}>Go to Rules</Button>}>
          Nothing was sent yet. What a rule sends to a channel is listed here, with every attempt.
        </EmptyState>
      )}
      {narrowed && shown && (shown.state.rows.length > 0 || search.delivery !== undefined) && (
        <p className="flex-none border-t border-line px-6 py-1.5 text-muted">
          {shown.state.rows.length > 0 ? 'Only some are shown.' : 'Nothing matches.'}{' '}
          <button
            type="button"
            className="text-accent underline underline-offset-2"
            onClick={() => {
              clear()
              focusScreen()
            }}
          >
            Clear filters
          </button>
        </p>
      )}
    </>
  )
}

/** A channel that is gone stays a choice while it is chosen: the log still has its deliveries. */
function channelOptions(channels: readonly { id: string; name: string }[], chosen: string | undefined) {
  const known = channels.map(({ id, name }) => ({ value: id, label: name }))
  if (chosen === undefined || known.some(({ value }) => value === chosen)) return known
  return [...known, { value: chosen, label: 'A deleted channel' }]
}

function countsOf(counts: DeliveryCounts | undefined): Partial<Record<DeliveryState, number>> {
  // What is counted as waiting is in several states.
  return counts ? { retrying: counts.retrying, failed: counts.failed } : {}
}

/** "3 failed, 2 retrying": what has not arrived. */
function countWordsOf({ waiting, retrying, failed }: DeliveryCounts, hasAny: boolean): string {
  const parts = [
    ...(failed > 0 ? [`${failed.toLocaleString('en')} failed`] : []),
    ...(retrying > 0 ? [`${retrying.toLocaleString('en')} retrying`] : []),
    ...(waiting > 0 ? [`${waiting.toLocaleString('en')} not sent yet`] : []),
  ]
  if (parts.length > 0) return parts.join(', ')
  return hasAny ? 'Everything has arrived' : ''
}
