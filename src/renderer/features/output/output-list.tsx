import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, CircleEllipsis, Plug, SquareTerminal, type LucideIcon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { clockWords } from '../traffic/call-words.ts'
import type { ShownLine } from './output-lines.ts'

const LINE_HEIGHT = 24
const OVERSCAN = 6
/** So near the end counts as the end: a line more must not let go of it. */
const END_PX = 24

const kinds: Record<ShownLine['kind'], { word: string; icon: LucideIcon; ink: string }> = {
  stderr: { word: 'stderr', icon: SquareTerminal, ink: 'text-muted' },
  event: { word: 'Event', icon: Plug, ink: 'text-info' },
  gap: { word: 'Gap', icon: CircleEllipsis, ink: 'text-warn' },
}

/** Lines of text, as many as there are, of which those in view exist. Follows the end until somebody scrolls up. */
export function OutputList({ label, lines }: { label: string; lines: readonly ShownLine[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised on what it returns
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: OVERSCAN,
    anchorTo: 'end',
    scrollEndThreshold: END_PX,
  })
  useEffect(() => {
    if (following) virtualizer.scrollToEnd()
  }, [virtualizer, following, lines])

  const onScroll = (): void => {
    const { current: element } = scroller
    if (element) setFollowing(element.scrollHeight - element.clientHeight - element.scrollTop <= END_PX)
  }
  return (
    <div className="relative flex min-h-0 flex-1 border-t border-line bg-bg">
      <div
        ref={scroller}
        role="log"
        // A flood would be read aloud for minutes.
        aria-live="off"
        aria-label={label}
        data-pane
        tabIndex={0}
        onScroll={onScroll}
        className="@container min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
      >
        <div className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const line = lines[index]
            return (
              line && (
                <div
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  className="absolute top-0 left-0 w-full"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Line line={line} />
                </div>
              )
            )
          })}
        </div>
      </div>
      {!following && (
        <Button
          look="primary"
          size="small"
          icon={ArrowDown}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-panel shadow-floating"
          onClick={() => {
            setFollowing(true)
            scroller.current?.focus()
          }}
        >
          Jump to end
        </Button>
      )}
    </div>
  )
}

function Line({ line }: { line: ShownLine }) {
  const kind = kinds[line.kind]
  return (
    <div className="grid grid-cols-[92px_20px_minmax(0,1fr)] gap-2 px-6 py-0.5 hover:bg-sunken @min-[600px]:grid-cols-[92px_76px_minmax(0,1fr)]">
      <span className="text-muted tabular-nums select-none">{clockWords(line.at)}</span>
      <span className={classes('flex h-5 items-center gap-1.5 select-none', kind.ink)}>
        <kind.icon size={14} strokeWidth={1.75} aria-hidden className="flex-none" />
        <span className="sr-only @min-[600px]:not-sr-only">{kind.word}</span>
      </span>
      <ForeignText
        className={classes('min-w-0 wrap-anywhere', line.kind === 'stderr' ? 'font-mono text-code' : kind.ink)}
      >
        {line.text}
      </ForeignText>
    </div>
  )
}
