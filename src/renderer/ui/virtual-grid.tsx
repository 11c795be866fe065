import { useVirtualizer, defaultRangeExtractor } from '@tanstack/react-virtual'
import {
  useCallback,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
} from 'react'
import { classes } from './classes.ts'
import { focusScreen } from './focus-screen.ts'
import { nextRow } from './next-row.ts'
import { RowSlots } from './row-slots.ts'

export interface GridItem {
  key: string
  /** A heading is a row of the grid that cannot be focused or opened. */
  heading?: boolean
  height: number
  /** Measured after it is drawn: for rows whose text decides their height. `height` is then the guess. */
  measured?: boolean
}

export interface VirtualGridProps<Item extends GridItem> {
  label: string
  items: readonly Item[]
  /** The cells of a row, each with `role="gridcell"`. `active`: this row is the one that Tab reaches. */
  children: (item: Item, active: boolean) => ReactNode
  /** Enter, or a click on the row itself. */
  onOpen?: (item: Item) => void
  /** A click on anything with `data-action`, or Space (`toggle`). */
  onAction?: (item: Item, action: string, element: HTMLElement) => void
  /** ⌫ or Del while a row has the focus. */
  onDelete?: (item: Item) => void
  /** Any other single key while a row has the focus. True: it was used. */
  onKey?: (item: Item, key: string) => boolean
  /** The row that has the focus, in itself or in one of its controls; undefined once the focus leaves the list. */
  onFocused?: (item: Item | undefined) => void
  /** Lets rows be selected: the grid knows the gestures, its owner what is selected. */
  selection?: GridSelection<Item>
  /** Rows that stand below others: a tree grid. */
  tree?: GridTree<Item>
  /** The row whose content is open beside the list. */
  selectedKey?: string | undefined
  /** Rows that come or go above those in view do not move them; the start is then a place like any other. */
  keepsPlace?: boolean
  /** Its rows come later than its screen: then they get the focus that the screen has for them. */
  awaited?: boolean
  /** How far the list is from its ends, whenever that changes: for lists that grow. */
  onEnds?: (ends: GridEnds) => void
  handle?: Ref<GridHandle>
  rowClassName?: string
  className?: string
}

/**
 * Space, ⌘-click and a click on `data-action="select"` toggle a row; Shift with a click or a key that moves extends the
 * selection to where it leads; ⌘A selects all rows, Escape none.
 */
export interface GridSelection<Item> {
  isSelected: (item: Item) => boolean
  onToggle: (item: Item) => void
  /** From the row that had the focus to another. */
  onExtend: (from: Item, to: Item) => void
  onAll: () => void
  onNone: () => void
}

/** Arrow right opens a row that has others below it, arrow left closes it, or leads from one of those to it. */
export interface GridTree<Item> {
  /** 1 at the top. */
  level: (item: Item) => number
  /** Undefined: nothing can stand below it. */
  isOpen: (item: Item) => boolean | undefined
  onOpen: (item: Item, open: boolean) => void
}

/** How near a list is to its ends. */
export interface GridEnds {
  atStart: boolean
  /** Less than two heights of the list are left below. */
  nearEnd: boolean
}

export interface GridHandle {
  scrollToStart: () => void
}

const OVERSCAN = 2
const TEXT_CONTROLS = 'textarea, input:not([type=checkbox], [type=radio]), select'

/**
 * A list of any length as an ARIA grid: only the rows in view exist, plus the active one, so that the focus survives
 * scrolling; while it scrolls their elements are filled anew. One row is reachable by Tab; arrows move it (roving focus). Clicks and keys are handled here once, not per row.
 */
export function VirtualGrid<Item extends GridItem>({
  label,
  items,
  children,
  onOpen,
  onAction,
  onDelete,
  onKey,
  onFocused,
  selection,
  tree,
  selectedKey,
  keepsPlace,
  awaited,
  onEnds,
  handle,
  rowClassName,
  className,
}: VirtualGridProps<Item>) {
  const scroller = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<Place>()
  const [slots] = useState(() => new RowSlots())
  const moveFocusTo = useRef<string>(undefined)
  const hasFocus = useRef(false)
  // What is opened from elsewhere is where one is once it is closed.
  const [seenSelected, setSeenSelected] = useState<string>()
  if (selectedKey !== seenSelected && (!selectedKey || indexOfRow(items, selectedKey) >= 0)) {
    setSeenSelected(selectedKey)
    if (selectedKey) setPlace(placeOf(items, selectedKey))
  }
  const activeKey = place?.key
  const found = indexOfRow(items, activeKey)
  const active = found >= 0 ? found : placeAfterRemoval(items, place)
  const setActiveKey = (key: string): void => setPlace(placeOf(items, key))

  // A row that is measured now is another to the virtualizer, so that no old size is taken for it; React keeps its node.
  // As long as the items stay so does this function: with another one every row would be measured anew, at each frame.
  const getItemKey = useCallback(
    (index: number) => (items[index]?.measured ? `${items[index].key} measured` : (items[index]?.key ?? index)),
    [items],
  )
  // What it returns changes with every scroll: nothing here is memoised on it, so the compiler's doubt is unfounded.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => items[index]?.height ?? 44,
    getItemKey,
    overscan: OVERSCAN,
    ...(keepsPlace ? { anchorTo: 'end' } : {}),
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range)
      if (active < 0 || active >= range.count || indexes.includes(active)) return indexes
      return [...indexes, active].sort((one, other) => one - other)
    },
  })

  useEffect(() => {
    if (moveFocusTo.current === undefined || moveFocusTo.current !== activeKey) return
    moveFocusTo.current = undefined
    rowElement(scroller.current, active)?.focus({ preventScroll: true })
  }, [active, activeKey])

  useImperativeHandle(handle, () => ({ scrollToStart: () => virtualizer.scrollToOffset(0) }), [virtualizer])

  const ends = useRef<GridEnds>(undefined)
  const tellEnds = (): void => {
    const { current: element } = scroller
    if (!onEnds || !element) return
    const left = element.scrollHeight - element.clientHeight - element.scrollTop
    const now = { atStart: element.scrollTop <= 1, nearEnd: left < 2 * element.clientHeight }
    if (now.atStart === ends.current?.atStart && now.nearEnd === ends.current.nearEnd) return
    ends.current = now
    onEnds(now)
  }
  // The list may have grown or shrunk: it has to be measured after every drawing.
  useEffect(tellEnds)

  // The row that had the focus is gone: its element is too, or shows another row by now.
  const followFocus = useEffectEvent(() => {
    const next = items[active]
    if (found >= 0 || !place || !hasFocus.current || !next) return
    moveTo(active)
    onFocused?.(next)
  })
  useEffect(() => followFocus(), [items])

  const shown = virtualizer.getVirtualItems()
  const hasRows = shown.length > 0
  useEffect(() => {
    if (awaited && hasRows && document.activeElement?.matches('main')) focusScreen()
  }, [awaited, hasRows])
  const slotOf = slots.assign(shown.map(({ index }) => items[index]?.key ?? ''))

  const moveTo = (index: number): void => {
    const item = items[index]
    if (!item) return
    moveFocusTo.current = item.key
    virtualizer.scrollToIndex(index, { align: 'auto' })
    if (item.key === activeKey) rowElement(scroller.current, index)?.focus({ preventScroll: true })
    else setActiveKey(item.key)
  }

  /** What an arrow does in a tree: true if it was used. */
  const moveInTree = (item: Item, index: number, opens: boolean): boolean => {
    if (!tree) return false
    const open = tree.isOpen(item)
    if (open === !opens) {
      tree.onOpen(item, opens)
      return true
    }
    if (opens) return false
    const above = items.slice(0, index).findLastIndex((other) => tree.level(other) < tree.level(item))
    if (above < 0) return false
    moveTo(above)
    return true
  }

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target instanceof HTMLElement && event.target.matches(TEXT_CONTROLS)) {
      // Every key is the field's own, but the one that leaves it.
      if (event.key === 'Escape') event.target.closest<HTMLElement>('[data-index]')?.focus()
      return
    }
    if (selection && event.key === 'a' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault()
      selection.onAll()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return
    const row = event.target.closest<HTMLElement>('[data-index]')
    const item = items[Number(row?.dataset.index)]
    if (!row || !item) return
    const onRow = event.target === row
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      event.preventDefault()
      if (onRow && moveInTree(item, Number(row.dataset.index), event.key === 'ArrowRight')) return
      moveInRow(row, event.target, event.key === 'ArrowRight' ? 1 : -1)
      return
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / item.height) - 1)
    const next = nextRow(event.key, active, page, items)
    if (next !== undefined) {
      event.preventDefault()
      const to = items[next]
      if (selection && event.shiftKey && to && !item.heading) selection.onExtend(item, to)
      moveTo(next)
      return
    }
    if (!onRow && !isLetterForRow(event.target, event.key)) return
    const deletes = event.key === 'Backspace' || event.key === 'Delete'
    if (event.key === 'Enter') onOpen?.(item)
    else if (event.key === 'Escape' && selection) selection.onNone()
    else if (event.key === ' ' && selection) selection.onToggle(item)
    else if (event.key === ' ') onAction?.(item, 'toggle', row)
    else if (deletes) onDelete?.(item)
    else if (event.key.length !== 1 || !onKey?.(item, event.key)) return
    event.preventDefault()
  }

  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    if (!(event.target instanceof Element)) return
    const item = items[Number(event.target.closest<HTMLElement>('[data-index]')?.dataset.index)]
    if (!item || item.heading) return
    const control = event.target.closest<HTMLElement>('[data-action]')
    const selects = control ? control.dataset.action === 'select' : event.shiftKey || event.ctrlKey || event.metaKey
    setActiveKey(item.key)
    if (selection && selects) {
      const from = items[active]
      if (event.shiftKey && from) selection.onExtend(from, item)
      else selection.onToggle(item)
      // The browser has taken Shift for the end of a text that is marked.
      if (event.shiftKey) getSelection()?.removeAllRanges()
    } else if (control) onAction?.(item, control.dataset.action ?? '', control)
    else if (!getSelection()?.toString()) onOpen?.(item)
  }

  return (
    <div
      ref={scroller}
      role={tree ? 'treegrid' : 'grid'}
      aria-label={label}
      aria-rowcount={items.length}
      aria-multiselectable={selection ? true : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onScroll={onEnds ? tellEnds : undefined}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (currentTarget.contains(relatedTarget)) return
        hasFocus.current = false
        onFocused?.(undefined)
      }}
      className={classes('@container min-h-0 flex-1 overflow-y-auto', className)}
    >
      <div role="presentation" className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
        {shown.map(({ index, start, size }, place) => {
          const item = items[index]
          if (!item) return null
          return (
            <div
              key={slotOf[place]}
              {...(item.measured ? { ref: virtualizer.measureElement } : {})}
              role="row"
              aria-rowindex={index + 1}
              {...selectedState(item, selection, selectedKey)}
              {...(tree ? { 'aria-level': tree.level(item), 'aria-expanded': tree.isOpen(item) } : {})}
              data-index={index}
              tabIndex={item.heading ? undefined : index === active ? 0 : -1}
              onFocus={
                item.heading
                  ? undefined
                  : () => {
                      hasFocus.current = true
                      setActiveKey(item.key)
                      onFocused?.(item)
                    }
              }
              className={classes(
                'absolute top-0 left-0 w-full',
                // Its size is known, so nothing in it can move anything outside: layout stays in the row.
                !item.measured && 'contain-strict',
                !item.heading && 'focus-visible:-outline-offset-2',
                !item.heading && rowClassName,
              )}
              style={{ transform: `translateY(${start}px)`, ...(item.measured ? {} : { height: size }) }}
            >
              {children(item, index === active)}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** The row that Tab reaches, and the ones beside it: the focus goes to them when it is removed. */
interface Place {
  key: string
  next: string | undefined
  previous: string | undefined
}

function placeOf(items: readonly GridItem[], key: string): Place {
  const index = items.findIndex((item) => item.key === key)
  const after = items.slice(index + 1).find((item) => !item.heading)
  const before = items.slice(0, Math.max(index, 0)).findLast((item) => !item.heading)
  return { key, next: after?.key, previous: before?.key }
}

function placeAfterRemoval(items: readonly GridItem[], place: Place | undefined): number {
  const next = indexOfRow(items, place?.next)
  if (next >= 0) return next
  const previous = indexOfRow(items, place?.previous)
  return previous >= 0 ? previous : items.findIndex((item) => !item.heading)
}

function indexOfRow(items: readonly GridItem[], key: string | undefined): number {
  return key === undefined ? -1 : items.findIndex((item) => item.key === key && !item.heading)
}

function selectedState<Item extends GridItem>(
  item: Item,
  selection: GridSelection<Item> | undefined,
  selectedKey: string | undefined,
): { 'aria-selected'?: boolean } {
  if (item.heading || (!selection && selectedKey === undefined)) return {}
  return { 'aria-selected': selection ? selection.isSelected(item) : item.key === selectedKey }
}

/** A letter means nothing to a button or a checkbox of a row; after a click on one it still means the row. */
function isLetterForRow(target: HTMLElement, key: string): boolean {
  if (key === 'Escape') return true
  return key.length === 1 && key !== ' ' && target.matches('button, a, input[type=checkbox]')
}

function rowElement(scroller: HTMLElement | null, index: number): HTMLElement | null | undefined {
  return scroller?.querySelector<HTMLElement>(`[data-index="${index}"]`)
}

/** Right goes from the row into its controls, left back out of them to the row. */
function moveInRow(row: HTMLElement, from: HTMLElement, by: 1 | -1): void {
  const stops = [row, ...row.querySelectorAll<HTMLElement>('button:not(:disabled), input:not(:disabled), a[href]')]
  stops[stops.indexOf(from) + by]?.focus()
}
