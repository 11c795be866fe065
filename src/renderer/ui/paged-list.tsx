import { type ComponentType, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useRowHeight } from '../stores/console.tsx'
import type { ShownPages } from '../stores/use-paged-feed.ts'
import { ListWithPane } from './list-with-pane.tsx'
import { useNow } from './use-now.ts'
import { type GridEnds, type GridHandle, type GridItem, VirtualGrid } from './virtual-grid.tsx'

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
  const known = rows.find(({ id }) => id === open)
  return (
    <ListWithPane
      label={label}
      side="from760"
      older={{ problem: olderProblem, load: () => feed.loadOlder() }}
      pane={open === undefined ? undefined : (close) => pane(open, known, close)}
      onClose={() => onOpen(undefined)}
    >
      {Above && <Above rows={rows} atStart={atStart} held={held} toStart={() => grid.current?.scrollToStart()} />}
      <VirtualGrid<Row<ItemOf<Found>>>
        label={label}
        items={items}
        handle={grid}
        rowClassName="hover:bg-bg aria-selected:bg-accent-soft"
        selectedKey={open ?? ''}
        keepsPlace={held}
        awaited
        onEnds={setEnds}
        onFocused={(focus) => setFocused(focus !== undefined)}
        onOpen={({ item }) => onOpen(item.id)}
      >
        {({ item }) => row(item, now)}
      </VirtualGrid>
    </ListWithPane>
  )
}
