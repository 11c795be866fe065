import { TARGETS, type TargetName } from './target.ts'

export type Figures = Partial<Record<TargetName, number>>

/** What docs/performance.md promises of a figure. */
export interface Goal {
  words: string
  isMet(figures: Figures): boolean
}

/** Of the gateway's figure to that of a direct connection, or of another target. */
export const ratioAtMost = (most: number, to: TargetName = 'direct-http'): Goal => ({
  words: `≤ ${most}${to === 'direct-http' ? '' : ` × ${to}`}`,
  isMet: (figures) => ratio(figures, to) <= most,
})
export const ratioAtLeast = (least: number): Goal => ({
  words: `≥ ${least}`,
  isMet: (figures) => ratio(figures) >= least,
})
/** Of the gateway's figure itself. */
export const atMost = (most: number, unit: string): Goal => ({
  words: `≤ ${most} ${unit}`,
  isMet: ({ gatehouse = NaN }) => gatehouse <= most,
})

interface Row {
  figure: string
  unit: string
  figures: Figures
  goals: readonly Goal[]
}

/** The table that a run prints. */
export class Table {
  readonly #rows: Row[] = []

  add(figure: string, unit: string, figures: Figures, ...goals: readonly Goal[]): void {
    this.#rows.push({ figure, unit, figures, goals })
  }

  addOfAll(figure: string, unit: string, valueOf: (name: TargetName) => number, ...goals: readonly Goal[]): void {
    this.add(figure, unit, Object.fromEntries(TARGETS.map((name) => [name, valueOf(name)])), ...goals)
  }

  /** As Markdown, to be put into docs/performance.md. */
  print(): void {
    const targets = TARGETS.filter((name) => this.#rows.some(({ figures }) => !Number.isNaN(figures[name] ?? NaN)))
    const header = ['figure', ...targets, 'ratio to direct', 'target', '']
    const lines = this.#rows.map(({ figure, unit, figures, goals }) => [
      `${figure} (${unit})`,
      ...targets.map((name) => short(figures[name])),
      short(ratio(figures), 2),
      goals.map(({ words }) => words).join(', '),
      goals.map((goal) => (goal.isMet(figures) ? 'met' : 'missed')).join(', '),
    ])
    const widths = header.map((_, column) => Math.max(...[header, ...lines].map((line) => line[column]?.length ?? 0)))
    const rule = widths.map((width, column) =>
      column === 0 ? '-'.repeat(width) : `${'-'.repeat(Math.max(0, width - 1))}:`,
    )
    for (const line of [header, rule, ...lines]) {
      const cells = line.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      console.log(`| ${cells.join(' | ')} |`)
    }
  }
}

function ratio({ gatehouse = NaN, ...others }: Figures, to: TargetName = 'direct-http'): number {
  return gatehouse / (others[to as keyof typeof others] ?? NaN)
}

function short(value: number | undefined, digits = 3): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  if (digits === 2) return value.toFixed(2)
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(digits)
}
