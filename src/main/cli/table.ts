import { stripVTControlCharacters } from 'node:util'

const GAP = '  '
const COLOUR = /(\u001b\[[0-9;]*m)/

/** Columns as wide as their widest cell; lines are cut at `columns` characters where a terminal would wrap them. */
export function table(rows: readonly (readonly string[])[], columns?: number): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, width(cell))))
  return rows.map((row) => cut(line(row, widths), columns)).join('\n')
}

/** The first line of a text: descriptions of tools can be pages long. */
export function firstLine(words: string): string {
  return words.trimStart().split(/\r?\n/, 1)[0] ?? ''
}

function line(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - width(cell)))
  return cells.join(GAP).trimEnd()
}

function cut(words: string, columns: number | undefined): string {
  if (columns === undefined || width(words) <= columns) return words
  let left = columns - 1
  const kept = words.split(COLOUR).map((part) => {
    // Colour takes no room, and what began must end.
    if (part.startsWith('\u001b')) return part
    const fitting = part.slice(0, left)
    left -= fitting.length
    return fitting
  })
  return `${kept.join('')}…`
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length
}
