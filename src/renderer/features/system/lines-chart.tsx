import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export interface Line {
  name: string
  /** Seconds since 1970 and value; null: there was none. */
  points: readonly (readonly [number, number | null])[]
}

const HEIGHT = 160
/** Of the theme: what tells lines apart beside their names. */
const INKS = ['text-accent', 'text-info', 'text-warn', 'text-err', 'text-ok', 'text-muted'] as const

/** Draws lines over time with uPlot, as wide as there is room. Loaded only where there is a chart. */
export default function LinesChart({ lines, format }: { lines: readonly Line[]; format: (value: number) => string }) {
  const room = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const box = room.current
    if (box === null) return
    const inkOf = (className: string) => (): string => {
      const element = box.querySelector(`.${className}`)
      return element === null ? 'transparent' : getComputedStyle(element).color
    }
    const muted = inkOf('text-muted')
    const axis = { stroke: muted, grid: { show: false }, ticks: { show: false } }
    const drawn = new uPlot(
      {
        width: Math.max(1, box.clientWidth),
        height: HEIGHT,
        padding: [8, 0, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [axis, { ...axis, size: 64, values: (_plot, values) => values.map((value) => format(value)) }],
        // Read at every drawing: the theme may have changed.
        series: [
          {},
          ...lines.map(({ name }, index) => ({
            label: name,
            stroke: inkOf(INKS[index % INKS.length] ?? INKS[0]),
            width: 1.5,
            points: { show: false },
          })),
        ],
      },
      aligned(lines),
      box,
    )
    const resized = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0
      if (width > 0) drawn.setSize({ width, height: HEIGHT })
    })
    resized.observe(box)
    const chosen = new MutationObserver(() => drawn.redraw(false))
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      resized.disconnect()
      chosen.disconnect()
      drawn.destroy()
    }
  }, [lines, format])

  return (
    <div ref={room} className="min-w-0 overflow-hidden" style={{ height: HEIGHT }}>
      {INKS.map((ink) => (
        <span key={ink} className={`hidden ${ink}`} />
      ))}
    </div>
  )
}

/** All lines over one axis of time. */
function aligned(lines: readonly Line[]): uPlot.AlignedData {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(([time]) => time)))].sort((a, b) => a - b)
  const values = lines.map(({ points }) => {
    const byTime = new Map(points)
    return times.map((time) => byTime.get(time) ?? null)
  })
  return [times, ...values]
}
