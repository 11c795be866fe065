import { readFileSync, writeFileSync } from 'node:fs'
import type { Rectangle } from 'electron'
import { z } from 'zod'

const MIN = { width: 960, height: 640 }
const DEFAULT = { width: 1180, height: 760 }

const Bounds = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(MIN.width),
  height: z.int().min(MIN.height),
  maximized: z.boolean(),
})
type Bounds = z.infer<typeof Bounds>

/** Where the window was last, kept in one small file of the data folder. */
export class WindowBounds {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  /** The remembered place where it is still on a display (a monitor may be gone since), else the default size. */
  restore(workAreas: Rectangle[]): {
    minWidth: number
    minHeight: number
    width: number
    height: number
    x?: number
    y?: number
    maximized: boolean
  } {
    const least = { minWidth: MIN.width, minHeight: MIN.height }
    const saved = this.#read()
    if (!saved || !workAreas.some((area) => overlaps(saved, area))) return { ...least, ...DEFAULT, maximized: false }
    return { ...least, ...saved }
  }

  save(bounds: Rectangle, maximized: boolean): void {
    try {
      writeFileSync(this.#file, JSON.stringify({ ...bounds, maximized } satisfies Bounds), { mode: 0o600 })
    } catch {
      // A full disk must not keep the window from closing; it opens at the default size then.
    }
  }

  #read(): Bounds | undefined {
    try {
      return Bounds.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
    } catch {
      return undefined
    }
  }
}

/** Enough of the window's upper edge is visible to take hold of it. */
function overlaps(bounds: Rectangle, area: Rectangle): boolean {
  const visibleWidth = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
  return visibleWidth >= 100 && bounds.y >= area.y - 8 && bounds.y < area.y + area.height - 40
}
