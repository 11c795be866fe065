import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { Call } from '../../../shared/contract/calls.ts'
import { useRowHeight } from '../../stores/console.tsx'
import { ToStartButton } from '../../ui/to-start-button.tsx'
import { ListWithPane } from '../../ui/list-with-pane.tsx'
import { type GridEnds, type GridHandle, type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { CallPane } from './call-detail.tsx'
import { CallRow } from './call-row.tsx'
import { dayWords } from './call-words.ts'
import type { ShownFeed } from './use-call-feed.ts'

type Row = GridItem & ({ call: Call } | { call?: undefined; day: string })

const DAY_HEIGHT = 28
/** Somebody who moves the pointer over the rows is about to click one: it must not slip away under them. */
const AIMING_MS = 1_500

/**
 * The calls, and beside them the one that is open. New ones come in at the top only while nobody reads: not after
 * scrolling, not while a row has the focus or is open, not under a moving pointer. Then a button says how many wait.
 */
export function CallList({
  shown: { feed, state },
  paused,
  open,
  onOpen,
  afterNewest,
}: {
  shown: ShownFeed
  paused: boolean
  open: string | undefined
  onOpen: (id: string | undefined) => void
  /** Gets the focus once the newest are shown and the button that did it is gone. */
  afterNewest: RefObject<HTMLElement | null>
}) {
  const { window, loadingOlder, olderProblem } = state
  const rowHeight = useRowHeight()
  const grid = useRef<GridHandle>(null)
  const [ends, setEnds] = useState<GridEnds>({ atStart: true, nearEnd: false })
  const [focused, setFocused] = useState(false)
  const [aiming, aim] = useAiming()
  const held = paused || !ends.atStart || open !== undefined || focused || aiming
  useEffect(() => feed.hold(held), [feed, held])
  useEffect(() => {
    if (ends.nearEnd && window.more && !loadingOlder && !olderProblem) void feed.loadOlder()
  }, [feed, ends.nearEnd, window.more, window.rows.length, loadingOlder, olderProblem])

  const rows = useMemo(() => withDays(window.rows, rowHeight), [window.rows, rowHeight])
  const known = window.rows.find(({ id }) => id === open)
  const waiting = window.gap || window.waitingCount > 0
  return (
    <ListWithPane
      label="Calls"
      side="from660"
      older={{ problem: olderProblem, load: () => void feed.loadOlder() }}
      pane={open === undefined ? undefined : (close) => <CallPane key={open} id={open} known={known} onClose={close} />}
      onClose={() => onOpen(undefined)}
      onPointerMove={(target) => {
        if (target instanceof Element && target.closest('[role=row]')) aim()
      }}
    >
      {waiting && (
        <ToStartButton
          onClick={() => {
            void feed.showNewest()
            grid.current?.scrollToStart()
            afterNewest.current?.focus()
          }}
        >
          {window.waitingCount > 0 ? `${window.waitingCount.toLocaleString('en')} new` : 'Newest calls'}
        </ToStartButton>
      )}
      <VirtualGrid<Row>
        label="Calls"
        items={rows}
        handle={grid}
        rowClassName="hover:bg-bg aria-selected:bg-accent-soft"
        selectedKey={open ?? ''}
        keepsPlace={!ends.atStart}
        onEnds={setEnds}
        onFocused={(row) => setFocused(row !== undefined)}
        onOpen={({ call }) => call && onOpen(call.id)}
      >
        {(row) => (row.call ? <CallRow call={row.call} /> : <DayRow day={row.day} />)}
      </VirtualGrid>
    </ListWithPane>
  )
}

function DayRow({ day }: { day: string }) {
  return (
    <span
      role="rowheader"
      className="flex h-full items-center border-b border-line bg-bg px-6 text-meta font-medium text-muted"
    >
      {day}
    </span>
  )
}

/** The calls of today stand alone; each earlier day has its name over it. */
function withDays(calls: readonly Call[], height: number): Row[] {
  const rows: Row[] = []
  let day = dayWords(new Date().toISOString())
  for (const call of calls) {
    const its = dayWords(call.at)
    if (its !== day) {
      day = its
      rows.push({ key: `day ${day} ${call.id}`, heading: true, height: DAY_HEIGHT, day })
    }
    rows.push({ key: call.id, height, call })
  }
  return rows
}

/** True from a movement of the pointer until it has rested for a moment. */
function useAiming(): [aiming: boolean, aim: () => void] {
  const [aiming, setAiming] = useState(false)
  const timer = useRef<number>(undefined)
  useEffect(() => () => window.clearTimeout(timer.current), [])
  return [
    aiming,
    () => {
      window.clearTimeout(timer.current)
      timer.current = window.setTimeout(() => setAiming(false), AIMING_MS)
      setAiming(true)
    },
  ]
}
