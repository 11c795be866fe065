import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Bar } from './bar-chart.tsx'

/** One call must not look like a peak. */
const LEAST_TOP = 4

/** Draws bars with uPlot, as wide as there is room. Loaded only where there is a chart: uPlot is larger than a screen. */
export default function Bars({ bars, height }: { bars: readonly Bar[]; height: number }) {
  const room = useRef<HTMLDivElement>(null)
  const totalInk = useRef<HTMLSpanElement>(null)
  const failedInk = useRef<HTMLSpanElement>(null)
  const chart = useRef<uPlot>(undefined)

  useEffect(() => {
    if (!room.current) return
    const drawn = new uPlot(
      {
        width: Math.max(1, room.current.clientWidth),
        height,
        padding: [0, 0, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        // The first and the last bar stand on the edges: half a bar more for each.
        scales: {
          x: { time: false, range: (_plot, min, max) => [min - 0.5, max + 0.5] },
          y: { range: (_plot, _min, max) => [0, Math.max(LEAST_TOP, max)] },
        },
        // Read at every drawing: the theme may have changed.
        series: [{}, barsOf(() => inkOf(totalInk.current)), barsOf(() => inkOf(failedInk.current))],
      },
      [[], [], []],
      room.current,
    )
    chart.current = drawn
    const resized = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0
      if (width > 0) drawn.setSize({ width, height })
    })
    resized.observe(room.current)
    const theme = window.matchMedia('(prefers-color-scheme: dark)')
    const redraw = (): void => drawn.redraw(false)
    theme.addEventListener('change', redraw)
    const chosen = new MutationObserver(redraw)
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      resized.disconnect()
      chosen.disconnect()
      theme.removeEventListener('change', redraw)
      drawn.destroy()
    }
  }, [height])

  useEffect(() => {
    chart.current?.setData([
      bars.map((_, index) => index),
      bars.map(({ total }) => total),
      bars.map(({ failed }) => failed),
    ])
  }, [bars, height])

  return (
    <div ref={room} className="min-w-0 overflow-hidden" style={{ height }}>
      <span ref={totalInk} className="hidden text-accent" />
      <span ref={failedInk} className="hidden text-err" />
    </div>
  )
}

function barsOf(ink: () => string): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.7, 14], align: 0 })
  return { fill: ink, width: 0, points: { show: false }, ...(paths ? { paths } : {}) }
}

/** A canvas knows no variables and no `light-dark()`: an element has to say what they come to. */
function inkOf(element: HTMLElement | null): string {
  return element ? getComputedStyle(element).color : 'transparent'
}
