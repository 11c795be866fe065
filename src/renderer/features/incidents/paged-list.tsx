import { type ComponentType, type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useRowHeight } from '../../stores/console.tsx'
import type { ShownPages } from '../../stores/use-paged-feed.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { focusScreen } from '../../ui/focus-screen.ts'
import { useNow } from '../../ui/use-now.ts'
import { type GridEnds, type GridHandle, type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'

interface AnyPage {
  items: readonly { id: string }[]
  next_cursor: string | null
}
type ItemOf<Found extends AnyPage> = Found['items'][number]

interface Row<Item> extends GridItem {
  item: Item
}

/** What floats over the start of a list knows of where its reader is. */
export interface Above<Item> {
  rows: readonly Item[]
  atStart: boolean
  /** Rows in view stay where they are, whatever comes in above. */
  held: boolean
  toStart: () => void
}

/**
 * A list whose items change and that loads as it is scrolled, and beside it what is open of it. The rows in view stay
 * where the reader looks at them.
 */
export function PagedList<Found extends AnyPage>({
  label,
  shown: { feed, state },
  open,
  onOpen,
  row,
  pane,
  above: Above,
}: {
  label: string
  shown: ShownPages<Found>
  open: string | undefined
  onOpen: (id: string | undefined) => void
  row: (item: ItemOf<Found>, now: number) => ReactNode
  /** `known`: as the list has it, where it does. */
  pane: (id: string, known: ItemOf<Found> | undefined, close: () => void) => ReactNode
  /** Floats over the start of the list. */
  above?: ComponentType<Above<ItemOf<Found>>>
}) {
  const { rows, more, loadingOlder, olderProblem } = state
  const height = useRowHeight()
  const now = useNow(30_000)
  const grid = useRef<GridHandle>(null)
  const [{ atStart, nearEnd }, setEnds] = useState<GridEnds>({ atStart: true, nearEnd: false })
  const [focused, setFocused] = useState(false)
  const held = !atStart || focused || open !== undefined
  useEffect(() => {
    if (nearEnd && more && !loadingOlder && !olderProblem) feed.loadOlder()
  }, [feed, nearEnd, more, rows.length, loadingOlder, olderProblem])
  const items = useMemo(() => rows.map((item): Row<ItemOf<Found>> => ({ key: item.id, item, height })), [rows, height])
  const close = (): void => {
    onOpen(undefined)
    focusScreen()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || open === undefined) return
    event.preventDefault()
    close()
  }
  return (
    <div className="@container flex min-h-0 flex-1 border-t border-line" onKeyDown={onKeyDown}>
      <div
        data-pane
        className={classes('relative flex min-w-0 flex-1 flex-col', open !== undefined && 'hidden @min-[760px]:flex')}
      >
        {Above && <Above rows={rows} atStart={atStart} held={held} toStart={() => grid.current?.scrollToStart()} />}
        <VirtualGrid<Row<ItemOf<Found>>>
          label={label}
          items={items}
          handle={grid}
          rowClassName="hover:bg-bg aria-selected:bg-accent-soft"
          selectedKey={open ?? ''}
          keepsPlace={held}
          onEnds={setEnds}
          onFocused={(focus) => setFocused(focus !== undefined)}
          onOpen={({ item }) => onOpen(item.id)}
        >
          {({ item }) => row(item, now)}
        </VirtualGrid>
        {olderProblem && (
          <p role="alert" className="flex flex-none items-center gap-3 border-t border-line bg-err-soft px-6 py-1.5">
            <span className="min-w-0 flex-1">
              Older {label.toLowerCase()} could not be loaded: {olderProblem.message}
            </span>
            <Button size="small" onClick={() => feed.loadOlder()}>
              Retry
            </Button>
          </p>
        )}
      </div>
      {open !== undefined && (
        <div className="min-w-0 flex-1 border-line @min-[760px]:max-w-150 @min-[760px]:border-l">
          {pane(
            open,
            rows.find(({ id }) => id === open),
            close,
          )}
        </div>
      )}
    </div>
  )
}
