import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { CHART_HEIGHT, LINE_INKS, tickWords } from './chart-look.ts'

export interface Line {
  name: string
  /** Seconds since 1970 and value; null: there was none. */
  points: readonly (readonly [number, number | null])[]
}

/** The time that is shown, from and to, in seconds since 1970: also where there are values of a part of it only. */
export type Span = readonly [from: number, to: number]

interface LinesChartProps {
  lines: readonly Line[]
  span: Span
  format: (value: number) => string
}

/** Where values stand apart, each is a dot as well: the first one of all would not be seen otherwise. */
const DOT_PX = 4

/** Draws lines over time with uPlot, as wide as there is room. Loaded only where there is a chart. */
export default function LinesChart({ lines, span, format }: LinesChartProps) {
  const room = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const box = room.current
    if (box === null) return
    const inkOf = (className: string) => (): string => {
      const element = box.querySelector(`.${className}`)
      return element === null ? 'transparent' : getComputedStyle(element).color
    }
    const muted = inkOf('text-muted')
    const font = `12px ${getComputedStyle(box).fontFamily}`
    const axis = { stroke: muted, font, grid: { show: false }, ticks: { show: false } }
    const drawn = new uPlot(
      {
        width: Math.max(1, box.clientWidth),
        height: CHART_HEIGHT,
        padding: [8, 0, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { range: [...span] } },
        axes: [
          {
            ...axis,
            size: 28,
            space: 64,
            values: (_plot, times, _axis, _space, step) => times.map((time) => tickWords(time, step)),
          },
          { ...axis, size: 64, values: (_plot, values) => values.map((value) => format(value)) },
        ],
        // Read at every drawing: the theme may have changed.
        series: [
          {},
          ...lines.map(({ name }, index) => {
            const ink = inkOf(LINE_INKS[index % LINE_INKS.length] ?? LINE_INKS[0])
            return { label: name, stroke: ink, width: 1.5, points: { size: DOT_PX, width: 0, fill: ink } }
          }),
        ],
      },
      aligned(lines),
      box,
    )
    const resized = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0
      if (width > 0) drawn.setSize({ width, height: CHART_HEIGHT })
    })
    resized.observe(box)
    const chosen = new MutationObserver(() => drawn.redraw(false))
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      resized.disconnect()
      chosen.disconnect()
      drawn.destroy()
    }
  }, [lines, span, format])

  return (
    <div ref={room} className="min-w-0 overflow-hidden" style={{ height: CHART_HEIGHT }}>
      {LINE_INKS.map((ink) => (
        <span key={ink} className={`hidden ${ink}`} />
      ))}
    </div>
  )
}

/** All lines over one axis of time. One without a value at a time of another line goes on; null is a gap. */
function aligned(lines: readonly Line[]): uPlot.AlignedData {
  return uPlot.join(
    lines.map(({ points }): uPlot.AlignedData => [points.map(([time]) => time), points.map(([, value]) => value)]),
  )
}
