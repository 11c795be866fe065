/** Where in a text an offset is, as an editor says it: both from 1. A line ends with LF, CR LF or CR. */
export function lineColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lines = before.split(/\r\n|\n|\r/)
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

/** `line 3, column 14`. */
export function placeIn(text: string, offset: number): string {
  const { line, column } = lineColumn(text, offset)
  return `line ${line.toLocaleString('en')}, column ${column.toLocaleString('en')}`
}
