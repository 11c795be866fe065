import { CircleCheck, CircleSlash } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { AuditEntry } from '../../../shared/contract/audit.ts'
import { useRowHeight } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { type GridEnds, type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { useNow } from '../../ui/use-now.ts'
import { agoWords, timeWords } from '../../ui/words.ts'
import { actorWords, changeWords, refusalWords } from './change-words.ts'
import { TrafficHead } from './traffic-head.tsx'
import { useChanges } from './use-changes.ts'

const columns = classes(
  'grid h-full items-center gap-3 border-b border-line px-6',
  'grid-cols-[110px_minmax(0,1.4fr)_minmax(0,1fr)]',
  '@min-[700px]:grid-cols-[110px_minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1fr)_120px]',
)

interface ChangeItem extends GridItem {
  entry: AuditEntry
}

/** What admins changed, newest first: who, what, and whether it was let through. */
export function ChangesPage() {
  const { entries, more, loaded, problem, loadOlder, reload } = useChanges()
  const rowHeight = useRowHeight()
  const [{ atStart, nearEnd }, setEnds] = useState<GridEnds>({ atStart: true, nearEnd: false })
  useEffect(() => {
    if (nearEnd && more && !problem) void loadOlder()
  }, [nearEnd, more, problem, loadOlder, entries.length])
  return (
    <>
      <TrafficHead />
      {!loaded ? (
        problem ? (
          <ErrorState title="The changes could not be loaded" problem={problem} onRetry={reload} />
        ) : (
          <SkeletonRows />
        )
      ) : entries.length === 0 ? (
        <EmptyState>No changes yet. What an admin adds, changes or deletes is listed here.</EmptyState>
      ) : (
        <>
          {problem && (
            <p role="alert" className="flex flex-none items-center gap-3 bg-err-soft px-6 py-1.5">
              <span className="min-w-0 flex-1">The changes could not be loaded: {problem.message}</span>
              <Button size="small" onClick={reload}>
                Retry
              </Button>
            </p>
          )}
          <VirtualGrid<ChangeItem>
            label="Changes"
            items={entries.map((entry) => ({ key: entry.id, entry, height: rowHeight }))}
            rowClassName="hover:bg-bg"
            onEnds={setEnds}
            keepsPlace={!atStart}
          >
            {({ entry }) => <ChangeRow entry={entry} />}
          </VirtualGrid>
        </>
      )}
    </>
  )
}

function ChangeRow({ entry }: { entry: AuditEntry }) {
  const now = useNow(30_000)
  const [what, which] = changeWords(entry)
  const refusal = refusalWords(entry.outcome)
  const Icon = refusal === undefined ? CircleCheck : CircleSlash
  const fields = entry.fields.join(', ')
  return (
    <div role="presentation" className={columns}>
      <span role="gridcell" className="truncate text-muted" title={timeWords(entry.at)}>
        {agoWords(entry.at, now)}
      </span>
      <span role="gridcell" className="flex min-w-0 items-baseline gap-2" title={`${what} ${which}`}>
        <span className="flex-none">{what}</span>
        <span className="min-w-0 truncate font-mono text-code">{which}</span>
      </span>
      <span
        role="gridcell"
        className="hidden truncate font-mono text-code text-muted @min-[700px]:block"
        title={fields}
      >
        {fields}
      </span>
      <span
        role="gridcell"
        className={classes('flex min-w-0 items-center gap-1.5', refusal === undefined ? 'text-ok' : 'text-err')}
        title={refusal}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
        <span className="truncate">{refusal === undefined ? 'Done' : `Refused: ${refusal}`}</span>
      </span>
      <span role="gridcell" className="hidden truncate text-muted @min-[700px]:block">
        {actorWords[entry.actor]}
      </span>
    </div>
  )
}
