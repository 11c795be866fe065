/** Where in a text an offset is, as an editor says it: both from 1. A line ends with LF, CR LF or CR. */
function lineColumn(text: string, offset: number): { line: number; column: number } {
  const LINE_END = /\r\n|\n|\r/g
  let line = 1
  let start = 0
  for (let end = LINE_END.exec(text); end !== null && LINE_END.lastIndex <= offset; end = LINE_END.exec(text)) {
    line++
    start = LINE_END.lastIndex
  }
  return { line, column: offset - start + 1 }
}

/** `line 3, column 14`. */
export function placeIn(text: string, offset: number): string {
  const { line, column } = lineColumn(text, offset)
  return `line ${line}, column ${column}`
}
